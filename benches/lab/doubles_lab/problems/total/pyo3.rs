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

#[pyfunction]
fn total_native(points: &Bound<'_, PyList>) -> PyResult<f64> {
    let mut result = 0.0;
    for point in points {
        let point = point.cast::<Point>()?.get();
        result += point.x * point.y;
    }
    Ok(result)
}

#[pyfunction]
fn total_vec_native(points: Vec<PyRef<'_, Point>>) -> f64 {
    points.iter().map(|point| point.x * point.y).sum()
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::{Point, total, total_native, total_vec, total_vec_native};
}
