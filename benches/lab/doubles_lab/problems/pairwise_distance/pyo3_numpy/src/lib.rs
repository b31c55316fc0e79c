use numpy::ndarray::Array2;
use numpy::{IntoPyArray, PyArray2, PyReadonlyArray2};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

fn check(one: usize, other: usize) -> PyResult<()> {
    if one == other {
        Ok(())
    } else {
        Err(PyValueError::new_err("the points must have the same number of coordinates"))
    }
}

/// The loop over rows of any strides.
#[pyfunction]
fn pairwise_distance_view<'py>(
    py: Python<'py>,
    a: PyReadonlyArray2<'py, f64>,
    b: PyReadonlyArray2<'py, f64>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let (points, others) = (a.as_array(), b.as_array());
    check(points.ncols(), others.ncols())?;
    let result = py.detach(|| {
        Array2::from_shape_fn((points.nrows(), others.nrows()), |(i, j)| {
            let pairs = points.row(i).into_iter().zip(others.row(j));
            pairs.map(|(mine, other)| (mine - other) * (mine - other)).sum::<f64>().sqrt()
        })
    });
    Ok(result.into_pyarray(py))
}

/// The inner loop takes several points at once, coordinate by coordinate.
#[pyfunction]
fn pairwise_distance<'py>(
    py: Python<'py>,
    a: PyReadonlyArray2<'py, f64>,
    b: PyReadonlyArray2<'py, f64>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let (points, others) = (a.as_array(), b.as_array());
    check(points.ncols(), others.ncols())?;
    let result = py.detach(|| {
        let columns = others.t().as_standard_layout().into_owned();
        let mut result = Array2::zeros((points.nrows(), others.nrows()));
        for (mut row, point) in result.rows_mut().into_iter().zip(points.rows()) {
            for (mine, others) in point.into_iter().zip(columns.rows()) {
                row.zip_mut_with(&others, |sum, other| *sum += (mine - other) * (mine - other));
            }
            row.mapv_inplace(f64::sqrt);
        }
        result
    });
    Ok(result.into_pyarray(py))
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::{pairwise_distance, pairwise_distance_view};
}
