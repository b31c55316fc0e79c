"""ctypes, from the standard library: nothing is compiled for Python."""

from doubles_lab.approaches.approach import Form, Hint
from doubles_lab.approaches.project import ABORTS, SETUPTOOLS, Project, step
from doubles_lab.approaches.shared import OverLibrary


class Ctypes(OverLibrary):
    """``ctypes.CDLL(LIBRARY)``."""

    name = "ctypes"
    title = "ctypes"
    forms = (Form("typed", "C types"), Form("pointer", "a pointer", arrays=True))
    bare = False
    hints = (
        Hint("pass an array, whose memory is handed over by its address without a copy", of=("numbers", "array")),
        Hint("do more in each call: a call by ctypes costs most of all, so that cffi in API mode is the next step"),
    )
    project = Project(
        title,
        "ctypes",
        step("count.c"),
        tools=(*SETUPTOOLS, "cc"),
        failure=ABORTS,
        no_stable="the C library knows nothing of Python; setuptools tags its wheel for one version all the same",
    )
