use pyo3::prelude::*;
use pyo3::types::PyList;

/// The elements are converted into a vector first.
#[pyfunction]
fn sum_floats(values: Vec<f64>) -> f64 {
    values.iter().sum()
}

/// The elements are converted one by one.
#[pyfunction]
fn sum_floats_list(values: &Bound<'_, PyList>) -> PyResult<f64> {
    let mut total = 0.0;
    for value in values {
        total += value.extract::<f64>()?;
    }
    Ok(total)
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::{sum_floats, sum_floats_list};
}
