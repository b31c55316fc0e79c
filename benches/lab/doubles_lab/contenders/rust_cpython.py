"""Rust through rust-cpython, as in the article."""

from doubles_lab.approaches import rust

CONTENDERS = rust.contenders("rust-cpython", "doubles_cpython", "doubles-cpython", "rust-cpython", "UnicodeEncodeError")
