#![allow(clippy::manual_strip)]

use cpython::buffer::PyBuffer;
use cpython::{CompareOp, ObjectProtocol, PyDrop, PyErr, PyList, PyObject, PyResult, PyString, Python};
use cpython::{PythonObject, ToPyObject, exc, py_class, py_fn, py_module_initializer};

py_class!(class Point |py| {
    data x_: f64;
    data y_: f64;
    def __new__(_cls, x: f64, y: f64) -> PyResult<Point> {
        Point::create_instance(py, x, y)
    }
    @property def x(&self) -> PyResult<f64> {
        Ok(*self.x_(py))
    }
    @property def y(&self) -> PyResult<f64> {
        Ok(*self.y_(py))
    }
    def __richcmp__(&self, other: Point, op: CompareOp) -> PyResult<bool> {
        let equal = self.x_(py) == other.x_(py) && self.y_(py) == other.y_(py);
        match op {
            CompareOp::Eq => Ok(equal),
            CompareOp::Ne => Ok(!equal),
            _ => Err(PyErr::new::<exc::TypeError, _>(py, "points have no order")),
        }
    }
});

/// A number that is an attribute. `release_ref` relies on the GIL that is held; a drop would acquire it once more.
fn number(py: Python<'_>, object: &PyObject, name: &PyString) -> PyResult<f64> {
    let value = object.getattr(py, name)?;
    let number = value.extract(py);
    value.release_ref(py);
    number
}

fn total(py: Python<'_>, points: PyList) -> PyResult<f64> {
    let (x_name, y_name) = (PyString::new(py, "x"), PyString::new(py, "y"));
    let mut result = 0.0;
    for point in points.iter(py) {
        result += number(py, &point, &x_name)? * number(py, &point, &y_name)?;
        point.release_ref(py);
    }
    Ok(result)
}

fn total_str(py: Python<'_>, points: PyList) -> PyResult<f64> {
    let mut result = 0.0;
    for point in points.iter(py) {
        let x: f64 = point.getattr(py, "x")?.extract(py)?;
        let y: f64 = point.getattr(py, "y")?.extract(py)?;
        result += x * y;
    }
    Ok(result)
}

fn total_native(py: Python<'_>, points: PyList) -> PyResult<f64> {
    let mut result = 0.0;
    for point in points.iter(py) {
        let point = point.cast_into::<Point>(py)?;
        result += point.x_(py) * point.y_(py);
        point.release_ref(py);
    }
    Ok(result)
}

/// The memory of the array, by the buffer protocol.
fn total_array(py: Python<'_>, points: PyObject) -> PyResult<f64> {
    let buffer = PyBuffer::get(py, &points)?;
    let (&[_, 2], Some(items)) = (buffer.shape(), buffer.as_slice::<f64>(py)) else {
        return Err(PyErr::new::<exc::TypeError, _>(
            py,
            "the points must be the rows of a contiguous array of float64",
        ));
    };
    Ok(items.as_chunks().0.iter().map(|[x, y]| x.get() * y.get()).sum())
}

py_module_initializer!(native, |py, module| {
    module.add_class::<Point>(py)?;
    module.add(py, "total", py_fn!(py, total(points: PyList)))?;
    module.add(py, "total_str", py_fn!(py, total_str(points: PyList)))?;
    module.add(py, "total_array", py_fn!(py, total_array(points: PyObject)))?;
    module.add(py, "total_native", py_fn!(py, total_native(points: PyList)))?;
    Ok(())
});
