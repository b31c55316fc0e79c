"""Plain Python, with what comes with it."""

from doubles_lab.approaches.approach import PythonApproach


class Python(PythonApproach):
    """The interpreter itself."""

    name = "python"
    title = "Python"
