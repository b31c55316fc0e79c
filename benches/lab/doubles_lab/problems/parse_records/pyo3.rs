use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt, PyList, PyString};

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

fn rows(text: &str) -> impl Iterator<Item = PyResult<[&str; 3]>> {
    text.split('\n')
        .filter(|line| !line.is_empty())
        .map(|line| fields(line).ok_or_else(|| PyValueError::new_err("a line has not three fields")))
}

/// What Rust does not take for a number is left to `int` and `float`.
#[pyfunction]
fn parse_records<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyList>> {
    let records = PyList::empty(py);
    for row in rows(text) {
        let [key, name, price] = row?;
        let key = match key.parse::<i64>() {
            Ok(key) => PyInt::new(py, key).into_any(),
            Err(_) => py.get_type::<PyInt>().call1((key,))?,
        };
        let price = match price.parse::<f64>() {
            Ok(price) => PyFloat::new(py, price).into_any(),
            Err(_) => py.get_type::<PyFloat>().call1((price,))?,
        };
        records.append((key, PyString::new(py, name), price))?;
    }
    Ok(records)
}

/// Of Rust alone, which PyO3 converts.
#[pyfunction]
fn parse_records_vec(text: &str) -> PyResult<Vec<(i64, &str, f64)>> {
    rows(text).map(|row| row.and_then(|[key, name, price]| Ok((key.parse()?, name, price.parse()?)))).collect()
}

#[pyfunction]
fn parse_records_string(text: &str) -> PyResult<Vec<(i64, String, f64)>> {
    rows(text)
        .map(|row| row.and_then(|[key, name, price]| Ok((key.parse()?, name.to_owned(), price.parse()?))))
        .collect()
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::{parse_records, parse_records_string, parse_records_vec};
}
