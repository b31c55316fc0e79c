"""Numba, which compiles a function while the program runs: the source decorates what is to be compiled."""

from doubles_lab.approaches.approach import Form, PythonApproach
from doubles_lab.approaches.project import PURE, RAISES_COMPILED, SETUPTOOLS, Project, step


class Numba(PythonApproach):
    """The JIT compiler. What it compiled, ``cache=True`` keeps beside the other builds."""

    name = "numba"
    title = "Numba"
    compiled = True
    packages = ("numba", "llvmlite")
    forms = (Form("typed", "numbers"), Form("array", "the array", arrays=True))
    bare = False
    project = Project(
        title,
        "numba",
        step("lab_numba.py"),
        tools=(*SETUPTOOLS, "numba", "numpy"),
        failure=RAISES_COMPILED,
        no_stable=PURE,
        depends_on=("numba", "numpy"),
    )
