"""A laboratory for one question: which way of making a Python function fast pays off?

The words used throughout:

``Problem``
    a function to speed up: its reference in plain Python, its inputs, and what equal results are.
``Implementation``
    one approach applied to a problem: a language, a binding, an algorithm, a way to get at the argument. In a race,
    a contender.
``Unit``
    what an implementation counts, where a problem has several answers: characters, bytes or elements.
``Given``
    an input at one of its sizes, made, with what must come out. In a race, a case.
round
    every contender once, in shuffled order.
``Verdict``
    a contender's place on a case: a median with an interval, and a ratio with an interval.
"""

from __future__ import annotations

from doubles_lab.problem import Call, Input, Problem, Variant, approximately, exact

__all__ = ["Call", "Input", "Problem", "Variant", "__version__", "approximately", "exact"]


def __getattr__(name: str) -> str:
    # Every process of a contender imports this package, and most of its start would be what reads the version.
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("doubles-lab")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "0+unknown"
