use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt, PyList, PyString, PyTuple};

fn rows(text: &str) -> impl Iterator<Item = PyResult<[&str; 3]>> {
    text.split('\n').filter(|line| !line.is_empty()).map(|line| {
        let mut fields = line.split(',');
        match (fields.next(), fields.next(), fields.next(), fields.next()) {
            (Some(key), Some(name), Some(price), None) => Ok([key, name, price]),
            _ => Err(PyValueError::new_err("a line has not three fields")),
        }
    })
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
        records.append(PyTuple::new(py, [key, PyString::new(py, name).into_any(), price])?)?;
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
