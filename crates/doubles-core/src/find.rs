//! Where doubles are.

use core::iter::{FusedIterator, Peekable};
use core::mem::MaybeUninit;
use core::ops::Range;
#[cfg(feature = "std")]
use std::collections::TryReserveError;

#[cfg(feature = "std")]
use crate::arch::set_bits;
use crate::arch::{Finding, MORE, length_of_char};
use crate::{Backend, Element, short};

/// The elements of one mark, a bit each.
const MARK: usize = u64::BITS as usize;

/// The marks that are made at a time. A backend is called for that many, and what they mark has room in a buffer.
const MARKS: usize = 16;

/// The elements that are marked at a time.
const BLOCK: usize = MARKS * MARK;

/// What of a haystack equals what follows it, a block at a time.
#[derive(Clone)]
pub(crate) struct Marker<'h> {
    finding: Finding,
    haystack: &'h [u8],
    /// The bytes of an element; 1 for text, of which each byte can be marked.
    width: usize,
    /// The first element that was not looked at.
    at: usize,
}

impl<'h> Marker<'h> {
    pub(crate) fn of_elements<T: Element>(haystack: &'h [u8], backend: Backend) -> Self {
        Self { finding: backend.finding_elements::<T>(), haystack, width: size_of::<T>(), at: 0 }
    }

    pub(crate) fn of_chars(haystack: &'h str, backend: Backend) -> Self {
        Self { finding: backend.finding_chars(), haystack: haystack.as_bytes(), width: 1, at: 0 }
    }

    /// How many elements are left.
    fn len(&self) -> usize {
        self.haystack.len() / self.width - self.at
    }

    /// Fills the marks of the next block. Gives its first element and how many marks there are, if it has an element.
    #[inline]
    fn next(&mut self, marks: &mut [u64; MARKS]) -> Option<(usize, usize)> {
        let start = self.at;
        let rest = &self.haystack[start * self.width..];
        if rest.is_empty() {
            return None;
        }
        let elements = rest.len() / self.width;
        let filled = elements.div_ceil(MARK).min(MARKS);
        self.at = start + elements.min(BLOCK);
        // SAFETY: a `Backend`, from which this is, holds only kinds that were detected; the haystack is of whole elements
        // or characters.
        unsafe { (self.finding.mark)(rest, &mut marks[..filled]) };
        Some((start, filled))
    }
}

#[cfg(feature = "std")]
impl Marker<'_> {
    /// Locates the doubles, or the `EDGES` of runs, that can be located without marks, if any can be, and gives how many
    /// positions were written.
    #[inline]
    fn locate<const EDGES: bool>(
        &mut self,
        equals_before: &mut bool,
        positions: &mut [MaybeUninit<usize>],
    ) -> Option<usize> {
        let located = if EDGES { self.finding.edges } else { self.finding.doubles };
        let rest = &self.haystack[self.at * self.width..];
        // SAFETY: a `Marker` has this from a `Backend`, which holds only kinds that were detected. The haystack is of whole
        // elements.
        let (looked_at, found) = unsafe { located(rest, self.at, equals_before, positions) };
        self.at += looked_at;
        (looked_at != 0).then_some(found)
    }
}

/// The places of the bits in the marks of a block.
#[derive(Clone)]
struct Places {
    /// The first `filled` are set.
    places: [MaybeUninit<u16>; BLOCK + MORE],
    filled: usize,
    next: usize,
}

impl Places {
    const fn none() -> Self {
        Self { places: [MaybeUninit::uninit(); BLOCK + MORE], filled: 0, next: 0 }
    }

    /// Takes the places of the bits that are set, in order.
    #[inline]
    fn fill(&mut self, finding: Finding, marks: &[u64]) {
        // SAFETY: a `Marker` has these from a `Backend`, which holds only kinds that were detected.
        (self.filled, self.next) = (unsafe { (finding.place)(marks, &mut self.places) }, 0);
    }

    #[inline]
    fn next(&mut self) -> Option<usize> {
        if self.next == self.filled {
            return None;
        }
        // SAFETY: `next < filled`, and so many are written.
        let place = unsafe { self.places[self.next].assume_init() };
        self.next += 1;
        Some(usize::from(place))
    }

    /// The next two, if there are two.
    #[inline]
    fn next_two(&mut self) -> Option<(usize, usize)> {
        let two = self.places[..self.filled].get(self.next..self.next + 2)?;
        self.next += 2;
        // SAFETY: the first `filled` are written.
        unsafe { Some((usize::from(two[0].assume_init()), usize::from(two[1].assume_init()))) }
    }

    /// Those that are left, which are then taken.
    #[inline]
    fn rest(&mut self) -> &[u16] {
        let rest = &self.places[self.next..self.filled];
        self.next = self.filled;
        // SAFETY: the first `filled` are written.
        unsafe { &*(core::ptr::from_ref(rest) as *const [u16]) }
    }

