//! Counts doubles: characters that equal the next one.

use cpython::{PyResult, Python, py_fn, py_module_initializer};

fn count_doubles(_py: Python<'_>, val: &str) -> PyResult<usize> {
    let mut total = 0;
    let mut chars = val.chars();
    if let Some(mut c1) = chars.next() {
        for c2 in chars {
            if c1 == c2 {
                total += 1;
            }
            c1 = c2;
        }
    }
    Ok(total)
}

py_module_initializer!(fast_doubles_cpython, |py, module| {
    module.add(py, "__doc__", "A module that is written in Rust.")?;
    module.add(py, "count_doubles", py_fn!(py, count_doubles(val: &str)))?;
    Ok(())
});
