//! No instruction set at all: safe code that runs everywhere, and that compilers vectorise where they can.

use crate::scalar::count_pairs;

pub(crate) fn detected() -> bool {
    true
}

pub(crate) fn count_elements<const W: usize>(haystack: &[u8]) -> usize {
    // A lane that counts in 8 bits holds 255, and short chunks are what lets the compiler count in such lanes.
    const CHUNK: usize = 255;
    let (elements, _) = haystack.as_chunks::<W>();
    let next = elements.get(1..).unwrap_or(&[]);
    elements
        .chunks(CHUNK)
        .zip(next.chunks(CHUNK))
        .map(|(these, those)| usize::from(these.iter().zip(those).map(|(a, b)| u8::from(a == b)).sum::<u8>()))
        .sum()
}

pub(crate) fn count_chars(haystack: &str) -> usize {
    count_pairs(haystack.chars())
}
