#![allow(clippy::manual_strip)]

use cpython::{PyDrop, PyList, PyResult, PyString, PyTuple, Python, py_fn, py_module_initializer};

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

fn levenshtein_pairs(py: Python<'_>, pairs: PyList) -> PyResult<Vec<u32>> {
    let (mut codes, mut row) = (Vec::new(), Vec::new());
    let mut distances = Vec::with_capacity(pairs.len(py));
    for pair in pairs.iter(py) {
        let pair = pair.cast_into::<PyTuple>(py)?;
        let a = pair.get_item(py, 0).cast_into::<PyString>(py)?;
        let b = pair.get_item(py, 1).cast_into::<PyString>(py)?;
        distances.push(distance(&a.to_string(py)?, &b.to_string(py)?, &mut codes, &mut row));
        // A drop would acquire the GIL once more, for each of them.
        a.release_ref(py);
        b.release_ref(py);
        pair.release_ref(py);
    }
    Ok(distances)
}

fn levenshtein_pairs_vec(_py: Python<'_>, pairs: Vec<(String, String)>) -> PyResult<Vec<u32>> {
    let (mut codes, mut row) = (Vec::new(), Vec::new());
    Ok(pairs.iter().map(|(a, b)| distance(a, b, &mut codes, &mut row)).collect())
}

py_module_initializer!(native, |py, module| {
    module.add(py, "levenshtein_pairs", py_fn!(py, levenshtein_pairs(pairs: PyList)))?;
    module.add(py, "levenshtein_pairs_vec", py_fn!(py, levenshtein_pairs_vec(pairs: Vec<(String, String)>)))?;
    Ok(())
});
