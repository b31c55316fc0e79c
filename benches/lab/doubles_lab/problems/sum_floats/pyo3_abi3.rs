//! The stable ABI reads neither a list nor a float in place: each element takes two calls.
use pyo3::prelude::*;
use pyo3::types::PyList;

#[pyfunction]
fn sum_floats_vec(values: Vec<f64>) -> f64 {
    values.iter().sum()
}

#[pyfunction]
fn sum_floats_list(values: &Bound<'_, PyList>) -> PyResult<f64> {
    values.iter().map(|value| value.extract::<f64>()).sum()
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::{sum_floats_list, sum_floats_vec};
}
