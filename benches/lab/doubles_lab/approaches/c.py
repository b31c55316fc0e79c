"""An extension in C by hand, against Python's C API."""

from doubles_lab.approaches.approach import ExtensionApproach, Form
from doubles_lab.approaches.project import ABORTS, SETUPTOOLS, STABLE, Project, step


class C(ExtensionApproach):
    """A module ``native`` with a table of methods, whose entries name the functions."""

    name = "c"
    title = "C by hand"
    language = "C"
    suffixes = (".c",)
    definition = r"^\s*\{\s*\"(?P<name>{}\w*)\"\s*,"
    forms = (Form("objects", "PyObject *"), Form("buffer", "Py_buffer", arrays=True))
    project = Project(title, "c", step("lab_c.c"), tools=(*SETUPTOOLS, "cc"), failure=ABORTS, stable=STABLE)