    /// How many are left.
    #[inline]
    fn len(&self) -> usize {
        self.filled - self.next
    }
}

/// The positions of doubles, in order: what [`find_elements`], [`find_chars`] and their like return.
///
/// It looks at the haystack as it goes, some thousand elements at a time, takes no memory but its own 2 KiB, and may be
/// dropped at any time.
///
/// ```
/// let mut doubles = doubles_core::find_bytes(b"aabccc");
/// assert_eq!(doubles.next(), Some(0));
/// assert_eq!(doubles.count(), 2); // those that are left
/// ```
#[derive(Clone)]
#[must_use = "an iterator does nothing until it is asked"]
pub struct Find<'h> {
    marker: Marker<'h>,
    start: usize,
    places: Places,
}

impl<'h> Find<'h> {
    pub(crate) fn new(marker: Marker<'h>) -> Self {
        Self { marker, start: 0, places: Places::none() }
    }

    /// Finds the next block that has a double, if there is one.
    #[inline(never)]
    fn refill(&mut self) -> bool {
        let mut marks = [0; MARKS];
        while let Some((start, filled)) = self.marker.next(&mut marks) {
            self.places.fill(self.marker.finding, &marks[..filled]);
            if self.places.len() != 0 {
                self.start = start;
                return true;
            }
        }
        false
    }
}

#[cfg(feature = "std")]
impl Find<'_> {
    /// Appends the positions that are left to `positions`: as `extend`, faster where doubles are frequent.
    ///
    /// ```
    /// let mut positions = Vec::new();
    /// doubles_core::find_bytes(b"aabccc").append_to(&mut positions)?;
    /// assert_eq!(positions, [0, 3, 4]);
    /// # Ok::<(), std::collections::TryReserveError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no memory for more. What was found so far is appended then.
    pub fn append_to(mut self, positions: &mut Vec<usize>) -> Result<(), TryReserveError> {
        let start = self.start;
        positions.try_reserve(self.places.len())?;
        positions.extend(self.places.rest().iter().map(|place| start + usize::from(*place)));
        let (before, looked_at) = (positions.len(), self.marker.at);
        while self.marker.len() > BLOCK {
            if positions.capacity() - positions.len() < BLOCK {
                let more = more(positions.len() - before, self.marker.at - looked_at, self.marker.len());
                reserve(positions, 2 * BLOCK, more)?;
            }
            let found = self.marker.locate::<false>(&mut false, positions.spare_capacity_mut());
            let Some(found) = found else { break };
            // SAFETY: so many were written.
            unsafe { positions.set_len(positions.len() + found) };
        }
        let mut marks = [0; MARKS];
        while let Some((start, filled)) = self.marker.next(&mut marks) {
            let marks = &marks[..filled];
            // What is here already mostly has room for a bit an element.
            if positions.capacity() - positions.len() < marks.len() * MARK + MORE {
                let more = more(positions.len() - before, start - looked_at, self.marker.len());
                reserve(positions, set_bits(marks) + MORE, more)?;
            }
            // SAFETY: a `Marker` has these from a `Backend`, which holds only kinds that were detected. So many were
            // written.
            unsafe {
                let found = (self.marker.finding.locate)(marks, start, positions.spare_capacity_mut());
                positions.set_len(positions.len() + found);
            }
        }
        Ok(())
    }
}

/// Makes room for what is `needed` and, if there is the memory, for some `more`.
#[cfg(feature = "std")]
fn reserve<T>(items: &mut Vec<T>, needed: usize, more: usize) -> Result<(), TryReserveError> {
    items.try_reserve(needed.saturating_add(more)).or_else(|_| items.try_reserve(needed))
}

/// How many more there will be, if what is left is as what was looked at; and no more than eight times as many as there are.
#[cfg(feature = "std")]
fn more(found: usize, looked_at: usize, left: usize) -> usize {
    let share = found as f64 / looked_at.max(1) as f64;
    // Some are left over: it is cheaper to have too much room than to move all of them once more.
    ((share * left as f64 * 1.1) as usize).min(8 * found)
}

impl Iterator for Find<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        loop {
            if let Some(place) = self.places.next() {
                return Some(self.start + place);
            }
            if !self.refill() {
                return None;
            }
        }
    }

    #[inline]
    fn fold<B, F: FnMut(B, usize) -> B>(mut self, init: B, mut f: F) -> B {
        let mut folded = init;
        loop {
            let start = self.start;
            folded = self.places.rest().iter().fold(folded, |folded, place| f(folded, start + usize::from(*place)));
            if !self.refill() {
                return folded;
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let here = self.places.len();
        (here, Some(here + self.marker.len()))
    }
}

impl FusedIterator for Find<'_> {}

impl core::fmt::Debug for Find<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Find").finish_non_exhaustive()
    }
}

