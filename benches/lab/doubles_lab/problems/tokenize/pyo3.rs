use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};

fn in_word(byte: u8) -> bool {
    !byte.is_ascii() || byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | 9..=13)
}

/// The first token from a byte on, as where it begins and ends.
fn next_token(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let begin = from + bytes[from..].iter().position(|&byte| !is_space(byte))?;
    let rest = &bytes[begin..];
    let length = rest.iter().position(|&byte| !in_word(byte)).unwrap_or(rest.len());
    Some((begin, begin + length.max(1)))
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (begin, end) = next_token(text, at)?;
        at = end;
        Some(&text[begin..end])
    })
}

#[pyfunction]
fn tokenize(text: &str) -> Vec<&str> {
    tokens(text).collect()
}

#[pyfunction]
fn tokenize_string(text: &str) -> Vec<String> {
    tokens(text).map(str::to_owned).collect()
}

/// One text with a blank between any two tokens, which `str.split` cuts.
#[pyfunction]
fn tokenize_at_once<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    let mut joined = String::with_capacity(2 * text.len());
    for token in tokens(text) {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(token);
    }
    if joined.is_empty() {
        return Ok(PyList::empty(py).into_any());
    }
    PyString::new(py, &joined).call_method1("split", (" ",))
}

#[pyclass]
struct Tokens {
    text: Py<PyString>,
    at: usize,
}

#[pymethods]
impl Tokens {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyString>>> {
        let text = self.text.to_str(py)?;
        let Some((begin, end)) = next_token(text, self.at) else { return Ok(None) };
        self.at = end;
        Ok(Some(PyString::new(py, &text[begin..end])))
    }
}

/// What a caller pays that takes the tokens one by one.
#[pyfunction]
fn tokenize_lazily<'py>(text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
    let tokens = Tokens { text: text.clone().unbind(), at: 0 };
    text.py().get_type::<PyList>().call1((tokens,))
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::{tokenize, tokenize_at_once, tokenize_lazily, tokenize_string};
}
