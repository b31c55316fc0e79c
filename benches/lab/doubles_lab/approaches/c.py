"""An extension in C by hand, against Python's C API."""

from doubles_lab.approaches.approach import ExtensionApproach


class C(ExtensionApproach):
    """A module ``native`` with a table of methods, whose entries name the functions."""

    name = "c"
    title = "C by hand"
    language = "C"
    suffixes = (".c",)
    definition = r"^\s*\{\s*\"(?P<name>{}\w*)\"\s*,"
