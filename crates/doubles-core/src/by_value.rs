//! Which values are doubled.

use std::collections::TryReserveError;

use crate::{Element, runs_of_chars, runs_unaligned};

/// What the functions that return no `Result` say before they panic.
const NO_MEMORY: &str = "there is memory for the counts";

/// How many doubles each character has that has any: in ascending order.
///
/// ```
/// let counts = doubles_core::count_chars_by_value("bookkeeper gööd");
/// assert_eq!(counts, [('e', 1), ('k', 1), ('o', 1), ('ö', 1)]);
/// ```
///
/// # Panics
///
/// If there is no memory for the counts.
#[must_use]
pub fn count_chars_by_value(haystack: &str) -> Vec<(char, usize)> {
    if haystack.is_ascii() {
        let counts = count_bytes_by_value(haystack.as_bytes());
        return counts.into_iter().map(|(byte, count)| (byte.into(), count)).collect();
    }
    let mut counts = Counts::new();
    for run in runs_of_chars(haystack, 2) {
        let char = haystack[run.start..].chars().next().expect("a run has a character");
        counts.add(u32::from(char), run.len() / char.len_utf8() - 1).expect(NO_MEMORY);
    }
    let counts = counts.take().expect(NO_MEMORY);
    counts.into_iter().map(|(char, count)| (char::from_u32(char).expect("it was one"), count)).collect()
}

/// How many doubles each byte has that has any: in ascending order.
///
/// ```
/// assert_eq!(doubles_core::count_bytes_by_value(b"GATTTACA"), [(b'T', 2)]);
/// ```
///
/// # Panics
///
/// If there is no memory for the counts.
#[must_use]
pub fn count_bytes_by_value(haystack: &[u8]) -> Vec<(u8, usize)> {
    count_unaligned_by_value(haystack)
}

/// How many doubles each element has that has any: in ascending order.
///
/// ```
/// assert_eq!(doubles_core::count_elements_by_value(&[7u32, 7, 7, 1, 900, 900]), [(7, 2), (900, 1)]);
/// assert_eq!(doubles_core::count_elements_by_value(&[1.5, 1.5, 0.0, -0.0, f64::NAN, f64::NAN]), [(0.0, 1), (1.5, 1)]);
/// ```
///
/// # Panics
///
/// If there is no memory for the counts; [`ValueCounter`] gives an error then.
#[must_use]
pub fn count_elements_by_value<T: Element>(haystack: &[T]) -> Vec<(T, usize)> {
    count_unaligned_by_value(T::as_bytes(haystack))
}

/// How many doubles each element has that has any, where the elements lie in bytes at any address. They are read in the
/// byte order of this machine.
///
/// ```
/// let bytes = [7, 7, /* an equal u16 */ 7, 7, /* and another */ 1, 1];
/// assert_eq!(doubles_core::count_unaligned_by_value::<u16>(&bytes), [(0x0707, 1)]);
/// ```
///
/// # Panics
///
/// If the length is not a multiple of the element's size, or there is no memory for the counts; [`ValueCounter`] gives an
/// error then.
#[must_use]
pub fn count_unaligned_by_value<T: Element>(haystack: &[u8]) -> Vec<(T, usize)> {
    let mut counter = ValueCounter::new();
    counter.push(haystack).expect(NO_MEMORY);
    counter.finish().expect(NO_MEMORY)
}

/// Counts the doubles of each value of what comes in parts: a stream, or memory that is not all at hand.
///
/// ```
/// let mut counter = doubles_core::ValueCounter::<u8>::new();
/// for part in ["GAT", "TAC", "CCA"] {
///     counter.push(part.as_bytes())?;
/// }
/// assert_eq!(counter.finish()?, [(b'C', 2), (b'T', 1)]);
/// # Ok::<(), std::collections::TryReserveError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ValueCounter<T> {
    counts: Counts<T>,
    /// What the parts so far end with.
    last: Option<T>,
    failed: Option<TryReserveError>,
}

