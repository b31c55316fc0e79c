doubles-lab verify bytes_by_path
