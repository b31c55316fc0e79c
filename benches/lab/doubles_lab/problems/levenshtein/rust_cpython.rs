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

/// Where a table has a character, or has room for it: at its code, or at the next free place after that.
fn place(table: &[(char, usize)], x: char) -> usize {
    let mask = table.len() - 1;
    let mut at = x as usize & mask;
    while table[at].1 != 0 && table[at].0 != x {
        at = (at + 1) & mask;
    }
    at
}

/// Hyyrö's algorithm (2003): a bit says whether a value of a column is one more, or less, than the value above it.
fn levenshtein_bits(_py: Python<'_>, a: &str, b: &str) -> PyResult<usize> {
    let length = a.chars().count();
    if length == 0 {
        return Ok(b.chars().count());
    }
    let words = length.div_ceil(64);
    // For each character the row of bits that say where it is in the first text. The first row is that of all characters
    // that are nowhere in it.
    let mut table = vec![('\0', 0); (2 * length).next_power_of_two()];
    let mut rows = Vec::with_capacity(words * (length.min(64) + 1));
    rows.resize(words, 0u64);
    for (i, x) in a.chars().enumerate() {
        let at = place(&table, x);
        if table[at].1 == 0 {
            table[at] = (x, rows.len());
            rows.resize(rows.len() + words, 0);
        }
        rows[table[at].1 + i / 64] |= 1 << (i % 64);
    }
    let mut column = vec![(!0u64, 0u64); words];
    let (mut distance, last) = (length, (length - 1) % 64);
    for y in b.chars() {
        let found = &rows[table[place(&table, y)].1..][..words];
        let (mut more, mut less, mut more_before, mut less_before) = (0, 0, 1, 0);
        for ((up, down), bits) in column.iter_mut().zip(found) {
            let hit = bits | less_before;
            let diagonal = ((hit & *up).wrapping_add(*up) ^ *up) | hit | *down;
            more = *down | !(diagonal | *up);
            less = diagonal & *up;
            let (more_shifted, less_shifted) = (more << 1 | more_before, less << 1 | less_before);
            (more_before, less_before) = (more >> 63, less >> 63);
            *up = less_shifted | !(diagonal | more_shifted);
            *down = more_shifted & diagonal;
        }
        distance += (more >> last & 1) as usize;
        distance -= (less >> last & 1) as usize;
    }
    Ok(distance)
}

py_module_initializer!(native, |py, module| {
    module.add(py, "levenshtein", py_fn!(py, levenshtein(a: &str, b: &str)))?;
    module.add(py, "levenshtein_bits", py_fn!(py, levenshtein_bits(a: &str, b: &str)))?;
    Ok(())
});
