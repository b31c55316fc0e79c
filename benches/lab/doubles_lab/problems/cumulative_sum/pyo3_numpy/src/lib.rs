use numpy::{IntoPyArray, PyArray1, PyArrayMethods, PyReadonlyArray1};
use pyo3::prelude::*;

/// Rust allocates: the array keeps the vector alive.
#[pyfunction]
fn cumulative_sum<'py>(py: Python<'py>, values: PyReadonlyArray1<'py, f64>) -> Bound<'py, PyArray1<f64>> {
    let mut total = 0.0;
    let sum = |value: &f64| {
        total += value;
        total
    };
    let sums: Vec<f64> = match values.as_slice() {
        Ok(values) => values.iter().map(sum).collect(),
        Err(_) => values.as_array().iter().map(sum).collect(),
    };
    sums.into_pyarray(py)
}

/// NumPy allocates, and Rust fills.
#[pyfunction]
fn cumulative_sum_filled<'py>(py: Python<'py>, values: PyReadonlyArray1<'py, f64>) -> Bound<'py, PyArray1<f64>> {
    let values = values.as_array();
    // SAFETY: the memory is not initialised. Each of its elements is written below, through a raw pointer, before anybody
    // else sees the array; it has as many elements as `values`.
    unsafe {
        let result = PyArray1::<f64>::new(py, values.len(), false);
        let out = result.data();
        let mut total = 0.0;
        for (i, value) in values.iter().enumerate() {
            total += value;
            out.add(i).write(total);
        }
        result
    }
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::{cumulative_sum, cumulative_sum_filled};
}
