"""The checks: a file for each part, which names them in ``CHECKS``."""
