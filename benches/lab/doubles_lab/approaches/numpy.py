"""NumPy, in its own words: no loop is compiled."""

from doubles_lab.approaches.approach import Form, PythonApproach
from doubles_lab.approaches.project import PURE, RAISES, SETUPTOOLS, Project, step


class NumPy(PythonApproach):
    """Functions of NumPy, called from Python."""

    name = "numpy"
    title = "NumPy"
    packages = ("numpy",)
    forms = (Form("converted", "np.array(list)"), Form("array", "the array", arrays=True))
    bare = False
    project = Project(
        title,
        "numpy",
        step("lab_numpy.py"),
        tools=(*SETUPTOOLS, "numpy"),
        failure=RAISES,
        no_stable=PURE,
        depends_on=("numpy",),
    )
