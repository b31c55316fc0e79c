//! [`doubles_core`] for Python through rust-cpython, once for each way to take the argument. The shipped binding is the
//! one that reads a `str` in place.

#![allow(clippy::manual_strip, missing_docs, reason = "in what rust-cpython's macros expand to")]

use std::borrow::Cow;

use cpython::{PyBytes, PyResult, Python, py_fn, py_module_initializer};

fn count_str(_py: Python<'_>, val: &str) -> PyResult<usize> {
    Ok(doubles_core::count_chars(val))
}

fn count_cow(_py: Python<'_>, val: Cow<'_, str>) -> PyResult<usize> {
    Ok(doubles_core::count_chars(&val))
}

fn count_bytes(py: Python<'_>, val: PyBytes) -> PyResult<usize> {
    Ok(doubles_core::count_bytes(val.data(py)))
}

py_module_initializer!(doubles_variants_cpython, |py, module| {
    module.add(py, "__doc__", "doubles-core through rust-cpython, once for each way to take the argument.")?;
    module.add(py, "count_str", py_fn!(py, count_str(val: &str)))?;
    module.add(py, "count_cow", py_fn!(py, count_cow(val: Cow<'_, str>)))?;
    module.add(py, "count_bytes", py_fn!(py, count_bytes(val: PyBytes)))?;
    Ok(())
});
