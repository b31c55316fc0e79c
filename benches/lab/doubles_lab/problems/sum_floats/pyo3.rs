use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyList;

/// The elements are converted into a vector first.
#[pyfunction]
fn sum_floats_vec(values: Vec<f64>) -> f64 {
    values.iter().sum()
}

/// The elements are converted one by one.
#[pyfunction]
fn sum_floats_list(values: &Bound<'_, PyList>) -> PyResult<f64> {
    values.iter().map(|value| value.extract::<f64>()).sum()
}

/// The sum of numbers, in chunks. Making a number may call Python, which may use all registers of floats: a sum in the
/// same loop would be written to memory, and read again, for each number.
fn sum(mut numbers: impl Iterator<Item = PyResult<f64>>) -> PyResult<f64> {
    let mut chunk = [0.0; 64];
    let mut total = 0.0;
    loop {
        let mut count = 0;
        for (place, number) in chunk.iter_mut().zip(&mut numbers) {
            *place = number?;
            count += 1;
        }
        if count == 0 {
            return Ok(total);
        }
        total = chunk[..count].iter().fold(total, |total, number| total + number);
    }
}

/// The same in two steps, for 64 elements at a time.
#[pyfunction]
fn sum_floats(values: &Bound<'_, PyList>) -> PyResult<f64> {
    sum(values.iter().map(|value| value.extract()))
}

/// The memory of the array, by the buffer protocol; several sums at once, of which no addition waits for another one.
#[pyfunction]
fn sum_floats_array(py: Python<'_>, values: PyBuffer<f64>) -> PyResult<f64> {
    let items = values.as_slice(py).ok_or_else(|| PyTypeError::new_err("the array is not contiguous"))?;
    let (groups, rest) = items.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for group in groups {
        for (sum, item) in sums.iter_mut().zip(group) {
            *sum += item.get();
        }
    }
    Ok(sums.iter().sum::<f64>() + rest.iter().map(|item| item.get()).sum::<f64>())
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::{sum_floats, sum_floats_array, sum_floats_list, sum_floats_vec};
}
