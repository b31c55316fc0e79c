#![allow(clippy::manual_strip)]

use cpython::{PyResult, Python, py_fn, py_module_initializer};

fn number(n: i64) -> i64 {
    if n < 2 { n } else { number(n - 1) + number(n - 2) }
}

fn fibonacci(_py: Python<'_>, n: i64) -> PyResult<i64> {
    Ok(number(n))
}

py_module_initializer!(native, |py, module| {
    module.add(py, "fibonacci", py_fn!(py, fibonacci(n: i64)))?;
    Ok(())
});
