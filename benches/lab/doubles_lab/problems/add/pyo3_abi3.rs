use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;

#[pyfunction]
fn add(a: i64, b: i64) -> PyResult<i64> {
    a.checked_add(b).ok_or_else(|| PyOverflowError::new_err("the sum does not fit in 64 bits"))
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::add;
}
