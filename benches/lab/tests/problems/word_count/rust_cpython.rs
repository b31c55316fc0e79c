#![allow(clippy::manual_strip)]

use std::collections::HashMap;

use cpython::{PyResult, Python, py_fn, py_module_initializer};

// Python splits at four control characters too that are no white space in Unicode.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

fn word_count(_py: Python<'_>, text: &str) -> PyResult<HashMap<String, usize>> {
    let mut counts = HashMap::new();
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_owned()).or_insert(0) += 1;
    }
    Ok(counts)
}

py_module_initializer!(native, |py, module| {
    module.add(py, "word_count", py_fn!(py, word_count(text: &str)))?;
    Ok(())
});
