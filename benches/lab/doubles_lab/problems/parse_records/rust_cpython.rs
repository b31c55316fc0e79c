#![allow(clippy::manual_strip)]

use cpython::{PyErr, PyResult, PyString, Python, exc, py_fn, py_module_initializer};

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

fn parse_records(py: Python<'_>, text: &str) -> PyResult<Vec<(i64, PyString, f64)>> {
    let wrong = |what: &str| PyErr::new::<exc::ValueError, _>(py, what);
    let mut records = Vec::new();
    for line in text.split('\n').filter(|line| !line.is_empty()) {
        let [key, name, price] = fields(line).ok_or_else(|| wrong("a line has not three fields"))?;
        let key = key.parse().map_err(|_| wrong("a key is no number"))?;
        records.push((key, PyString::new(py, name), price.parse().map_err(|_| wrong("a price is no number"))?));
    }
    Ok(records)
}

py_module_initializer!(native, |py, module| {
    module.add(py, "parse_records", py_fn!(py, parse_records(text: &str)))?;
    Ok(())
});
