//! Counts doubles: characters that equal the next one.

use pyo3::prelude::*;

/// Counts the characters of a str that equal the next one.
#[pyfunction]
fn count_doubles(val: &str) -> usize {
    let mut total = 0;
    let mut chars = val.chars();
    if let Some(mut c1) = chars.next() {
        for c2 in chars {
            if c1 == c2 {
                total += 1;
            }
            c1 = c2;
        }
    }
    total
}

/// A module that is written in Rust.
#[pymodule]
mod fast_doubles {
    #[pymodule_export]
    use super::count_doubles;
}
