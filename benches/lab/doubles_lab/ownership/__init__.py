"""What an approach costs besides time per call: builds, sizes, Pythons, errors, upkeep."""
