#![allow(clippy::manual_strip)]

use cpython::{PyErr, PyResult, Python, exc, py_fn, py_module_initializer};

fn add(py: Python<'_>, a: i64, b: i64) -> PyResult<i64> {
    a.checked_add(b).ok_or_else(|| PyErr::new::<exc::OverflowError, _>(py, "the sum does not fit in 64 bits"))
}

py_module_initializer!(native, |py, module| {
    module.add(py, "add", py_fn!(py, add(a: i64, b: i64)))?;
    Ok(())
});
