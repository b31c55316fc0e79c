#![allow(clippy::manual_strip)]

use cpython::{
    ObjectProtocol, PyBytes, PyErr, PyObject, PyResult, PyString, Python, exc, py_fn, py_module_initializer,
};

type Columns = (Vec<i64>, Vec<PyString>, Vec<f64>);

/// Both sides of the first such byte. Fields are short, so that looking at each byte takes less time than `str::split`.
fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let place = text.bytes().position(|byte| byte == at)?;
    Some((&text[..place], &text[place + 1..]))
}

/// The three fields of a line.
fn fields(line: &str) -> Option<[&str; 3]> {
    let (key, rest) = cut(line, b',')?;
    let (name, price) = cut(rest, b',')?;
    cut(price, b',').is_none().then_some([key, name, price])
}

fn columns(py: Python<'_>, text: &str) -> PyResult<Columns> {
    let wrong = |what: &str| PyErr::new::<exc::ValueError, _>(py, what);
    let (mut keys, mut names, mut prices) = (Vec::new(), Vec::new(), Vec::new());
    for line in text.split('\n').filter(|line| !line.is_empty()) {
        let [key, name, price] = fields(line).ok_or_else(|| wrong("a line has not three fields"))?;
        keys.push(key.parse().map_err(|_| wrong("a key is no number"))?);
        names.push(PyString::new(py, name));
        prices.push(price.parse().map_err(|_| wrong("a price is no number"))?);
    }
    Ok((keys, names, prices))
}

/// Numbers of 8 bytes as a memoryview of a kind, which NumPy takes as an array without a copy.
fn view(py: Python<'_>, bytes: Vec<[u8; 8]>, kind: &str) -> PyResult<PyObject> {
    let bytes = PyBytes::new(py, bytes.as_flattened());
    py.import("builtins")?.call(py, "memoryview", (bytes,), None)?.call_method(py, "cast", (kind,), None)
}

fn parse_columns(py: Python<'_>, text: &str) -> PyResult<(PyObject, Vec<PyString>, PyObject)> {
    let (keys, names, prices) = columns(py, text)?;
    let keys = view(py, keys.into_iter().map(i64::to_ne_bytes).collect(), "q")?;
    Ok((keys, names, view(py, prices.into_iter().map(f64::to_ne_bytes).collect(), "d")?))
}

fn parse_columns_vec(py: Python<'_>, text: &str) -> PyResult<Columns> {
    columns(py, text)
}

py_module_initializer!(native, |py, module| {
    module.add(py, "parse_columns", py_fn!(py, parse_columns(text: &str)))?;
    module.add(py, "parse_columns_vec", py_fn!(py, parse_columns_vec(text: &str)))?;
    Ok(())
});
