//! PyO3 alone, by the buffer protocol: NumPy allocates, by a call of `np.empty`. An array that is not contiguous is
//! copied.
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

static EMPTY: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

#[pyfunction]
fn cumulative_sum<'py>(py: Python<'py>, values: PyBuffer<f64>) -> PyResult<Bound<'py, PyAny>> {
    let result = EMPTY.import(py, "numpy", "empty")?.call1((values.item_count(),))?;
    let buffer = PyBuffer::<f64>::get(&result)?;
    let out = buffer.as_mut_slice(py).ok_or_else(|| PyTypeError::new_err("np.empty gave no array to write to"))?;
    let mut total = 0.0;
    let mut fill = |items: &mut dyn Iterator<Item = f64>| {
        for (out, item) in out.iter().zip(items) {
            total += item;
            out.set(total);
        }
    };
    match values.as_slice(py) {
        Some(items) => fill(&mut items.iter().map(|item| item.get())),
        None => fill(&mut values.to_vec(py)?.into_iter()),
    }
    Ok(result)
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::cumulative_sum;
}
