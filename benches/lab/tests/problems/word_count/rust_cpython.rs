#![allow(clippy::manual_strip)]

use std::collections::HashMap;

use cpython::{PyResult, Python, py_fn, py_module_initializer};

fn word_count(_py: Python<'_>, text: &str) -> PyResult<HashMap<String, usize>> {
    let mut counts = HashMap::new();
    for word in text.split_whitespace() {
        *counts.entry(word.to_owned()).or_insert(0) += 1;
    }
    Ok(counts)
}

py_module_initializer!(native, |py, module| {
    module.add(py, "word_count", py_fn!(py, word_count(text: &str)))?;
    Ok(())
});
