use std::collections::HashMap;

use pyo3::prelude::*;

// Python splits at four control characters too that are no white space in Unicode.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

#[pyfunction]
fn word_count(text: &str) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        *counts.entry(word).or_insert(0) += 1;
    }
    counts
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::word_count;
}
