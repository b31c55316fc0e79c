"""Numba, which compiles a function while the program runs: the source decorates what is to be compiled."""

from doubles_lab.approaches.approach import Form, Hint, PythonApproach
from doubles_lab.approaches.project import PURE, RAISES_COMPILED, SETUPTOOLS, Project, step


class Numba(PythonApproach):
    """The JIT compiler. What it compiled, ``cache=True`` keeps beside the other builds."""

    name = "numba"
    title = "Numba"
    compiled = True
    packages = ("numba", "llvmlite")
    forms = (Form("typed", "numbers"), Form("array", "the array", arrays=True))
    bare = False
    hints = (
        Hint("pass an array that is there already: a list is converted at each call", of=("numbers",)),
        Hint("leave out boundscheck once every index is known to be in range", of=("numbers", "array")),
        Hint("use parallel=True with prange for independent turns of a loop"),
        Hint("set fastmath=True where the order of sums may change", of=("numbers", "array", "float")),
        Hint("release the GIL by nogil=True"),
    )
    project = Project(
        title,
        "numba",
        step("lab_numba.py"),
        tools=(*SETUPTOOLS, "numba", "numpy"),
        failure=RAISES_COMPILED,
        no_stable=PURE,
        depends_on=("numba", "numpy"),
    )
