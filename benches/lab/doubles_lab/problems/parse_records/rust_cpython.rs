#![allow(clippy::manual_strip)]

use cpython::{PyErr, PyResult, PyString, Python, exc, py_fn, py_module_initializer};

fn parse_records(py: Python<'_>, text: &str) -> PyResult<Vec<(i64, PyString, f64)>> {
    let wrong = |what: &str| PyErr::new::<exc::ValueError, _>(py, what);
    let mut records = Vec::new();
    for line in text.split('\n').filter(|line| !line.is_empty()) {
        let mut fields = line.split(',');
        let (Some(key), Some(name), Some(price), None) = (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return Err(wrong("a line has not three fields"));
        };
        let key = key.parse().map_err(|_| wrong("a key is no number"))?;
        records.push((key, PyString::new(py, name), price.parse().map_err(|_| wrong("a price is no number"))?));
    }
    Ok(records)
}

py_module_initializer!(native, |py, module| {
    module.add(py, "parse_records", py_fn!(py, parse_records(text: &str)))?;
    Ok(())
});
