#![allow(clippy::manual_strip)]

use cpython::{PyResult, PyString, Python, py_fn, py_module_initializer};

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

fn tokenize(py: Python<'_>, text: &str) -> PyResult<Vec<PyString>> {
    Ok(tokens(text).map(|token| PyString::new(py, token)).collect())
}

fn tokenize_string(_py: Python<'_>, text: &str) -> PyResult<Vec<String>> {
    Ok(tokens(text).map(str::to_owned).collect())
}

py_module_initializer!(native, |py, module| {
    module.add(py, "tokenize", py_fn!(py, tokenize(text: &str)))?;
    module.add(py, "tokenize_string", py_fn!(py, tokenize_string(text: &str)))?;
    Ok(())
});
