doubles-lab run bytes_by_path --quick
