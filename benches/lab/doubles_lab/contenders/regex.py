"""The standard library's regular expressions: the article's pattern, and the best one."""

from __future__ import annotations

import re

from doubles_lab import oracle
from doubles_lab.contender import Contender, Divergence, Unit


def load_article():
    double_re = re.compile(r"(?=(.)\1)")

    def count_doubles_regex(val):
        return len(double_re.findall(val))

    return count_doubles_regex


def load_best():
    # DOTALL lets "." match a newline. Taking the character and looking ahead for its like is no slower
    # than looking ahead for both; matching whole runs takes twice as long, for almost all runs are short.
    find_doubles = re.compile(r"(.)(?=\1)", re.DOTALL).findall

    def count_doubles_regex(val):
        return len(find_doubles(val))

    return count_doubles_regex


def without_newlines(text):
    """The doubles of all characters but the newline."""
    return oracle.count_characters(text) - sum(a == b == "\n" for a, b in zip(text, text[1:]))


CONTENDERS = [
    Contender(
        name="re-article",
        unit=Unit.CHARACTERS,
        load=load_article,
        language="Python",
        binding="re",
        access="the str, in place",
        origin="the article: Bruno Rocha, 2017",
        tags=("article", "re"),
        divergences=(Divergence("`.` does not match a newline", without_newlines),),
    ),
    Contender(
        name="re-best",
        unit=Unit.CHARACTERS,
        load=load_best,
        language="Python",
        binding="re",
        access="the str, in place",
        origin="the article's, with DOTALL and one lookahead less, 2026",
        tags=("best", "re"),
    ),
]
