"""PyO3 for the stable ABI: one build for many versions of Python."""

from dataclasses import replace

from doubles_lab.approaches.pyo3 import PyO3


class PyO3Abi3(PyO3):
    """As PyO3, with its feature ``abi3``."""

    name = "pyo3_abi3"
    title = "PyO3, abi3"
    options = ("--features", "abi3")
    # Asked for in its environment, it has it from the start.
    project = replace(PyO3.project, name=title, env=PyO3.project.stable or {}, stable={})