/// The runs of elements: what [`runs_of_elements`] and its like return. Each is the range of its positions.
///
/// It looks at the haystack as it goes, and takes no memory but its own 2 KiB.
///
/// ```
/// let runs = doubles_core::runs_of_bytes(b"GATTACAAAA", 2);
/// assert_eq!(runs.map(|run| run.len()).collect::<Vec<_>>(), [2, 4]);
/// ```
#[derive(Clone)]
#[must_use = "an iterator does nothing until it is asked"]
pub struct Runs<'h> {
    marker: Marker<'h>,
    min_length: usize,
    start: usize,
    /// In the block at `start`: where each run begins; and, if runs of one are none, where its last element is.
    edges: Places,
    /// The start of the run that has begun and not ended.
    open: Option<usize>,
    /// Whether the last element of that block equals the first one of the next.
    goes_on: bool,
}

impl<'h> Runs<'h> {
    pub(crate) fn new(marker: Marker<'h>, min_length: usize) -> Self {
        at_least_one(min_length);
        Self { marker, min_length, start: 0, edges: Places::none(), open: None, goes_on: false }
    }

    /// Finds the next block in which a run begins or ends, if there is one.
    #[inline(never)]
    fn refill(&mut self) -> bool {
        let mut marks = [0; MARKS];
        while let Some((start, filled)) = self.next_edges(&mut marks) {
            self.edges.fill(self.marker.finding, &marks[..filled]);
            if self.edges.len() != 0 {
                self.start = start;
                return true;
            }
        }
        false
    }

    /// Marks the edges of the next block. Gives its first element and how many marks there are, if it has an element.
    #[inline]
    fn next_edges(&mut self, marks: &mut [u64; MARKS]) -> Option<(usize, usize)> {
        let (start, filled) = self.marker.next(marks)?;
        for mark in &mut marks[..filled] {
            let equals_before = *mark << 1 | u64::from(self.goes_on);
            self.goes_on = *mark >> (MARK - 1) != 0;
            *mark = if self.has_singles() { !equals_before } else { *mark ^ equals_before };
        }
        let in_last = (self.marker.at - start) % MARK;
        if self.has_singles() && in_last != 0 {
            // No run begins after the last element.
            marks[filled - 1] &= (1 << in_last) - 1;
        }
        Some((start, filled))
    }

    /// Whether elements that stand alone are runs.
    fn has_singles(&self) -> bool {
        self.min_length == 1
    }

    /// The next edge.
    #[inline]
    fn edge(&mut self) -> Option<usize> {
        loop {
            if let Some(place) = self.edges.next() {
                return Some(self.start + place);
            }
            if !self.refill() {
                return None;
            }
        }
    }

    /// The first and the last element of a run which this block has one edge of at most.
    #[inline(never)]
    fn edges_of_two_blocks(&mut self) -> Option<(usize, usize)> {
        let first = self.edge()?;
        Some((first, self.edge().expect("a run that begins ends")))
    }

    /// The next run, where elements that stand alone are runs: it ends where the next one begins.
    fn next_or_single(&mut self) -> Option<Range<usize>> {
        let first = self.open.take().or_else(|| self.edge())?;
        self.open = self.edge();
        Some(first..self.open.unwrap_or(self.marker.at))
    }

    /// Folds the runs that end in this block and are not taken. `open` is where the one begins that has begun before; and
    /// then the one that goes on after the block.
    #[inline]
    fn fold_block<B>(&mut self, open: &mut Option<usize>, init: B, f: &mut impl FnMut(B, Range<usize>) -> B) -> B {
        let (start, min_length) = (self.start, self.min_length);
        let mut folded = init;
        if self.has_singles() {
            // A run ends where the next one begins.
            for place in self.edges.rest() {
                if let Some(first) = open.replace(start + usize::from(*place)) {
                    folded = f(folded, first..start + usize::from(*place));
                }
            }
            return folded;
        }
        let mut rest = self.edges.rest();
        if let (Some(first), [last, others @ ..]) = (*open, rest) {
            let run = first..start + usize::from(*last) + 1;
            if run.len() >= min_length {
                folded = f(folded, run);
            }
            (rest, *open) = (others, None);
        }
        let (pairs, odd) = rest.as_chunks::<2>();
        folded = pairs.iter().fold(folded, |folded, [first, last]| {
            let run = start + usize::from(*first)..start + usize::from(*last) + 1;
            if run.len() >= min_length { f(folded, run) } else { folded }
        });
        if let [first] = odd {
            *open = Some(start + usize::from(*first));
        }
        folded
    }

    /// The first of the longest, of those that are not single.
    fn longest(self) -> Option<Range<usize>> {
        self.fold(None, |longest: Option<Range<usize>>, run| {
            if longest.as_ref().is_some_and(|longest| longest.len() >= run.len()) { longest } else { Some(run) }
        })
    }
}

