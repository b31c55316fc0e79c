use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;

#[pyfunction]
fn add(a: i64, b: i64) -> PyResult<i64> {
    a.checked_add(b).ok_or_else(|| PyOverflowError::new_err("the sum does not fit in 64 bits"))
}

/// The interpreter's own addition: nothing is converted, and no int is too large.
#[pyfunction]
fn add_objects<'py>(a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    a.add(b)
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::{add, add_objects};
}
