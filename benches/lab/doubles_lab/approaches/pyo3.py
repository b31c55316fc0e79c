"""PyO3, for the version of Python at hand."""

from doubles_lab.approaches.approach import Form, Hint
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
    hints = (
        Hint(
            "take an array by PyReadonlyArray1 of the crate numpy, or by PyBuffer, in place of a list", of=("numbers",)
        ),
        Hint(
            "take the array by PyReadonlyArray of the crate numpy, whose slices the compiler vectorises", of=("array",)
        ),
        Hint("keep names of attributes and keys by intern!", of=("object", "dict")),
        Hint("work on text.as_bytes() where only ASCII matters, and search by the crate memchr", of=("str",)),
        Hint("release the GIL by py.detach where no Python object is touched"),
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