impl<T: Element> Default for ValueCounter<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Element> ValueCounter<T> {
    /// Nothing so far.
    ///
    /// ```
    /// assert_eq!(doubles_core::ValueCounter::<u64>::new().finish(), Ok(vec![]));
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self { counts: Counts::new(), last: None, failed: None }
    }

    /// Counts the next part, and the pair at the seam. The part is of whole elements at any address, in the byte order of
    /// this machine.
    ///
    /// ```
    /// let mut counter = doubles_core::ValueCounter::<u8>::new();
    /// assert_eq!(counter.push(b"aab"), Ok(()));
    /// assert_eq!(counter.push(b"b"), Ok(()));
    /// assert_eq!(counter.finish(), Ok(vec![(b'a', 1), (b'b', 1)]));
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no memory for another value, and then again for each part that follows.
    ///
    /// # Panics
    ///
    /// If the length is not a multiple of the element's size.
    pub fn push(&mut self, part: &[u8]) -> Result<(), TryReserveError> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        let pushed = self.try_push(part);
        self.failed = pushed.clone().err();
        pushed
    }

    fn try_push(&mut self, part: &[u8]) -> Result<(), TryReserveError> {
        let runs = runs_unaligned::<T>(part, 2);
        let Some(last) = (part.len() / size_of::<T>()).checked_sub(1) else { return Ok(()) };
        let first = T::at(part, 0);
        if self.last == Some(first) {
            self.counts.add(first, 1)?;
        }
        self.last = Some(T::at(part, last));
        let mut added = Ok(());
        runs.for_each(|run| {
            if added.is_ok() {
                added = self.counts.add(T::at(part, run.start), run.len() - 1);
            }
        });
        added
    }

    /// How many doubles each element has that has any: in ascending order (that of `total_cmp` for floats, of which
    /// -0.0 is counted as 0.0).
    ///
    /// ```
    /// let mut counter = doubles_core::ValueCounter::<i16>::new();
    /// counter.push(&[0; 4])?;
    /// counter.push(&[255; 4])?;
    /// assert_eq!(counter.finish()?, [(-1, 1), (0, 1)]);
    /// # Ok::<(), std::collections::TryReserveError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there was no memory for another value, or is none for the result.
    pub fn finish(mut self) -> Result<Vec<(T, usize)>, TryReserveError> {
        match self.failed {
            Some(failed) => Err(failed),
            None => self.counts.take(),
        }
    }
}

/// Counts by value. Each value has a slot, which it shares with others: the count of one of them is there, and when another
/// one comes it goes to a list, which is sorted now and then.
#[derive(Clone, Debug)]
struct Counts<T> {
    /// A key and its count, which is 0 if there is none.
    slots: [(u64, usize); 256],
    /// The first `sorted` values are in order, each of them once.
    others: Vec<(T, usize)>,
    sorted: usize,
}

impl<T: Element> Counts<T> {
    /// How many values are in the list at least before they are sorted.
    const UNSORTED: usize = 4096;

    fn new() -> Self {
        Self { slots: [(0, 0); 256], others: Vec::new(), sorted: 0 }
    }

    #[inline]
    fn add(&mut self, value: T, count: usize) -> Result<(), TryReserveError> {
        let key = value.key();
        let folded = key ^ key >> 32;
        let folded = folded ^ folded >> 16;
        let slot = usize::from((folded ^ folded >> 8) as u8);
        let (kept, total) = self.slots[slot];
        // Bytes have a slot each.
        if size_of::<T>() == 1 {
            self.slots[slot] = (key, total + count);
            return Ok(());
        }
        if kept == key {
            self.slots[slot].1 = total + count;
            return Ok(());
        }
        if total != 0 {
            self.list(kept, total)?;
        }
        self.slots[slot] = (key, count);
        Ok(())
    }

    fn list(&mut self, key: u64, count: usize) -> Result<(), TryReserveError> {
        // Sorted when it has doubled, so that each value is sorted a few times, and it is twice as long as needed at most.
        if self.others.len() >= 2 * self.sorted + Self::UNSORTED {
            self.sort();
        }
        self.others.try_reserve(1)?;
        self.others.push((T::from_key(key), count));
        Ok(())
    }

    /// Makes one of each value in the list, in order.
    #[inline(never)]
    fn sort(&mut self) {
        self.others.sort_unstable_by(|(a, _), (b, _)| a.order(b));
        self.others.dedup_by(|(value, count), (before, total)| {
            let same = value == before;
            if same {
                *total += *count;
            }
            same
        });
        self.sorted = self.others.len();
    }

    /// All counts, which are not here any more.
    fn take(&mut self) -> Result<Vec<(T, usize)>, TryReserveError> {
        for slot in 0..self.slots.len() {
            let (key, count) = self.slots[slot];
            if count != 0 {
                self.list(key, count)?;
            }
        }
        self.sort();
        Ok(core::mem::take(&mut self.others))
    }
}
