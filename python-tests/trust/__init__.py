"""The long tests: what takes longer than `make test` may, each a row of one table with its target and what was reached.

`make trust` runs all; `make trust ARGS="fuzz mutants"` those whose name begins so. Every row is a command that can
fail, and its whole output is kept.
"""
