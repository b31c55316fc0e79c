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

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("doubles-lab")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
