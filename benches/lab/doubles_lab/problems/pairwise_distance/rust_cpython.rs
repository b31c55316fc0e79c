//! By the buffer protocol: both arrays are copied, whatever their strides. NumPy allocates the result.
use std::sync::OnceLock;

use cpython::buffer::PyBuffer;
use cpython::{ObjectProtocol, PyErr, PyObject, PyResult, Python, exc, py_fn, py_module_initializer};

static EMPTY: OnceLock<PyObject> = OnceLock::new();

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

fn pairwise_distance(py: Python<'_>, a: &PyObject, b: &PyObject) -> PyResult<PyObject> {
    let wrong = |said| PyErr::new::<exc::ValueError, _>(py, said);
    let (a, b) = (PyBuffer::get(py, a)?, PyBuffer::get(py, b)?);
    let (&[rows, coordinates], &[length, other]) = (a.shape(), b.shape()) else {
        return Err(wrong("the arrays must have two axes"));
    };
    if coordinates != other {
        return Err(wrong("the points must have the same number of coordinates"));
    }
    let (points, others) = (a.to_vec::<f64>(py)?, b.to_vec::<f64>(py)?);
    let out = py.allow_threads(|| {
        let mut out = vec![0.0; rows * length];
        fill(&mut out, &points, &turned(&others, coordinates), length);
        out
    });
    let empty = match EMPTY.get() {
        Some(empty) => empty,
        None => {
            let empty = py.import("numpy")?.get(py, "empty")?;
            EMPTY.get_or_init(|| empty)
        }
    };
    let result = empty.call(py, ((rows, length),), None)?;
    PyBuffer::get(py, &result)?.copy_from_slice(py, &out)?;
    Ok(result)
}

py_module_initializer!(native, |py, module| {
    module.add(py, "pairwise_distance", py_fn!(py, pairwise_distance(a: &PyObject, b: &PyObject)))?;
    Ok(())
});
