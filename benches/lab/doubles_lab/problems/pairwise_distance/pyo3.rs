//! PyO3 alone, by the buffer protocol: both arrays are copied, whatever their strides, and the result is as well.
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

static EMPTY: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// The inner loop takes several points at once, coordinate by coordinate: `columns` has a row for each coordinate.
fn fill(out: &mut [f64], points: &[f64], columns: &[f64], length: usize) {
    let coordinates = columns.len() / length.max(1);
    for (i, row) in out.chunks_exact_mut(length.max(1)).enumerate() {
        let point = &points[i * coordinates..][..coordinates];
        for (mine, others) in point.iter().zip(columns.chunks_exact(length)) {
            for (sum, other) in row.iter_mut().zip(others) {
                *sum += (mine - other) * (mine - other);
            }
        }
        row.iter_mut().for_each(|sum| *sum = sum.sqrt());
    }
}

/// A row for each coordinate, of points in rows.
fn turned(points: &[f64], coordinates: usize) -> Vec<f64> {
    (0..coordinates).flat_map(|k| points.iter().skip(k).step_by(coordinates).copied()).collect()
}

#[pyfunction]
fn pairwise_distance<'py>(py: Python<'py>, a: PyBuffer<f64>, b: PyBuffer<f64>) -> PyResult<Bound<'py, PyAny>> {
    let (&[rows, coordinates], &[length, other]) = (a.shape(), b.shape()) else {
        return Err(PyValueError::new_err("the arrays must have two axes"));
    };
    if coordinates != other {
        return Err(PyValueError::new_err("the points must have the same number of coordinates"));
    }
    let (points, others) = (a.to_vec(py)?, b.to_vec(py)?);
    let out = py.detach(|| {
        let mut out = vec![0.0; rows * length];
        fill(&mut out, &points, &turned(&others, coordinates), length);
        out
    });
    let result = EMPTY.import(py, "numpy", "empty")?.call1(((rows, length),))?;
    PyBuffer::<f64>::get(&result)?.copy_from_slice(py, &out)?;
    Ok(result)
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::pairwise_distance;
}
