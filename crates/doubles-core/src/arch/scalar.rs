//! No instruction set at all: safe code that runs everywhere, and that compilers vectorise where they can.

use crate::scalar::count_pairs;

pub(crate) fn detected() -> bool {
    true
}

// Not inlined, as the others are not: short input must not pay for these loops.
#[inline(never)]
pub(crate) fn count_elements<const W: usize>(haystack: &[u8]) -> usize {
    let (elements, _) = haystack.as_chunks::<W>();
    count_equal(elements, |a, b| a == b)
}

#[inline(never)]
pub(crate) fn count_chars(haystack: &str) -> usize {
    count_pairs(haystack.chars())
}

/// The elements that `equal` the next one.
pub(crate) fn count_equal<T>(elements: &[T], equal: impl Fn(&T, &T) -> bool) -> usize {
    // A lane that counts in 8 bits holds 255, and short chunks are what lets the compiler count in such lanes.
    const CHUNK: usize = 255;
    let next = elements.get(1..).unwrap_or(&[]);
    elements
        .chunks(CHUNK)
        .zip(next.chunks(CHUNK))
        .map(|(these, those)| usize::from(these.iter().zip(those).map(|(a, b)| u8::from(equal(a, b))).sum::<u8>()))
        .sum()
}
