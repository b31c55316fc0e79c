use std::collections::HashMap;

use pyo3::prelude::*;

fn distance(a: &str, b: &str) -> u32 {
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
    row.last().copied().unwrap_or(length)
}

#[pyfunction]
fn levenshtein(a: &str, b: &str) -> u32 {
    distance(a, b)
}

#[pyfunction]
fn levenshtein_string(a: String, b: String) -> u32 {
    distance(&a, &b)
}

/// Hyyrö's algorithm (2003): a bit says whether a value of a column is one more, or less, than the value above it.
#[pyfunction]
fn levenshtein_bits(a: &str, b: &str) -> usize {
    let length = a.chars().count();
    if length == 0 {
        return b.chars().count();
    }
    let words = length.div_ceil(64);
    // Where each character is in the first text, as bits; those of ASCII without a search.
    let (mut ascii, mut others) = (vec![0u64; 128 * words], HashMap::<char, Vec<u64>>::new());
    for (i, x) in a.chars().enumerate() {
        let bits = match x.is_ascii() {
            true => &mut ascii[x as usize * words..][..words],
            false => others.entry(x).or_insert_with(|| vec![0; words]),
        };
        bits[i / 64] |= 1 << (i % 64);
    }
    let nowhere = vec![0; words];
    let mut column = vec![(!0u64, 0u64); words];
    let (mut distance, last) = (length, (length - 1) % 64);
    for y in b.chars() {
        let found = match y.is_ascii() {
            true => &ascii[y as usize * words..][..words],
            false => others.get(&y).unwrap_or(&nowhere),
        };
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
    distance
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::{levenshtein, levenshtein_bits, levenshtein_string};
}
