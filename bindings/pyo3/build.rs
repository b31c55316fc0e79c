//! Refuses an interpreter that this cannot be built for, and then does what the build scripts of both bindings do.

use pyo3_build_config::PythonImplementation;

mod docstrings;

fn main() {
    let implementation = pyo3_build_config::get().implementation();
    if implementation != PythonImplementation::CPython {
        eprintln!("doubles_pyo3 needs CPython, as whose str it reads text in place, not {implementation}");
        std::process::exit(1);
    }
    docstrings::main();
    // A link: a source distribution has the directory `python` elsewhere.
    docstrings::write("columns.pyi", "column_doc");
}
