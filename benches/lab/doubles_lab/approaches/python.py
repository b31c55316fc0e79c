"""Plain Python, with what comes with it."""

from doubles_lab.approaches.approach import Hint, PythonApproach
from doubles_lab.approaches.project import PURE, RAISES, SETUPTOOLS, Project, step


class Python(PythonApproach):
    """The interpreter itself."""

    name = "python"
    title = "Python"
    hints = (
        Hint(
            "use what is written in C already: sum, str methods, collections.Counter, comprehensions in place of loops"
        ),
        Hint("pass an array and compute with NumPy", of=("numbers",)),
    )
    project = Project("pure Python", "python", step("lab_python.py"), tools=SETUPTOOLS, failure=RAISES, no_stable=PURE)
