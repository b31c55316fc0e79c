#![allow(clippy::manual_strip)]

use cpython::{PyResult, Python, py_fn, py_module_initializer};

fn levenshtein(_py: Python<'_>, a: &str, b: &str) -> PyResult<u32> {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<u32> = (1..).take(b.len()).collect();
    let mut length = 0;
    for (i, x) in (0..).zip(a.chars()) {
        length = i + 1;
        let (mut diagonal, mut left) = (i, i + 1);
        for (cell, y) in row.iter_mut().zip(&b) {
            let above = *cell;
            left = if x == *y { diagonal } else { diagonal.min(above).min(left) + 1 };
            *cell = left;
            diagonal = above;
        }
    }
    Ok(row.last().copied().unwrap_or(length))
}

py_module_initializer!(native, |py, module| {
    module.add(py, "levenshtein", py_fn!(py, levenshtein(a: &str, b: &str)))?;
    Ok(())
});
