#![allow(clippy::manual_strip)]

use cpython::{ObjectProtocol, PyDrop, PyErr, PyObject, PyResult, Python, exc, py_fn, py_module_initializer};

fn integrate(py: Python<'_>, function: PyObject, steps: i64) -> PyResult<f64> {
    if steps == 0 {
        return Err(PyErr::new::<exc::ZeroDivisionError, _>(py, "division by zero"));
    }
    let width = 1.0 / steps as f64;
    let mut total = 0.0;
    for i in 0..steps {
        let value = function.call(py, ((i as f64 + 0.5) * width,), None)?;
        let number: PyResult<f64> = value.extract(py);
        value.release_ref(py); // a drop would acquire the GIL once more
        total += number?;
    }
    Ok(total * width)
}

py_module_initializer!(native, |py, module| {
    module.add(py, "integrate", py_fn!(py, integrate(function: PyObject, steps: i64)))?;
    Ok(())
});
