#![allow(clippy::manual_strip)]

use std::collections::HashMap;

use cpython::{PyDict, PyResult, Python, py_fn, py_module_initializer};

// Python splits at four control characters too that are no white space in Unicode.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_space).filter(|word| !word.is_empty())
}

fn word_count(py: Python<'_>, text: &str) -> PyResult<PyDict> {
    let mut counts = HashMap::new();
    for word in words(text) {
        *counts.entry(word).or_insert(0) += 1;
    }
    let dict = PyDict::new(py);
    for (word, count) in counts {
        dict.set_item(py, word, count)?;
    }
    Ok(dict)
}

fn word_count_string(_py: Python<'_>, text: String) -> PyResult<HashMap<String, usize>> {
    let mut counts = HashMap::new();
    for word in words(&text) {
        *counts.entry(word.to_owned()).or_insert(0) += 1;
    }
    Ok(counts)
}

py_module_initializer!(native, |py, module| {
    module.add(py, "word_count", py_fn!(py, word_count(text: &str)))?;
    module.add(py, "word_count_string", py_fn!(py, word_count_string(text: String)))?;
    Ok(())
});
