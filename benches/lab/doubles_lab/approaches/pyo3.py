"""PyO3, for the version of Python at hand."""

from doubles_lab.approaches.crates import CrateApproach


class PyO3(CrateApproach):
    """A ``#[pymodule] mod native`` with ``#[pyfunction]``."""

    name = "pyo3"
    title = "PyO3"
    manifest = "pyo3"
    definition = r"#\[pyfunction\b[^\]]*\](?:\s*#\[[^\n]*\])*\s*(?:pub\s+)?fn\s+(?P<name>{}\w*)"
