//! The smallest module through rust-cpython.

use cpython::{PyResult, Python, py_fn, py_module_initializer};

const STEP: usize = 1;

/// Counts adjacent equal bytes of a text in UTF-8.
fn count_doubles(_py: Python<'_>, val: &str) -> PyResult<usize> {
    Ok(val.as_bytes().windows(2).filter(|pair| pair[0] == pair[1]).count() * STEP)
}

fn fail(_py: Python<'_>) -> PyResult<usize> {
    panic!("planted");
}

py_module_initializer!(lab_rust_cpython, |py, module| {
    module.add(py, "count_doubles", py_fn!(py, count_doubles(val: &str)))?;
    module.add(py, "fail", py_fn!(py, fail()))?;
    Ok(())
});
