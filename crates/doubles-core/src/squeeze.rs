//! Cutting runs short.

#[cfg(feature = "std")]
use std::{string::String, vec::Vec};

use crate::{Element, runs_unaligned};
#[cfg(feature = "std")]
use crate::{runs_of_chars, runs_of_elements};

/// The text with each run of a `chosen` character cut to `max_run` characters.
///
/// One pass, and one allocation of as many bytes as the text has.
///
/// ```
/// use doubles_core::squeeze_chars;
/// assert_eq!(squeeze_chars("soooo gööööd!!", 2, |_| true), "soo gööd!!");
/// assert_eq!(squeeze_chars("a  b\n\n\n\nc", 1, |char| char == '\n'), "a  b\nc");
/// ```
///
/// # Panics
///
/// If `max_run` is 0.
#[cfg(feature = "std")]
#[must_use]
pub fn squeeze_chars(haystack: &str, max_run: usize, chosen: impl Fn(char) -> bool) -> String {
    assert_ne!(max_run, 0, "{NOTHING_LEFT}");
    let mut squeezed = String::with_capacity(haystack.len());
    let mut kept = 0;
    for run in runs_of_chars(haystack, max_run.saturating_add(1)) {
        let char = haystack[run.start..].chars().next().expect("a run has a character");
        if chosen(char) {
            squeezed.push_str(&haystack[kept..run.start + max_run * char.len_utf8()]);
            kept = run.end;
        }
    }
    squeezed.push_str(&haystack[kept..]);
    squeezed
}

/// The bytes with each run of a `chosen` byte cut to `max_run` bytes. With `max_run` 1 this is `tr -s`.
///
/// One pass, and one allocation of as many bytes as the haystack has.
///
/// ```
/// use doubles_core::squeeze_bytes;
/// assert_eq!(squeeze_bytes(b"GATTTACAAA", 1, |_| true), b"GATACA");
/// assert_eq!(squeeze_bytes(b"one  two", 1, |byte| byte.is_ascii_whitespace()), b"one two");
/// ```
///
/// # Panics
///
/// If `max_run` is 0.
#[cfg(feature = "std")]
#[must_use]
pub fn squeeze_bytes(haystack: &[u8], max_run: usize, chosen: impl Fn(u8) -> bool) -> Vec<u8> {
    squeeze_elements(haystack, max_run, chosen)
}

/// The elements with each run of a `chosen` one cut to `max_run` elements.
///
/// # Panics
///
/// If `max_run` is 0.
#[cfg(feature = "std")]
#[must_use]
pub fn squeeze_elements<T: Element>(haystack: &[T], max_run: usize, chosen: impl Fn(T) -> bool) -> Vec<T> {
    assert_ne!(max_run, 0, "{NOTHING_LEFT}");
    let mut squeezed = Vec::with_capacity(haystack.len());
    let mut kept = 0;
    runs_of_elements(haystack, max_run.saturating_add(1)).for_each(|run| {
        if chosen(haystack[run.start]) {
            squeezed.extend_from_slice(&haystack[kept..run.start + max_run]);
            kept = run.end;
        }
    });
    squeezed.extend_from_slice(&haystack[kept..]);
    squeezed
}

const NOTHING_LEFT: &str = "a run of nothing is none: max_run is at least 1";

/// Squeezes what comes in parts: a stream, or memory that is not all at hand.
///
/// ```
/// let mut squeezed = Vec::new();
/// let mut squeezer = doubles_core::Squeezer::<u8>::new(1);
/// for part in ["one ", " two", "o"] {
///     squeezer.push(part.as_bytes(), |_| true, |kept| squeezed.extend_from_slice(kept));
/// }
/// assert_eq!(squeezed, b"one two");
/// ```
#[derive(Clone, Debug)]
pub struct Squeezer<T> {
    max_run: usize,
    /// What the parts so far end with, and how often, up to `max_run`.
    end: Option<(T, usize)>,
}

impl<T: Element> Squeezer<T> {
    /// Nothing so far.
    ///
    /// # Panics
    ///
    /// If `max_run` is 0.
    #[must_use]
    pub fn new(max_run: usize) -> Self {
        assert_ne!(max_run, 0, "{NOTHING_LEFT}");
        Self { max_run, end: None }
    }

    /// Hands what is left of the next part to `keep`, piece by piece. The part is of whole elements at any address.
    ///
    /// # Panics
    ///
    /// If the length is not a multiple of the element's size.
    pub fn push(&mut self, part: &[u8], chosen: impl Fn(T) -> bool, mut keep: impl FnMut(&[u8])) {
        let width = size_of::<T>();
        let Some(lead) = runs_unaligned::<T>(part, 1).next() else { return };
        let first = T::at(part, 0);
        // The first run may go on from the part before.
        let before = self.end.filter(|(element, _)| *element == first).map_or(0, |(_, length)| length);
        let kept = if chosen(first) { lead.end.min(self.max_run - before) } else { lead.end };
        keep(&part[..kept * width]);
        let mut from = lead.end * width;
        let rest = &part[from..];
        runs_unaligned::<T>(rest, self.max_run.saturating_add(1)).for_each(|run| {
            if chosen(T::at(rest, run.start)) {
                keep(&part[from..(lead.end + run.start + self.max_run) * width]);
                from = (lead.end + run.end) * width;
            }
        });
        keep(&part[from..]);
        let length = part.len() / width;
        let last = T::at(part, length - 1);
        let before = if lead.end == length { before } else { 0 };
        let equal = (0..length).rev().take(self.max_run - before).take_while(|i| T::at(part, *i) == last).count();
        self.end = Some((last, before + equal));
    }
}
