use numpy::{IntoPyArray, PyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

type Columns<'a> = (Vec<i64>, Vec<&'a str>, Vec<f64>);

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

fn columns(text: &str) -> PyResult<Columns<'_>> {
    let (mut keys, mut names, mut prices) = (Vec::new(), Vec::new(), Vec::new());
    for line in text.split('\n').filter(|line| !line.is_empty()) {
        let [key, name, price] = fields(line).ok_or_else(|| PyValueError::new_err("a line has not three fields"))?;
        keys.push(key.parse()?);
        names.push(name);
        prices.push(price.parse()?);
    }
    Ok((keys, names, prices))
}

/// The arrays keep the vectors of numbers alive: no number is copied.
#[pyfunction]
#[allow(clippy::type_complexity)]
fn parse_columns<'py, 'a>(
    py: Python<'py>,
    text: &'a str,
) -> PyResult<(Bound<'py, PyArray1<i64>>, Vec<&'a str>, Bound<'py, PyArray1<f64>>)> {
    let (keys, names, prices) = columns(text)?;
    Ok((keys.into_pyarray(py), names, prices.into_pyarray(py)))
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::parse_columns;
}
