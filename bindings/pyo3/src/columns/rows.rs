//! The rows of arrays, and how many doubles each has.

use std::hint::select_unpredictable;
use std::ops::Range;
use std::{iter, mem};

use arrow_array::types::{ByteArrayType, ByteViewType};
use arrow_array::{Array as _, ArrayAccessor, FixedSizeBinaryArray, GenericByteArray, GenericByteViewArray};
use arrow_buffer::{ArrowNativeType, NullBuffer};
use arrow_data::ByteView;
use doubles_core::Backend;

use super::ROWS;
use super::memory::{NoMemory, vec_of};

/// The bytes up to which the rows of a part are looked at together: 64 a row. Longer ones are better looked at by themselves.
const TOGETHER: usize = 64 * ROWS;

/// The longest row that a view holds itself.
pub(super) const INLINE: usize = 12;

/// The bytes that are copied of a row that a view does not hold itself, if it is no longer: a copy of one length takes no
/// decision.
const COPY: usize = 32;

/// A row: text by its characters, or binary by its bytes.
pub(super) trait Row: AsRef<[u8]> + Sync {
    const IS_TEXT: bool;

    /// A row of these bytes.
    ///
    /// # Safety
    ///
    /// They must be UTF-8 if it [is text](Self::IS_TEXT).
    unsafe fn of_bytes(bytes: &[u8]) -> &Self;

    /// How many of its items equal the next one.
    fn count(&self, backend: Backend) -> usize;

    /// Marks the items that equal the next one by their first bytes.
    fn mark(&self, backend: Backend, marks: &mut [u64]);
}

impl Row for str {
    const IS_TEXT: bool = true;

    unsafe fn of_bytes(bytes: &[u8]) -> &Self {
        // SAFETY: the caller's promise.
        unsafe { str::from_utf8_unchecked(bytes) }
    }

    #[inline]
    fn count(&self, backend: Backend) -> usize {
        backend.count_chars(self)
    }

    #[inline]
    fn mark(&self, backend: Backend, marks: &mut [u64]) {
        backend.mark_chars(self, marks);
    }
}

impl Row for [u8] {
    const IS_TEXT: bool = false;

    unsafe fn of_bytes(bytes: &[u8]) -> &Self {
        bytes
    }

    #[inline]
    fn count(&self, backend: Backend) -> usize {
        backend.count_bytes(self)
    }

    #[inline]
    fn mark(&self, backend: Backend, marks: &mut [u64]) {
        backend.mark_bytes(self, marks);
    }
}

/// The rows of an array.
pub(super) trait Rows<'a, R: Row + ?Sized + 'a>: ArrayAccessor<Item = &'a R> {
    /// The rows of a part as one, one after the other, and where in it each ends; if they are short. A null row is one of any
    /// length.
    fn together<'r>(&'r self, part: Range<usize>, bytes: &'r mut Vec<u8>, ends: &mut Vec<u32>) -> Option<&'r R>;

    /// A row; none where it is null, since that may hold anything, text that is not UTF-8 as well.
    #[inline]
    fn row(&self, at: usize) -> Option<&'a R> {
        is_valid(self.nulls(), at).then(|| self.value(at))
    }
}

#[inline]
fn is_valid(nulls: Option<&NullBuffer>, at: usize) -> bool {
    nulls.is_none_or(|nulls| nulls.is_valid(at))
}

impl<'a, R: Row + ?Sized + 'a, T: ByteArrayType<Native = R>> Rows<'a, R> for &'a GenericByteArray<T> {
    /// As they lie in memory.
    fn together<'r>(&'r self, part: Range<usize>, _bytes: &'r mut Vec<u8>, ends: &mut Vec<u32>) -> Option<&'r R> {
        let offsets = &self.value_offsets()[part.start..=part.end];
        let (first, last) = (offsets[0].as_usize(), offsets[part.len()].as_usize());
        let has_hidden = || iter::zip(part, offsets.windows(2)).any(|(at, row)| row[0] != row[1] && self.is_null(at));
        if last - first > TOGETHER || (R::IS_TEXT && self.null_count() != 0 && has_hidden()) {
            return None;
        }
        ends.extend(offsets[1..].iter().map(|end| (end.as_usize() - first) as u32));
        // SAFETY: these are rows of text which are not null, or of binary.
        Some(unsafe { R::of_bytes(&self.value_data()[first..last]) })
    }
}

impl<'a> Rows<'a, [u8]> for &'a FixedSizeBinaryArray {
    /// As they lie in memory.
    fn together<'r>(&'r self, part: Range<usize>, _bytes: &'r mut Vec<u8>, ends: &mut Vec<u32>) -> Option<&'r [u8]> {
        let size = self.value_length().as_usize();
        if part.len() * size > TOGETHER {
            return None;
        }
        ends.extend((1..=part.len()).map(|rows| (rows * size) as u32));
        Some(&self.value_data()[part.start * size..part.end * size])
    }
}

