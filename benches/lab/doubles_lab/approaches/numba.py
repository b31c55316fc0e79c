"""Numba, which compiles a function while the program runs: the source decorates what is to be compiled."""

from doubles_lab.approaches.approach import PythonApproach


class Numba(PythonApproach):
    """The JIT compiler. What it compiled, ``cache=True`` keeps beside the other builds."""

    name = "numba"
    title = "Numba"
    compiled = True
    packages = ("numba", "llvmlite")
