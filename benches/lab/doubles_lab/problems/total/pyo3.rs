use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyList;

/// Nobody can change it, so that reading it needs no check for that.
#[pyclass(frozen, eq)]
#[derive(PartialEq)]
struct Point {
    #[pyo3(get)]
    x: f64,
    #[pyo3(get)]
    y: f64,
}

#[pymethods]
impl Point {
    #[new]
    fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

#[pyfunction]
fn total(points: &Bound<'_, PyList>) -> PyResult<f64> {
    let py = points.py();
    let mut result = 0.0;
    for point in points {
        let x: f64 = point.getattr(intern!(py, "x"))?.extract()?;
        let y: f64 = point.getattr(intern!(py, "y"))?.extract()?;
        result += x * y;
    }
    Ok(result)
}

/// What PyO3 makes of the attributes of any object.
#[derive(FromPyObject)]
struct AnyPoint {
    x: f64,
    y: f64,
}

#[pyfunction]
fn total_vec(points: Vec<AnyPoint>) -> f64 {
    points.iter().map(|point| point.x * point.y).sum()
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

#[pyfunction]
fn total_native(points: &Bound<'_, PyList>) -> PyResult<f64> {
    sum(points.iter().map(|point| {
        let point = point.cast::<Point>()?.get();
        Ok(point.x * point.y)
    }))
}

#[pyfunction]
fn total_vec_native(points: Vec<PyRef<'_, Point>>) -> f64 {
    points.iter().map(|point| point.x * point.y).sum()
}

/// The memory of the array, by the buffer protocol.
#[pyfunction]
fn total_array(py: Python<'_>, points: PyBuffer<f64>) -> PyResult<f64> {
    let (&[_, 2], Some(items)) = (points.shape(), points.as_slice(py)) else {
        return Err(PyTypeError::new_err("the points must be the rows of a contiguous array"));
    };
    Ok(items.as_chunks().0.iter().map(|[x, y]| x.get() * y.get()).sum())
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::{Point, total, total_array, total_native, total_vec, total_vec_native};
}