#[cfg(feature = "std")]
impl Runs<'_> {
    /// Appends the runs that are left to `runs`: as `extend`, faster where runs are frequent.
    ///
    /// ```
    /// let mut runs = Vec::new();
    /// doubles_core::runs_of_bytes(b"aabccc", 2).append_to(&mut runs)?;
    /// assert_eq!(runs, [0..2, 3..6]);
    /// # Ok::<(), std::collections::TryReserveError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no memory for more. What was found so far is appended then.
    pub fn append_to(mut self, runs: &mut Vec<Range<usize>>) -> Result<(), TryReserveError> {
        let before = runs.len();
        if self.min_length != 2 {
            // Which of them there are is only known one by one.
            let mut open = self.open.take();
            loop {
                if runs.capacity() - runs.len() <= self.edges.len() {
                    let more = more(runs.len() - before, self.marker.at, self.marker.len());
                    reserve(runs, self.edges.len() + 1, more)?;
                }
                self.fold_block(&mut open, (), &mut |(), run| runs.push(run));
                if !self.refill() {
                    runs.extend(open.map(|first| first..self.marker.at));
                    return Ok(());
                }
            }
        }
        // Where each run begins and where its last element is, of a block, and before them an edge whose other is not there.
        let mut edges = [MaybeUninit::uninit(); 1 + BLOCK + MORE];
        let mut filled = 0;
        let start = self.start;
        for place in self.edges.rest() {
            edges[filled].write(start + usize::from(*place));
            filled += 1;
        }
        let looked_at = self.start;
        let mut marks = [0; MARKS];
        loop {
            // SAFETY: the first `filled` are written.
            let found = unsafe { &*(core::ptr::from_ref(&edges[..filled]) as *const [usize]) };
            let (pairs, odd) = found.as_chunks::<2>();
            if runs.capacity() - runs.len() < pairs.len() {
                let seen = self.marker.at - looked_at;
                reserve(runs, pairs.len(), more(runs.len() - before, seen, self.marker.len()))?;
            }
            runs.extend(pairs.iter().map(|[first, last]| *first..*last + 1));
            let kept = odd.len();
            if let [first] = *odd {
                edges[0].write(first);
            }
            if let Some(found) = self.marker.locate::<true>(&mut self.goes_on, &mut edges[kept..]) {
                filled = kept + found;
                continue;
            }
            let Some((start, count)) = self.next_edges(&mut marks) else { return Ok(()) };
            // SAFETY: a `Marker` has these from a `Backend`, which holds only kinds that were detected.
            filled = kept + unsafe { (self.marker.finding.locate)(&marks[..count], start, &mut edges[kept..]) };
        }
    }
}

impl Iterator for Runs<'_> {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        if self.has_singles() {
            return self.next_or_single();
        }
        loop {
            let (first, last) = match self.edges.next_two() {
                Some((first, last)) => (self.start + first, self.start + last),
                None => self.edges_of_two_blocks()?,
            };
            let run = first..last + 1;
            if run.len() >= self.min_length {
                return Some(run);
            }
        }
    }

    #[inline]
    fn fold<B, F: FnMut(B, Range<usize>) -> B>(mut self, init: B, mut f: F) -> B {
        let (mut folded, mut open) = (init, self.open.take());
        loop {
            folded = self.fold_block(&mut open, folded, &mut f);
            if !self.refill() {
                return match open {
                    Some(first) => f(folded, first..self.marker.at),
                    None => folded,
                };
            }
        }
    }
}

impl FusedIterator for Runs<'_> {}

impl core::fmt::Debug for Runs<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Runs").finish_non_exhaustive()
    }
}

/// The runs of characters: what [`runs_of_chars`] returns. Each is the range of its bytes.
///
/// ```
/// let text = "gööd 文文文";
/// let mut runs = doubles_core::runs_of_chars(text, 2);
/// assert_eq!(runs.next().map(|run| &text[run]), Some("öö"));
/// assert_eq!(runs.next().map(|run| &text[run]), Some("文文文"));
/// ```
#[derive(Clone, Debug)]
#[must_use = "an iterator does nothing until it is asked"]
pub struct CharRuns<'h> {
    haystack: &'h str,
    doubled: Peekable<Find<'h>>,
    min_length: usize,
    /// The end of the run before.
    at: usize,
}

impl<'h> CharRuns<'h> {
    fn new(haystack: &'h str, backend: Backend, min_length: usize) -> Self {
        at_least_one(min_length);
        let doubled = Find::new(Marker::of_chars(haystack, backend)).peekable();
        Self { haystack, doubled, min_length, at: 0 }
    }

    fn longest(mut self) -> Option<Range<usize>> {
        let mut longest = None;
        while let Some((run, length)) = self.next_with_length() {
            self.min_length = length + 1;
            longest = Some(run);
        }
        longest
    }

