//! Which values are doubled.

use std::collections::BTreeMap;

use crate::{Element, runs_of_chars, runs_unaligned};

/// For each character that has doubles, how many.
///
/// ```
/// let counts = doubles_core::count_chars_by_value("bookkeeper gööd");
/// assert_eq!(Vec::from_iter(counts), [('e', 1), ('k', 1), ('o', 1), ('ö', 1)]);
/// ```
#[must_use]
pub fn count_chars_by_value(haystack: &str) -> BTreeMap<char, usize> {
    if haystack.is_ascii() {
        return count_bytes_by_value(haystack.as_bytes())
            .into_iter()
            .map(|(byte, count)| (byte.into(), count))
            .collect();
    }
    let mut counts = Counts::new();
    for run in runs_of_chars(haystack, 2) {
        let char = haystack[run.start..].chars().next().expect("a run has a character");
        counts.add(char, run.len() / char.len_utf8() - 1);
    }
    counts.done()
}

/// For each byte that has doubles, how many.
///
/// ```
/// let counts = doubles_core::count_bytes_by_value(b"GATTTACA");
/// assert_eq!(Vec::from_iter(counts), [(b'T', 2)]);
/// ```
#[must_use]
pub fn count_bytes_by_value(haystack: &[u8]) -> BTreeMap<u8, usize> {
    count_unaligned_by_value(haystack)
}

/// For each element that has doubles, how many.
///
/// ```
/// let counts = doubles_core::count_elements_by_value(&[7u32, 7, 7, 1, 900, 900]);
/// assert_eq!(Vec::from_iter(counts), [(7, 2), (900, 1)]);
/// ```
#[must_use]
pub fn count_elements_by_value<T: Element>(haystack: &[T]) -> BTreeMap<T, usize> {
    count_unaligned_by_value(T::as_bytes(haystack))
}

/// For each element that has doubles, how many, where the elements lie in bytes at any address. They are read in the
/// byte order of this machine.
///
/// ```
/// let bytes = [7, 7, /* an equal u16 */ 7, 7, /* and another */ 1, 1];
/// let counts = doubles_core::count_unaligned_by_value::<u16>(&bytes);
/// assert_eq!(Vec::from_iter(counts), [(0x0707, 1)]);
/// ```
///
/// # Panics
///
/// If the length is not a multiple of the element's size.
#[must_use]
pub fn count_unaligned_by_value<T: Element>(haystack: &[u8]) -> BTreeMap<T, usize> {
    let mut counts = Counts::new();
    runs_unaligned::<T>(haystack, 2).for_each(|run| counts.add(T::at(haystack, run.start), run.len() - 1));
    counts.done()
}

/// Counts by value, the small ones in a table.
struct Counts<T> {
    small: [usize; 256],
    others: BTreeMap<T, usize>,
}

impl<T: Copy + Ord + Into<u64> + From<u8>> Counts<T> {
    fn new() -> Self {
        Self { small: [0; 256], others: BTreeMap::new() }
    }

    fn add(&mut self, value: T, count: usize) {
        match self.small.get_mut(usize::try_from(value.into()).unwrap_or(usize::MAX)) {
            Some(total) => *total += count,
            None => *self.others.entry(value).or_default() += count,
        }
    }

    fn done(self) -> BTreeMap<T, usize> {
        let mut counts = self.others;
        let small = (0..=u8::MAX).zip(self.small).filter(|(_, count)| *count != 0);
        counts.extend(small.map(|(value, count)| (T::from(value), count)));
        counts
    }
}
