//! Functions that give 0, through PyO3, so that the parts of a call can be told apart: the call itself, handing over an
//! argument, and taking a `&str` out of it.
//!
//! The sibling `doubles_empty_cpython` has the same functions.

use pyo3::prelude::*;

/// 0: what a call without an argument costs.
#[pyfunction]
fn empty() -> usize {
    0
}

/// 0 for any object: what an argument costs that is not looked at.
#[pyfunction]
fn empty_any(_val: &Bound<'_, PyAny>) -> usize {
    0
}

/// 0 for any `str` that has UTF-8: what an argument costs as a `&str`.
#[pyfunction]
fn empty_str(_val: &str) -> usize {
    0
}

/// The functions.
#[pymodule(gil_used = true)]
fn doubles_empty_pyo3(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(empty, module)?)?;
    module.add_function(wrap_pyfunction!(empty_any, module)?)?;
    module.add_function(wrap_pyfunction!(empty_str, module)?)
}
