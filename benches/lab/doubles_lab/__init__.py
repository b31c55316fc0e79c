"""A laboratory for one question: which way of making a Python function fast pays off?

The function counts *doubles*: positions ``i`` with ``val[i] == val[i + 1]``. The words used throughout:

``Contender``
    one approach to it: a language, a binding, an algorithm, a way to get at the string.
``Unit``
    what a contender counts: characters, bytes or elements.
``Case``
    one input, with the count that each unit must give.
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