    /// The next run, and how many characters it is of.
    fn next_with_length(&mut self) -> Option<(Range<usize>, usize)> {
        loop {
            let start = if self.min_length == 1 { self.at } else { *self.doubled.peek()? };
            let length = length_of_char(*self.haystack.as_bytes().get(start)?);
            let mut last = start;
            while self.doubled.next_if_eq(&last).is_some() {
                last += length;
            }
            self.at = last + length;
            let characters = (self.at - start) / length;
            if characters >= self.min_length {
                return Some((start..self.at, characters));
            }
        }
    }
}

impl Iterator for CharRuns<'_> {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        self.next_with_length().map(|(run, _)| run)
    }
}

impl FusedIterator for CharRuns<'_> {}

/// Finds the runs of what comes in parts: a stream, or memory that is not all at hand.
///
/// ```
/// let mut found = Vec::new();
/// let mut finder = doubles_core::RunFinder::<u8>::new(2);
/// for part in ["ab", "bb", "cc"] {
///     finder.push(part.as_bytes(), |run| found.push(run));
/// }
/// found.extend(finder.finish());
/// assert_eq!(found, [1..4, 4..6]);
/// ```
#[derive(Clone, Debug)]
pub struct RunFinder<T> {
    min_length: usize,
    /// The elements so far.
    length: usize,
    /// What they end with, and where that run begins.
    open: Option<(T, usize)>,
}

impl<T: Element> RunFinder<T> {
    /// Nothing so far. With a `min_length` of 1 elements that stand alone are runs, too.
    ///
    /// ```
    /// let mut finder = doubles_core::RunFinder::<u8>::new(3);
    /// finder.push(b"aabbb", |_| unreachable!("the run may go on"));
    /// assert_eq!(finder.finish(), Some(2..5));
    /// ```
    ///
    /// # Panics
    ///
    /// If `min_length` is 0.
    #[must_use]
    pub fn new(min_length: usize) -> Self {
        at_least_one(min_length);
        Self { min_length, length: 0, open: None }
    }

    /// Hands the runs that end before the last element of the next part to `found`, in order. The part is of whole
    /// elements at any address; positions are counted from the first element of the first part.
    ///
    /// ```
    /// let mut finder = doubles_core::RunFinder::<u8>::new(2);
    /// let mut found = Vec::new();
    /// finder.push(b"aabb", |run| found.push(run));
    /// finder.push(b"bc", |run| found.push(run));
    /// assert_eq!(found, [0..2, 2..5]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the length is not a multiple of the element's size.
    pub fn push(&mut self, part: &[u8], mut found: impl FnMut(Range<usize>)) {
        let Some(first) = runs_unaligned::<T>(part, 1).next() else { return };
        let (before, length) = (self.length, part.len() / size_of::<T>());
        self.length += length;
        // The first run may go on from the part before.
        let value = T::at(part, 0);
        let start = match self.open {
            Some((last, start)) if last == value => start,
            Some((_, start)) => {
                if before - start >= self.min_length {
                    found(start..before);
                }
                before
            }
            None => before,
        };
        if first.end == length {
            self.open = Some((value, start));
            return;
        }
        if before + first.end - start >= self.min_length {
            found(start..before + first.end);
        }
        // And the last one into the next part.
        let last = T::at(part, length - 1);
        // There are two runs; but memory that others write may say otherwise by now.
        let last_start = (first.end..length).rev().find(|i| T::at(part, i - 1) != last).unwrap_or(first.end);
        let middle = &part[first.end * size_of::<T>()..last_start * size_of::<T>()];
        let offset = before + first.end;
        runs_unaligned::<T>(middle, self.min_length).for_each(|run| found(offset + run.start..offset + run.end));
        self.open = Some((last, before + last_start));
    }

    /// The last run, if it is long enough.
    ///
    /// ```
    /// let mut finder = doubles_core::RunFinder::<u8>::new(2);
    /// finder.push(b"abb", |_| {});
    /// assert_eq!(finder.finish(), Some(1..3));
    /// ```
    #[must_use]
    pub fn finish(self) -> Option<Range<usize>> {
        let (_, start) = self.open?;
        (self.length - start >= self.min_length).then_some(start..self.length)
    }
}

/// Whether a character equals the next one. Stops at the first, and takes as long as [`count_chars`](crate::count_chars)
/// where there is none.
///
/// ```
/// assert!(doubles_core::has_chars("passs"));
/// assert!(!doubles_core::has_chars("éáé"));
/// ```
#[must_use]
#[inline]
pub fn has_chars(haystack: &str) -> bool {
    Backend::detect().has_chars(haystack)
}

