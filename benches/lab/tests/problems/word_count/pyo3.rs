use std::collections::HashMap;

use pyo3::prelude::*;

#[pyfunction]
fn word_count(text: &str) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for word in text.split_whitespace() {
        *counts.entry(word).or_insert(0) += 1;
    }
    counts
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::word_count;
}
