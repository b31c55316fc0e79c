//! Functions that give 0, through rust-cpython, so that the parts of a call can be told apart: the call itself, handing
//! over an argument, and taking a `&str` out of it.
//!
//! The sibling `doubles_empty_pyo3` has the same functions.

#![allow(clippy::manual_strip, missing_docs, reason = "in what rust-cpython's macros expand to")]

use cpython::{PyObject, PyResult, Python, py_fn, py_module_initializer};

/// 0: what a call without an argument costs.
fn empty(_py: Python<'_>) -> PyResult<usize> {
    Ok(0)
}

/// 0 for any object: what an argument costs that is not looked at.
fn empty_any(_py: Python<'_>, _val: &PyObject) -> PyResult<usize> {
    Ok(0)
}

/// 0 for any `str` that has UTF-8: what an argument costs as a `&str`.
fn empty_str(_py: Python<'_>, _val: &str) -> PyResult<usize> {
    Ok(0)
}

py_module_initializer!(doubles_empty_cpython, |py, module| {
    module.add(py, "empty", py_fn!(py, empty()))?;
    module.add(py, "empty_any", py_fn!(py, empty_any(val: &PyObject)))?;
    module.add(py, "empty_str", py_fn!(py, empty_str(val: &str)))
});