/// Whether a byte equals the next one. Stops at the first, and takes as long as [`count_bytes`](crate::count_bytes)
/// where there is none.
///
/// ```
/// assert!(doubles_core::has_bytes(b"1337"));
/// assert!(!doubles_core::has_bytes("éáé".as_bytes()));
/// ```
#[must_use]
#[inline]
pub fn has_bytes(haystack: &[u8]) -> bool {
    has_unaligned::<u8>(haystack)
}

/// Whether an element equals the next one. Stops at the first.
///
/// ```
/// assert!(doubles_core::has_elements(&[1u64, 2, 2]));
/// assert!(!doubles_core::has_elements::<u64>(&[]));
/// ```
#[must_use]
#[inline]
pub fn has_elements<T: Element>(haystack: &[T]) -> bool {
    has_unaligned::<T>(T::as_bytes(haystack))
}

/// Whether an element equals the next one, where the elements lie in bytes at any address; integers in either byte order, and
/// floats in that of this machine.
///
/// ```
/// let bytes = [0, /* a u16 */ 1, 2, /* and another */ 1, 2];
/// assert!(doubles_core::has_unaligned::<u16>(&bytes[1..]));
/// assert!(!doubles_core::has_unaligned::<u16>(&bytes[..4]));
/// ```
///
/// # Panics
///
/// If the length is not a multiple of the element's size.
#[must_use]
#[inline]
pub fn has_unaligned<T: Element>(haystack: &[u8]) -> bool {
    Backend::detect().has_unaligned::<T>(haystack)
}

/// Where the characters begin that equal the next one: offsets in bytes, as [`str::char_indices`] has them.
///
/// ```
/// assert_eq!(doubles_core::find_chars("ёё, 文文文").collect::<Vec<_>>(), [0, 6, 9]);
/// ```
#[inline]
pub fn find_chars(haystack: &str) -> Find<'_> {
    Backend::detect().find_chars(haystack)
}

/// The positions of the bytes that equal the next one.
///
/// ```
/// assert_eq!(doubles_core::find_bytes(b"aabccc").collect::<Vec<_>>(), [0, 3, 4]);
/// ```
#[inline]
pub fn find_bytes(haystack: &[u8]) -> Find<'_> {
    find_unaligned::<u8>(haystack)
}

/// The positions of the elements that equal the next one.
///
/// ```
/// assert_eq!(doubles_core::find_elements(&[7u32, 7, 1, 7, 7, 7]).collect::<Vec<_>>(), [0, 3, 4]);
/// ```
#[inline]
pub fn find_elements<T: Element>(haystack: &[T]) -> Find<'_> {
    find_unaligned::<T>(T::as_bytes(haystack))
}

/// The positions of the elements that equal the next one, where the elements lie in bytes at any address. Positions are
/// of elements, not of bytes.
///
/// ```
/// let bytes = [0, /* a u16 */ 3, 4, /* and three others */ 1, 2, 1, 2, 1, 2];
/// assert_eq!(doubles_core::find_unaligned::<u16>(&bytes[1..]).collect::<Vec<_>>(), [1, 2]);
/// ```
///
/// # Panics
///
/// If the length is not a multiple of the element's size.
#[inline]
pub fn find_unaligned<T: Element>(haystack: &[u8]) -> Find<'_> {
    Backend::detect().find_unaligned::<T>(haystack)
}

/// Marks the characters that equal the next one: bit `i % 64` of mark `i / 64` is set where one begins at byte `i`.
///
/// All other bits of the marks are cleared. Where there are fewer than the text needs, it is looked at as far as they
/// reach, and at the character that follows. This is for many short texts that lie one after the other, such as the rows of
/// a column: one call finds the doubles of all of them, and those that straddle two.
///
/// ```
/// let mut marks = [0; 1];
/// doubles_core::mark_chars("aab文文", &mut marks);
/// assert_eq!(marks, [0b0000_1001]);
/// ```
#[inline]
pub fn mark_chars(haystack: &str, marks: &mut [u64]) {
    Backend::detect().mark_chars(haystack, marks);
}

/// Marks the bytes that equal the next one, as [`mark_chars`] does characters.
///
/// ```
/// let mut marks = [0; 1];
/// doubles_core::mark_bytes(b"aabccc", &mut marks);
/// assert_eq!(marks, [0b0001_1001]);
/// ```
#[inline]
pub fn mark_bytes(haystack: &[u8], marks: &mut [u64]) {
    Backend::detect().mark_bytes(haystack, marks);
}

/// The maximal runs of one character, of at least `min_length` characters: the ranges of their bytes.
///
/// With a `min_length` of 1 characters that stand alone are runs, too: each character is in one run.
///
/// ```
/// use doubles_core::runs_of_chars;
/// let text = "sooo gööd";
/// assert_eq!(runs_of_chars(text, 2).map(|run| &text[run]).collect::<Vec<_>>(), ["ooo", "öö"]);
/// ```
#[inline]
pub fn runs_of_chars(haystack: &str, min_length: usize) -> CharRuns<'_> {
    Backend::detect().runs_of_chars(haystack, min_length)
}

