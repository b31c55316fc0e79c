"""The smallest module through cffi's API mode."""

from _lab_cffi import lib


def count_doubles(val: str) -> int:
    """Counts adjacent equal bytes of a text in UTF-8."""
    data = val.encode()
    return lib.count_doubles(data, len(data))


def fail() -> None:
    lib.fail()
