"""NumPy, in its own words: no loop is compiled."""

from doubles_lab.approaches.approach import PythonApproach


class NumPy(PythonApproach):
    """Functions of NumPy, called from Python."""

    name = "numpy"
    title = "NumPy"
    packages = ("numpy",)
