"""PyO3, for the version of Python at hand."""

from doubles_lab.approaches.approach import Form
from doubles_lab.approaches.crates import CrateApproach
from doubles_lab.approaches.project import PANICS, RUST_STEP, Project


class PyO3(CrateApproach):
    """A ``#[pymodule] mod native`` with ``#[pyfunction]``."""

    name = "pyo3"
    title = "PyO3"
    manifest = "pyo3"
    definition = r"#\[pyfunction\b[^\]]*\](?:\s*#\[[^\n]*\])*\s*(?:pub\s+)?fn\s+(?P<name>{}\w*)"
    forms = (
        Form("typed", "Rust types"),
        Form("objects", "&Bound<PyList>", collections=True),
        Form("buffer", "PyBuffer", arrays=True),
    )
    project = Project(
        title,
        "pyo3",
        RUST_STEP,
        tools=("maturin", "cargo"),
        failure=PANICS,
        stable={"MATURIN_PEP517_ARGS": "--features abi3"},
        depends_on=("pyo3", "maturin"),
    )
