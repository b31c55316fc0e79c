use pyo3::exceptions::PyZeroDivisionError;
use pyo3::prelude::*;

#[pyfunction]
fn integrate(function: &Bound<'_, PyAny>, steps: i64) -> PyResult<f64> {
    if steps == 0 {
        return Err(PyZeroDivisionError::new_err("division by zero"));
    }
    let width = 1.0 / steps as f64;
    let mut total = 0.0;
    for i in 0..steps {
        total += function.call1(((i as f64 + 0.5) * width,))?.extract::<f64>()?;
    }
    Ok(total * width)
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::integrate;
}
