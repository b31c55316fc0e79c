"""rust-cpython, as in the article; it is not maintained any more."""

from doubles_lab.approaches.crates import CrateApproach


class RustCPython(CrateApproach):
    """A ``py_module_initializer!(native, …)`` with ``py_fn!``."""

    name = "rust_cpython"
    title = "rust-cpython"
    manifest = "rust_cpython"
    definition = r"py_fn!\(\s*py,\s*(?P<name>{}\w*)"
