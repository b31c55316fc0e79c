"""rust-cpython, as in the article; it is not maintained any more."""

from doubles_lab.approaches.approach import Form, Hint
from doubles_lab.approaches.crates import CrateApproach
from doubles_lab.approaches.project import PANICS, RUST_STEP, SETUPTOOLS, Project


class RustCPython(CrateApproach):
    """A ``py_module_initializer!(native, …)`` with ``py_fn!``."""

    name = "rust_cpython"
    title = "rust-cpython"
    manifest = "rust_cpython"
    definition = r"py_fn!\(\s*py,\s*(?P<name>{}\w*)"
    forms = (
        Form("typed", "Rust types"),
        Form("objects", "&PyList", collections=True),
    )
    hints = (
        Hint("move to PyO3: rust-cpython is not maintained, and knows no arrays"),
        Hint("release the GIL by py.allow_threads where no Python object is touched"),
    )
    project = Project(
        title,
        "rust-cpython",
        RUST_STEP,
        tools=(*SETUPTOOLS, "setuptools-rust", "cargo"),
        failure=PANICS,
        no_stable="the crate cpython has no feature for it",
        depends_on=("cpython", "setuptools-rust"),
    )
