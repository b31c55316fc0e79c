//! No instruction set at all: safe code that runs everywhere, and that compilers vectorise where they can.

use core::mem::MaybeUninit;

use super::Finding;
use crate::scalar::count_pairs;
use crate::{Element, Half};

pub(crate) fn detected() -> bool {
    true
}

// Not inlined, as the others are not: short input must not pay for these loops.
#[inline(never)]
pub(crate) fn count_elements<const W: usize, const FLOAT: bool>(haystack: &[u8]) -> usize {
    let (elements, _) = haystack.as_chunks::<W>();
    count_equal(elements, equal::<W, FLOAT>)
}

/// Whether two elements of `W` bytes are equal: as floats if `FLOAT`.
#[inline(always)]
pub(crate) fn equal<const W: usize, const FLOAT: bool>(a: &[u8; W], b: &[u8; W]) -> bool {
    match W {
        2 if FLOAT => Half::at(a, 0) == Half::at(b, 0),
        4 if FLOAT => f32::at(a, 0) == f32::at(b, 0),
        8 if FLOAT => f64::at(a, 0) == f64::at(b, 0),
        _ => a == b,
    }
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

/// Whether an element is `equal` to the next one.
pub(crate) fn has_equal<T>(elements: &[T], equal: impl Fn(&T, &T) -> bool) -> bool {
    // Short chunks, which compilers vectorise, and a look after each.
    const CHUNK: usize = 4096;
    let next = elements.get(1..).unwrap_or(&[]);
    elements
        .chunks(CHUNK)
        .zip(next.chunks(CHUNK))
        .any(|(these, those)| these.iter().zip(those).fold(false, |found, (a, b)| found | equal(a, b)))
}

pub(crate) const fn elements<const W: usize, const FLOAT: bool>() -> Finding {
    fn has<const W: usize, const FLOAT: bool>(haystack: &[u8]) -> bool {
        let (elements, _) = haystack.as_chunks::<W>();
        has_equal(elements, equal::<W, FLOAT>)
    }
    Finding::by_marks(has::<W, FLOAT>, mark_elements::<W, FLOAT>, place, locate)
}

pub(crate) const fn chars() -> Finding {
    fn has(haystack: &[u8]) -> bool {
        doubled_chars(haystack, 0).next().is_some()
    }
    fn mark(haystack: &[u8], marks: &mut [u64]) {
        mark_chars(haystack, 0, marks);
    }
    Finding::by_marks(has, mark, place, locate)
}

fn place(marks: &[u64], places: &mut [MaybeUninit<u16>]) -> usize {
    super::place_bits(marks, places)
}

fn locate(marks: &[u64], start: usize, positions: &mut [MaybeUninit<usize>]) -> usize {
    super::locate_bits(marks, start, positions)
}

/// Marks the elements of `W` bytes that equal the next one.
pub(crate) fn mark_elements<const W: usize, const FLOAT: bool>(haystack: &[u8], marks: &mut [u64]) {
    let (elements, _) = haystack.as_chunks::<W>();
    let mut rest = elements;
    for mark in marks {
        let next = rest.get(1..).unwrap_or(&[]);
        *mark = rest
            .iter()
            .zip(next)
            .take(64)
            .zip(0..)
            .fold(0, |mark, ((a, b), at)| mark | u64::from(equal::<W, FLOAT>(a, b)) << at);
        rest = rest.get(64..).unwrap_or(&[]);
    }
}

/// Marks the first bytes of the characters from `start` on that equal the next one.
pub(crate) fn mark_chars(haystack: &[u8], start: usize, marks: &mut [u64]) {
    marks.fill(0);
    for at in doubled_chars(haystack, start) {
        let Some(mark) = marks.get_mut((at - start) / 64) else { break };
        *mark |= 1 << ((at - start) % 64);
    }
}

/// Where the characters from `start` on that equal the next one begin. The haystack is UTF-8, or what follows in a text
/// after any of its bytes.
pub(crate) fn doubled_chars(haystack: &[u8], start: usize) -> impl Iterator<Item = usize> {
    let mut at = (start..haystack.len()).find(|at| starts_char(haystack[*at])).unwrap_or(haystack.len());
    core::iter::from_fn(move || {
        while at < haystack.len() {
            let (here, length) = (at, length_of_char(haystack[at]));
            at += length;
            let doubled = haystack.get(here..at).is_some_and(|char| haystack.get(at..at + length) == Some(char));
            if doubled {
                return Some(here);
            }
        }
        None
    })
}

/// Whether a byte of UTF-8 begins a character.
fn starts_char(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

/// The bytes of the character that begins with this one.
pub(crate) fn length_of_char(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}