/// The maximal runs of one byte, of at least `min_length` bytes.
///
/// ```
/// use doubles_core::runs_of_bytes;
/// assert_eq!(runs_of_bytes(b"GATTACAAAA", 3).collect::<Vec<_>>(), [6..10]);
/// // Run-length encoding: every byte is in one run.
/// assert_eq!(runs_of_bytes(b"aab", 1).collect::<Vec<_>>(), [0..2, 2..3]);
/// ```
#[inline]
pub fn runs_of_bytes(haystack: &[u8], min_length: usize) -> Runs<'_> {
    runs_unaligned::<u8>(haystack, min_length)
}

/// The maximal runs of equal elements, of at least `min_length` elements.
///
/// ```
/// assert_eq!(doubles_core::runs_of_elements(&[20u16, 21, 21, 21, 20], 2).collect::<Vec<_>>(), [1..4]);
/// ```
#[inline]
pub fn runs_of_elements<T: Element>(haystack: &[T], min_length: usize) -> Runs<'_> {
    runs_unaligned::<T>(T::as_bytes(haystack), min_length)
}

/// The maximal runs of equal elements, where the elements lie in bytes at any address. Ranges are of elements, not of
/// bytes.
///
/// ```
/// let bytes = [0, /* a u16 */ 3, 4, /* and two others */ 1, 2, 1, 2];
/// assert_eq!(doubles_core::runs_unaligned::<u16>(&bytes[1..], 2).collect::<Vec<_>>(), [1..3]);
/// ```
///
/// # Panics
///
/// If the length is not a multiple of the element's size.
#[inline]
pub fn runs_unaligned<T: Element>(haystack: &[u8], min_length: usize) -> Runs<'_> {
    Backend::detect().runs_unaligned::<T>(haystack, min_length)
}

/// The first of the longest runs of one character, as the range of its bytes; none in an empty text.
///
/// ```
/// assert_eq!(doubles_core::longest_run_of_chars("bookkeeeper"), Some(5..8));
/// ```
#[must_use]
pub fn longest_run_of_chars(haystack: &str) -> Option<Range<usize>> {
    if haystack.is_ascii() {
        return longest_run_of_bytes(haystack.as_bytes());
    }
    let first = haystack.chars().next()?.len_utf8();
    Some(runs_of_chars(haystack, 2).longest().unwrap_or(0..first))
}

/// The first of the longest runs of one byte; none in an empty haystack.
///
/// ```
/// assert_eq!(doubles_core::longest_run_of_bytes(b"GATTACAAAA"), Some(6..10));
/// assert_eq!(doubles_core::longest_run_of_bytes(b"abc"), Some(0..1));
/// ```
#[must_use]
pub fn longest_run_of_bytes(haystack: &[u8]) -> Option<Range<usize>> {
    longest_run_unaligned::<u8>(haystack)
}

/// The first of the longest runs of equal elements; none in an empty haystack.
///
/// ```
/// assert_eq!(doubles_core::longest_run_of_elements(&[1u8, 2, 2, 3, 3]), Some(1..3));
/// assert_eq!(doubles_core::longest_run_of_elements::<u8>(&[]), None);
/// ```
#[must_use]
pub fn longest_run_of_elements<T: Element>(haystack: &[T]) -> Option<Range<usize>> {
    longest_run_unaligned::<T>(T::as_bytes(haystack))
}

/// The first of the longest runs of equal elements, where the elements lie in bytes at any address.
///
/// ```
/// let bytes = [0, /* a u16 */ 3, 4, /* and two others */ 1, 2, 1, 2];
/// assert_eq!(doubles_core::longest_run_unaligned::<u16>(&bytes[1..]), Some(1..3));
/// ```
///
/// # Panics
///
/// If the length is not a multiple of the element's size.
#[must_use]
pub fn longest_run_unaligned<T: Element>(haystack: &[u8]) -> Option<Range<usize>> {
    let longest = runs_unaligned::<T>(haystack, 2).longest();
    if haystack.is_empty() { None } else { Some(longest.unwrap_or(0..1)) }
}

/// The same with this backend. The functions of the crate, of which these are methods, say what they do.
impl Backend {
    fn finding_elements<T: Element>(self) -> Finding {
        match (size_of::<T>(), T::FLOAT) {
            (1, _) => self.kind().elements::<1, false>(),
            (2, false) => self.kind().elements::<2, false>(),
            (4, false) => self.kind().elements::<4, false>(),
            (_, false) => self.kind().elements::<8, false>(),
            (2, true) => self.kind().elements::<2, true>(),
            (4, true) => self.kind().elements::<4, true>(),
            (_, true) => self.kind().elements::<8, true>(),
        }
    }

