"""C through SWIG: the article's loop, which ends at a NUL, and one that is told the length."""

from __future__ import annotations

from doubles_lab import oracle
from doubles_lab.contender import Contender, Divergence, Unit, raises_on_lone_surrogates
from doubles_lab.contenders._sources import loader

# The article's, which the source files ask for.
FLAGS = "-O3 -march=native"


def until_nul(text):
    """The doubles of the bytes before the first NUL."""
    return oracle.count_bytes(text.partition("\0")[0])


def _contender(name, file, origin, *tags, divergences=()):
    return Contender(
        name=name,
        unit=Unit.BYTES,
        load=loader(file),
        language="C",
        binding="SWIG",
        access="char * (UTF-8 conversion)",
        origin=origin,
        tags=("swig", "c", *tags),
        compiled=True,
        flags=FLAGS,
        packages=("swig", "setuptools"),
        divergences=(raises_on_lone_surrogates("TypeError"), *divergences),
    )


CONTENDERS = [
    _contender(
        "c-swig",
        "swig_article.i",
        "the article: martinxyz, 2017",
        "article",
        divergences=(Divergence("a NUL ends the string", until_nul),),
    ),
    _contender("c-swig-length", "swig_length.i", "the article's, told the length, in blocks, 2026", "best"),
]
