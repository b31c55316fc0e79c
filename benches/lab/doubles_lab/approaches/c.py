"""An extension in C by hand, against Python's C API."""

from doubles_lab.approaches.approach import ExtensionApproach, Form, Hint
from doubles_lab.approaches.project import ABORTS, SETUPTOOLS, STABLE, Project, step


class C(ExtensionApproach):
    """A module ``native`` with a table of methods, whose entries name the functions."""

    name = "c"
    title = "C by hand"
    language = "C"
    suffixes = (".c",)
    definition = r"^\s*\{\s*\"(?P<name>{}\w*)\"\s*,"
    forms = (Form("objects", "PyObject *"), Form("buffer", "Py_buffer", arrays=True))
    hints = (
        Hint("take an array by the buffer protocol in place of a list", of=("numbers",)),
        Hint("read characters by PyUnicode_READ of PyUnicode_DATA, which copies nothing", of=("str",)),
        Hint("look attributes up by names that PyUnicode_InternFromString made once", of=("object",)),
        Hint("release the GIL by Py_BEGIN_ALLOW_THREADS where no Python object is touched"),
    )
    project = Project(title, "c", step("lab_c.c"), tools=(*SETUPTOOLS, "cc"), failure=ABORTS, stable=STABLE)