impl<'a, R: Row + ?Sized + 'a, T: ByteViewType<Native = R>> Rows<'a, R> for &'a GenericByteViewArray<T> {
    /// Copied to `bytes`, since they may lie anywhere.
    fn together<'r>(&'r self, part: Range<usize>, bytes: &'r mut Vec<u8>, ends: &mut Vec<u32>) -> Option<&'r R> {
        let (views, nulls) = (self.views(), self.nulls());
        let (views_as_bytes, buffers) = (views.inner().as_slice(), self.data_buffers());
        bytes.resize(TOGETHER + COPY, 0);
        let mut end = 0;
        for at in part {
            let view = ByteView::from(views[at]);
            let len = if is_valid(nulls, at) { view.length as usize } else { 0 };
            if end + len > TOGETHER {
                return None;
            }
            // Which of the two places it is in cannot be guessed either.
            let inline = len <= INLINE;
            let buffer = select_unpredictable(inline, 0, view.buffer_index as usize);
            let buffer = buffers.get(buffer).map_or(&[][..], |buffer| buffer.as_slice());
            let from = select_unpredictable(inline, size_of::<u128>() * at + size_of::<u32>(), view.offset as usize);
            let from = &select_unpredictable(inline, views_as_bytes, buffer)[from..];
            match (from.first_chunk::<COPY>(), bytes[end..].first_chunk_mut::<COPY>()) {
                (Some(from), Some(to)) if len <= COPY => *to = *from,
                _ => bytes[end..end + len].copy_from_slice(&from[..len]),
            }
            end += len;
            ends.push(end as u32);
        }
        // SAFETY: these are rows of text which are not null, or of binary.
        Some(unsafe { R::of_bytes(&bytes[..end]) })
    }
}

/// Counts the doubles of rows, a part at a time.
pub(super) struct Counter {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    marks: Vec<u64>,
    counts: Vec<i64>,
}

impl Counter {
    /// With room for the largest part, so that counting takes no memory.
    pub(super) fn new() -> Result<Self, NoMemory> {
        Ok(Self {
            bytes: vec_of(TOGETHER + COPY)?,
            ends: vec_of(ROWS)?,
            marks: vec_of(TOGETHER / 64 + 2)?,
            counts: vec_of(ROWS)?,
        })
    }

    /// Appends to `counts`, which has room for them, how many doubles each row of a part has. Of a null row it may be any
    /// number.
    ///
    /// Short rows are not counted one by one: what to do with each would depend on its length, which the CPU cannot guess,
    /// and each wrong guess takes longer than such a row. So the doubles of all are marked at once, as if they were one
    /// row, and then each row's marks are counted in a way that is the same for all lengths up to 64.
    pub(super) fn count<'a, R: Row + ?Sized + 'a>(
        &mut self,
        rows: &impl Rows<'a, R>,
        part: Range<usize>,
        counts: &mut Vec<i64>,
    ) {
        let Self { bytes, ends, marks, .. } = self;
        let backend = Backend::detect();
        ends.clear();
        let Some(together) = rows.together(part.clone(), bytes, ends) else {
            counts.extend(part.map(|at| rows.row(at).map_or(0, |row| row.count(backend) as i64)));
            return;
        };
        let bytes = together.as_ref();
        // One more than there are bytes for, so that each has a next one.
        marks.resize(bytes.len() / 64 + 2, 0);
        together.mark(backend, marks);
        let mut start = 0;
        counts.extend(ends.iter().map(|end| {
            let end = *end as usize;
            let count = count_marks(marks, start, if start < end { last_item::<R>(bytes, end) } else { start });
            start = end;
            i64::from(count)
        }));
    }

    /// How many doubles each row of a part has. Of a null row it may be any number.
    pub(super) fn counts<'a, R: Row + ?Sized + 'a>(&mut self, rows: &impl Rows<'a, R>, part: Range<usize>) -> &[i64] {
        let mut counts = mem::take(&mut self.counts);
        counts.clear();
        self.count(rows, part, &mut counts);
        self.counts = counts;
        &self.counts
    }

    /// Calls `each` with the rows of a part, and how many doubles each has; with none for a null row. The first error ends it.
    pub(super) fn for_each<'a, R: Row + ?Sized + 'a>(
        &mut self,
        rows: &impl Rows<'a, R>,
        part: Range<usize>,
        mut each: impl FnMut(usize, Option<(&'a R, i64)>) -> Result<(), NoMemory>,
    ) -> Result<(), NoMemory> {
        let counts = self.counts(rows, part.clone());
        part.zip(counts).try_for_each(|(at, doubles)| each(at, rows.row(at).map(|row| (row, *doubles))))
    }
}

/// The start of the item that ends at `end`. Whether it equals what follows is not the row's business.
#[inline(always)]
fn last_item<R: Row + ?Sized>(bytes: &[u8], end: usize) -> usize {
    let mut last = end - 1;
    while R::IS_TEXT && bytes[last] & 0b1100_0000 == 0b1000_0000 {
        last -= 1;
    }
    last
}

/// How many bits from `start` up to `end` are set.
#[inline(always)]
fn count_marks(marks: &[u64], start: usize, end: usize) -> u32 {
    // The 64 bits from a place on.
    let from = |at: usize| marks[at / 64] >> (at % 64) | marks[at / 64 + 1] << 1 << (63 - at % 64);
    let mut at = start;
    let mut count = 0;
    while end - at >= 64 {
        count += from(at).count_ones();
        at += 64;
    }
    count + (from(at) & !(u64::MAX << (end - at))).count_ones()
}
