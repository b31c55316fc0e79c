"""Plain Python, with what comes with it."""

from doubles_lab.approaches.approach import PythonApproach
from doubles_lab.approaches.project import PURE, RAISES, SETUPTOOLS, Project, step


class Python(PythonApproach):
    """The interpreter itself."""

    name = "python"
    title = "Python"
    project = Project("pure Python", "python", step("lab_python.py"), tools=SETUPTOOLS, failure=RAISES, no_stable=PURE)
