//! NumPy allocates, by a call of `np.empty`. An array that is not contiguous is copied.
use std::sync::OnceLock;

use cpython::buffer::PyBuffer;
use cpython::{ObjectProtocol, PyErr, PyObject, PyResult, Python, exc, py_fn, py_module_initializer};

static EMPTY: OnceLock<PyObject> = OnceLock::new();

fn cumulative_sum(py: Python<'_>, values: &PyObject) -> PyResult<PyObject> {
    let buffer = PyBuffer::get(py, values)?;
    let wrong = || PyErr::new::<exc::TypeError, _>(py, "the argument must be an array of float64 with one axis");
    let empty = match EMPTY.get() {
        Some(empty) => empty,
        None => {
            let empty = py.import("numpy")?.get(py, "empty")?;
            EMPTY.get_or_init(|| empty)
        }
    };
    let result = empty.call(py, (buffer.item_count(),), None)?;
    let written = PyBuffer::get(py, &result)?;
    let out = written.as_mut_slice::<f64>(py).ok_or_else(wrong)?;
    let mut total = 0.0;
    let mut fill = |items: &mut dyn Iterator<Item = f64>| {
        for (out, item) in out.iter().zip(items) {
            total += item;
            out.set(total);
        }
    };
    match buffer.as_slice::<f64>(py) {
        Some(items) => fill(&mut items.iter().map(|item| item.get())),
        None => fill(&mut buffer.to_vec::<f64>(py).map_err(|_| wrong())?.into_iter()),
    }
    Ok(result)
}

py_module_initializer!(native, |py, module| {
    module.add(py, "cumulative_sum", py_fn!(py, cumulative_sum(values: &PyObject)))?;
    Ok(())
});
