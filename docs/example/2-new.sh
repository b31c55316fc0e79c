doubles-lab new bytes_by_path --from logs:bytes_by_path --example logs:lines --approach cython --approach pyo3
