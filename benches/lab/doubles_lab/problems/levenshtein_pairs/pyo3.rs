use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};

/// `codes` and `row` are memory that is there from the pair before.
fn distance(a: &str, b: &str, codes: &mut Vec<char>, row: &mut Vec<u32>) -> u32 {
    codes.clear();
    codes.extend(b.chars());
    row.clear();
    row.extend((1..).take(codes.len()));
    let mut length = 0;
    for (i, x) in (0..).zip(a.chars()) {
        length = i + 1;
        let (mut diagonal, mut left) = (i, i + 1);
        for (cell, y) in row.iter_mut().zip(&*codes) {
            let above = *cell;
            left = if x == *y { diagonal } else { diagonal.min(above).min(left) + 1 };
            *cell = left;
            diagonal = above;
        }
    }
    row.last().copied().unwrap_or(length)
}

#[pyfunction]
fn levenshtein_pairs(pairs: &Bound<'_, PyList>) -> PyResult<Vec<u32>> {
    let (mut codes, mut row) = (Vec::new(), Vec::new());
    let mut distances = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let pair = pair.cast::<PyTuple>()?;
        let (a, b) = (pair.get_item(0)?, pair.get_item(1)?);
        let (a, b) = (a.cast::<PyString>()?, b.cast::<PyString>()?);
        distances.push(distance(a.to_str()?, b.to_str()?, &mut codes, &mut row));
    }
    Ok(distances)
}

/// Each text is copied first.
#[pyfunction]
fn levenshtein_pairs_vec(pairs: Vec<(String, String)>) -> Vec<u32> {
    let (mut codes, mut row) = (Vec::new(), Vec::new());
    pairs.iter().map(|(a, b)| distance(a, b, &mut codes, &mut row)).collect()
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::{levenshtein_pairs, levenshtein_pairs_vec};
}
