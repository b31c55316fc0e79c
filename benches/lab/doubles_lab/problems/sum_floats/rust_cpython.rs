use cpython::buffer::PyBuffer;
use cpython::{FromPyObject, PyDrop, PyErr, PyList, PyObject, PyResult, Python, exc, py_fn, py_module_initializer};

/// The elements are converted into a vector first.
fn sum_floats_vec(_py: Python<'_>, values: Vec<f64>) -> PyResult<f64> {
    Ok(values.iter().sum())
}

/// Each element is released by `release_ref`, which relies on the GIL that is held.
fn sum_floats(py: Python<'_>, values: &PyList) -> PyResult<f64> {
    let mut total = 0.0;
    for value in values.iter(py) {
        let number = f64::extract(py, &value);
        value.release_ref(py);
        total += number?;
    }
    Ok(total)
}

/// Each element is dropped, which acquires the GIL once more.
fn sum_floats_list(py: Python<'_>, values: &PyList) -> PyResult<f64> {
    values.iter(py).map(|value| f64::extract(py, &value)).sum()
}

/// The memory of the array, by the buffer protocol; several sums at once, of which no addition waits for another one.
fn sum_floats_array(py: Python<'_>, values: &PyObject) -> PyResult<f64> {
    let buffer = PyBuffer::get(py, values)?;
    let items = buffer
        .as_slice::<f64>(py)
        .ok_or_else(|| PyErr::new::<exc::TypeError, _>(py, "the argument must be a contiguous array of float64"))?;
    let (groups, rest) = items.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for group in groups {
        for (sum, item) in sums.iter_mut().zip(group) {
            *sum += item.get();
        }
    }
    Ok(sums.iter().sum::<f64>() + rest.iter().map(|item| item.get()).sum::<f64>())
}

py_module_initializer!(native, |py, module| {
    module.add(py, "sum_floats_vec", py_fn!(py, sum_floats_vec(values: Vec<f64>)))?;
    module.add(py, "sum_floats", py_fn!(py, sum_floats(values: &PyList)))?;
    module.add(py, "sum_floats_list", py_fn!(py, sum_floats_list(values: &PyList)))?;
    module.add(py, "sum_floats_array", py_fn!(py, sum_floats_array(values: &PyObject)))?;
    Ok(())
});
