//! Cutting a haystack so that no pair is lost or counted twice.

use core::ops::Range;

/// Part `index` of `count` parts of about the same length, whose doubles add up to those of `elements`.
///
/// Each part but the first starts with the element that ends the one before, so that each pair of neighbours is in
/// exactly one part. Where there are fewer pairs than parts, some parts are empty or have one element.
///
/// ```
/// use doubles_core::{count_bytes, part};
/// let haystack = b"mississippi";
/// let counts = (0..3).map(|index| count_bytes(part(haystack, index, 3)));
/// assert_eq!(counts.sum::<usize>(), count_bytes(haystack));
/// ```
///
/// # Panics
///
/// If `index` is not less than `count`.
#[must_use]
pub fn part<T>(elements: &[T], index: usize, count: usize) -> &[T] {
    &elements[part_range(elements.len(), index, count)]
}

/// Where [`part`] lies, for elements that are not in a slice.
///
/// ```
/// assert_eq!(doubles_core::part_range(10, 0, 2), 0..6);
/// assert_eq!(doubles_core::part_range(10, 1, 2), 5..10);
/// ```
///
/// # Panics
///
/// If `index` is not less than `count`.
#[must_use]
pub fn part_range(len: usize, index: usize, count: usize) -> Range<usize> {
    assert!(index < count, "part {index} of {count}");
    let pairs = len.saturating_sub(1);
    let (start, end) = (cut(pairs, index, count), cut(pairs, index + 1, count));
    start..if start == end { end } else { end + 1 }
}

/// Part `index` of `count` parts of `text`, of about the same length in bytes, whose doubled characters add up.
///
/// As [`part`], with whole characters: each part but the first starts with the character that ends the one before.
///
/// ```
/// use doubles_core::{count_chars, part_of_str};
/// let counts = (0..3).map(|index| count_chars(part_of_str("ёё文文文", index, 3)));
/// assert_eq!(counts.sum::<usize>(), 3);
/// ```
///
/// # Panics
///
/// If `index` is not less than `count`.
#[must_use]
pub fn part_of_str(text: &str, index: usize, count: usize) -> &str {
    assert!(index < count, "part {index} of {count}");
    // Pairs belong to the part in which their first character starts.
    let start = char_at_or_after(text, cut(text.len(), index, count));
    let end = char_at_or_after(text, cut(text.len(), index + 1, count));
    if start == end { "" } else { &text[start..char_at_or_after(text, (end + 1).min(text.len()))] }
}

/// Where part `index` of `count` parts of `length` starts.
fn cut(length: usize, index: usize, count: usize) -> usize {
    // The first parts are one longer, if need be. Nothing here overflows.
    length / count * index + (length % count).min(index)
}

/// The first character boundary from `at` on.
fn char_at_or_after(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|at| text.is_char_boundary(*at)).expect("the end is a boundary")
}
