"""Ways to make a Python function native: how a source file is built and loaded."""
