"""The rows, a file a subject. A file declares ``CHECKS``."""
