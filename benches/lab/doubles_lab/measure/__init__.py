"""Runs and times functions, each in a process of its own: the only code of the lab that reads a clock."""
