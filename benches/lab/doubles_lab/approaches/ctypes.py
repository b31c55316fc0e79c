"""ctypes, from the standard library: nothing is compiled for Python."""

from doubles_lab.approaches.shared import OverLibrary


class Ctypes(OverLibrary):
    """``ctypes.CDLL(LIBRARY)``."""

    name = "ctypes"
    title = "ctypes"
