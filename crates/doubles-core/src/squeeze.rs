//! Cutting runs short.

use core::mem::MaybeUninit;
use core::ops::Range;
#[cfg(feature = "std")]
use std::{string::String, vec::Vec};

#[cfg(feature = "std")]
use crate::runs_of_chars;
use crate::{Element, runs_unaligned};

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
    if haystack.is_ascii() {
        let squeezed = squeeze_bytes(haystack.as_bytes(), max_run, |byte| chosen(char::from(byte)));
        return String::from_utf8(squeezed).expect("ASCII is left of ASCII");
    }
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
/// ```
/// use doubles_core::squeeze_elements;
/// assert_eq!(squeeze_elements(&[7u32, 7, 7, 1, 1], 2, |_| true), [7, 7, 1, 1]);
/// assert_eq!(squeeze_elements(&[7u32, 7, 7, 1, 1], 1, |value| value == 1), [7, 7, 7, 1]);
/// ```
///
/// # Panics
///
/// If `max_run` is 0.
#[cfg(feature = "std")]
#[must_use]
pub fn squeeze_elements<T: Element>(haystack: &[T], max_run: usize, chosen: impl Fn(T) -> bool) -> Vec<T> {
    assert_ne!(max_run, 0, "{NOTHING_LEFT}");
    let mut squeezed = Vec::with_capacity(haystack.len());
    let (bytes, room) = (T::as_bytes(haystack), T::as_room(squeezed.spare_capacity_mut()));
    let written = Squeezer::new(max_run).push_into(bytes, chosen, room);
    // SAFETY: so many bytes of whole elements were written.
    unsafe { squeezed.set_len(written / size_of::<T>()) };
    squeezed
}

const NOTHING_LEFT: &str = "max_run must be at least 1";

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
    /// ```
    /// let mut squeezed = Vec::new();
    /// doubles_core::Squeezer::<u8>::new(2).push(b"sooo", |_| true, |kept| squeezed.extend_from_slice(kept));
    /// assert_eq!(squeezed, b"soo");
    /// ```
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
    /// ```
    /// let mut squeezed = Vec::new();
    /// let mut squeezer = doubles_core::Squeezer::new(1);
    /// for line in ["a  b\n", "\n", "\n", "c"] {
    ///     squeezer.push(line.as_bytes(), |byte: u8| byte == b'\n', |kept| squeezed.extend_from_slice(kept));
    /// }
    /// assert_eq!(squeezed, b"a  b\nc");
    /// ```
    ///
    /// # Panics
    ///
    /// If the length is not a multiple of the element's size.
    pub fn push(&mut self, part: &[u8], chosen: impl Fn(T) -> bool, mut keep: impl FnMut(&[u8])) {
        self.pieces(part, chosen, |piece| keep(&part[piece]));
    }

    /// Writes what is left of the next part to `room`, and gives how many bytes that is. What of `room` comes after them
    /// may be written, too.
    ///
    /// Where runs are many this is several times as fast as [`push`](Self::push), since pieces are short and copies of one
    /// length faster.
    ///
    /// ```
    /// let part = b"GATTTACA";
    /// let mut squeezed = Vec::with_capacity(part.len());
    /// let written = doubles_core::Squeezer::<u8>::new(1).push_into(part, |_| true, squeezed.spare_capacity_mut());
    /// // SAFETY: so many bytes were written.
    /// unsafe { squeezed.set_len(written) };
    /// assert_eq!(squeezed, b"GATACA");
    /// ```
    ///
    /// # Panics
    ///
    /// If the length is not a multiple of the element's size, and if there is less room than the part is long.
    pub fn push_into(&mut self, part: &[u8], chosen: impl Fn(T) -> bool, room: &mut [MaybeUninit<u8>]) -> usize {
        /// The bytes that are copied at once, needed or not.
        const COPY: usize = 32;
        assert!(room.len() >= part.len(), "too little room");
        let mut written = 0;
        self.pieces(part, chosen, |piece| {
            // SAFETY: pieces are parts of the part, one after the other, so that what was written is no longer than what
            // came before the piece, and the room no shorter than the part: `COPY` bytes from the piece's start on are in
            // the part, then, and there is room for them.
            unsafe {
                let from = part.as_ptr().add(piece.start);
                let to = room.as_mut_ptr().add(written).cast::<u8>();
                if piece.len() <= COPY && piece.start + COPY <= part.len() {
                    to.copy_from_nonoverlapping(from, COPY);
                } else {
                    to.copy_from_nonoverlapping(from, piece.len());
                }
            }
            written += piece.len();
        });
        written
    }

    /// The pieces of the next part that are left, in bytes.
    #[inline(always)]
    fn pieces(&mut self, part: &[u8], chosen: impl Fn(T) -> bool, mut keep: impl FnMut(Range<usize>)) {
        let width = size_of::<T>();
        let Some(lead) = runs_unaligned::<T>(part, 1).next() else { return };
        let first = T::at(part, 0);
        // The first run may go on from the part before.
        let before = self.end.filter(|(element, _)| *element == first).map_or(0, |(_, length)| length);
        let kept = if chosen(first) { lead.end.min(self.max_run - before) } else { lead.end };
        keep(0..kept * width);
        let mut from = lead.end * width;
        let rest = &part[from..];
        runs_unaligned::<T>(rest, self.max_run.saturating_add(1)).for_each(|run| {
            if chosen(T::at(rest, run.start)) {
                keep(from..(lead.end + run.start + self.max_run) * width);
                from = (lead.end + run.end) * width;
            }
        });
        keep(from..part.len());
        let length = part.len() / width;
        let last = T::at(part, length - 1);
        let before = if lead.end == length { before } else { 0 };
        let equal = (0..length).rev().take(self.max_run - before).take_while(|i| T::at(part, *i) == last).count();
        self.end = Some((last, before + equal));
    }
}
