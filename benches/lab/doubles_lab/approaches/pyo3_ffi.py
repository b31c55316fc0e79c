"""Python's C API by hand, in Rust: pyo3-ffi declares it."""

from doubles_lab.approaches.crates import CrateApproach


class PyO3Ffi(CrateApproach):
    """A ``PyInit_native`` with a table of methods, whose names are C strings."""

    name = "pyo3_ffi"
    title = "pyo3-ffi"
    manifest = "pyo3_ffi"
    definition = r"c\"(?P<name>{}\w*)\""
