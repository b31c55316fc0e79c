"""Rust through PyO3."""

from doubles_lab.approaches import rust

CONTENDERS = rust.contenders("pyo3", "doubles_pyo3", "doubles-pyo3", "PyO3", "UnicodeEncodeError")
