doubles-lab ceiling logs:bytes_by_path --example logs:lines
