use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyMemoryView};

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

/// Numbers of 8 bytes as a memoryview of a kind, which NumPy takes as an array without a copy.
fn view<'py>(py: Python<'py>, bytes: &[[u8; 8]], kind: &str) -> PyResult<Bound<'py, PyAny>> {
    PyMemoryView::from(&PyByteArray::new(py, bytes.as_flattened()))?.call_method1("cast", (kind,))
}

#[pyfunction]
#[allow(clippy::type_complexity)]
fn parse_columns<'py, 'a>(
    py: Python<'py>,
    text: &'a str,
) -> PyResult<(Bound<'py, PyAny>, Vec<&'a str>, Bound<'py, PyAny>)> {
    let (keys, names, prices) = columns(text)?;
    let keys: Vec<_> = keys.into_iter().map(i64::to_ne_bytes).collect();
    let prices: Vec<_> = prices.into_iter().map(f64::to_ne_bytes).collect();
    Ok((view(py, &keys, "q")?, names, view(py, &prices, "d")?))
}

/// Lists of Python objects.
#[pyfunction]
fn parse_columns_vec(text: &str) -> PyResult<Columns<'_>> {
    columns(text)
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::{parse_columns, parse_columns_vec};
}