    fn finding_chars(self) -> Finding {
        self.kind().chars()
    }

    /// [`has_chars`] with this backend.
    ///
    /// ```
    /// let backend = doubles_core::Backend::detect();
    /// assert!(backend.has_chars("passs") && !backend.has_chars("éáé"));
    /// ```
    #[must_use]
    #[inline]
    pub fn has_chars(self, haystack: &str) -> bool {
        if haystack.len() <= short::LIMIT {
            return self.count_chars(haystack) != 0;
        }
        // SAFETY: a `Backend` holds only kinds that were detected; a str is UTF-8.
        unsafe { (self.finding_chars().has)(haystack.as_bytes()) }
    }

    /// [`has_unaligned`] with this backend.
    ///
    /// ```
    /// let backend = doubles_core::Backend::detect();
    /// assert!(backend.has_unaligned::<u16>(&[1, 2, 1, 2]));
    /// ```
    ///
    /// # Panics
    ///
    /// If the length is not a multiple of the element's size.
    #[must_use]
    #[inline]
    pub fn has_unaligned<T: Element>(self, haystack: &[u8]) -> bool {
        if haystack.len() <= short::LIMIT {
            return self.count_unaligned::<T>(haystack) != 0;
        }
        whole::<T>(haystack);
        // SAFETY: a `Backend` holds only kinds that were detected; the elements are whole.
        unsafe { (self.finding_elements::<T>().has)(haystack) }
    }

    /// [`find_chars`] with this backend.
    ///
    /// ```
    /// let backend = doubles_core::Backend::detect();
    /// assert_eq!(backend.find_chars("ёё, 文文文").collect::<Vec<_>>(), [0, 6, 9]);
    /// ```
    #[inline]
    pub fn find_chars(self, haystack: &str) -> Find<'_> {
        Find::new(Marker::of_chars(haystack, self))
    }

    /// [`find_unaligned`] with this backend.
    ///
    /// ```
    /// let backend = doubles_core::Backend::detect();
    /// assert_eq!(backend.find_unaligned::<u16>(&[3, 4, 1, 2, 1, 2]).collect::<Vec<_>>(), [1]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the length is not a multiple of the element's size.
    #[inline]
    pub fn find_unaligned<T: Element>(self, haystack: &[u8]) -> Find<'_> {
        whole::<T>(haystack);
        Find::new(Marker::of_elements::<T>(haystack, self))
    }

    /// [`mark_chars`] with this backend.
    ///
    /// ```
    /// let mut marks = [0; 1];
    /// doubles_core::Backend::detect().mark_chars("aab文文", &mut marks);
    /// assert_eq!(marks, [0b0000_1001]);
    /// ```
    #[inline]
    pub fn mark_chars(self, haystack: &str, marks: &mut [u64]) {
        // SAFETY: a `Backend` holds only kinds that were detected; a str is UTF-8.
        unsafe { (self.finding_chars().mark)(haystack.as_bytes(), marks) }
    }

    /// [`mark_bytes`] with this backend.
    ///
    /// ```
    /// let mut marks = [0; 1];
    /// doubles_core::Backend::detect().mark_bytes(b"aabccc", &mut marks);
    /// assert_eq!(marks, [0b0001_1001]);
    /// ```
    #[inline]
    pub fn mark_bytes(self, haystack: &[u8], marks: &mut [u64]) {
        // SAFETY: a `Backend` holds only kinds that were detected.
        unsafe { (self.finding_elements::<u8>().mark)(haystack, marks) }
    }

    /// [`runs_of_chars`] with this backend.
    ///
    /// ```
    /// let backend = doubles_core::Backend::detect();
    /// assert_eq!(backend.runs_of_chars("sooo gööd", 2).collect::<Vec<_>>(), [1..4, 6..10]);
    /// ```
    #[inline]
    pub fn runs_of_chars(self, haystack: &str, min_length: usize) -> CharRuns<'_> {
        CharRuns::new(haystack, self, min_length)
    }

    /// [`runs_unaligned`] with this backend.
    ///
    /// ```
    /// let backend = doubles_core::Backend::detect();
    /// assert_eq!(backend.runs_unaligned::<u8>(b"GATTACAAAA", 3).collect::<Vec<_>>(), [6..10]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the length is not a multiple of the element's size.
    #[inline]
    pub fn runs_unaligned<T: Element>(self, haystack: &[u8], min_length: usize) -> Runs<'_> {
        whole::<T>(haystack);
        Runs::new(Marker::of_elements::<T>(haystack, self), min_length)
    }
}

fn at_least_one(min_length: usize) {
    assert!(min_length >= 1, "min_length must be at least 1");
}

fn whole<T: Element>(haystack: &[u8]) {
    assert!(haystack.len().is_multiple_of(size_of::<T>()), "the last element is cut");
}
