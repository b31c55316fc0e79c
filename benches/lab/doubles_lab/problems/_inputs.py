"""Texts that several problems are about, from those of ``count_doubles``."""

from __future__ import annotations

from doubles_lab.problems.count_doubles.inputs import HOSTILE, INPUTS


def text(name: str) -> str:
    """The input of ``count_doubles`` with that name."""
    made: str = next(each for each in INPUTS if each.name == name).make()
    return made


def letters() -> str:
    """A million random letters."""
    return text("article")


def dna() -> str:
    """A million random bases: a quarter of them doubles."""
    return text("dna")


def log() -> str:
    """40,000 lines of a log, one in six blank."""
    return text("log")


def no_doubles() -> str:
    """A million letters and not one double."""
    return text("no-doubles")


EDGE_CASES: dict[str, str] = {
    **{each.name: each.make() for each in HOSTILE},
    "different": "xy",
    "all-equal": "a" * 300,
    "runs": "aabccc",
    "bases": "GATTACAAA",
    "blank-lines": "x\n\n\ny//z  .",
}
