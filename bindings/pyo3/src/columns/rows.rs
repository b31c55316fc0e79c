//! What is asked of each row of an array.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array as _, ArrayAccessor, ArrayRef, BooleanArray, Int64Array, StructArray};
use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder, NullBuffer, NullBufferBuilder};
use arrow_schema::{DataType, Field, Fields};
use doubles_core::{Backend, longest_run_of_bytes, longest_run_of_chars};
use pyo3::prelude::*;

use super::{Operation, in_parts};

/// The bytes up to which a row is gone through item by item: to begin with vectors would take longer.
pub(super) const SHORT: usize = 64;

/// A row: a str by its characters, or binary by its bytes.
pub(super) trait Row {
    fn count(&self, backend: Backend) -> usize;

    fn has(&self, backend: Backend) -> bool;

    /// The first of the longest runs as its start and length, if there is an item.
    fn longest_run(&self, backend: Backend) -> Option<(usize, usize)>;
}

impl Row for str {
    #[inline]
    fn count(&self, backend: Backend) -> usize {
        backend.count_chars(self)
    }

    #[inline]
    fn has(&self, backend: Backend) -> bool {
        backend.has_chars(self)
    }

    #[inline]
    fn longest_run(&self, backend: Backend) -> Option<(usize, usize)> {
        if !self.has(backend) {
            return if self.is_empty() { None } else { Some((0, 1)) };
        }
        if self.len() <= SHORT {
            return longest_run_of(self.chars());
        }
        let run = longest_run_of_chars(self)?;
        let char = self[run.start..].chars().next()?;
        Some((self[..run.start].chars().count(), run.len() / char.len_utf8()))
    }
}

impl Row for [u8] {
    #[inline]
    fn count(&self, backend: Backend) -> usize {
        backend.count_bytes(self)
    }

    #[inline]
    fn has(&self, backend: Backend) -> bool {
        backend.has_unaligned::<u8>(self)
    }

    #[inline]
    fn longest_run(&self, backend: Backend) -> Option<(usize, usize)> {
        if !self.has(backend) {
            return if self.is_empty() { None } else { Some((0, 1)) };
        }
        if self.len() <= SHORT {
            return longest_run_of(self.iter());
        }
        longest_run_of_bytes(self).map(|run| (run.start, run.len()))
    }
}

fn longest_run_of<T: PartialEq>(items: impl Iterator<Item = T>) -> Option<(usize, usize)> {
    let (mut start, mut before) = (0, None);
    let mut longest = None;
    for (at, item) in items.enumerate() {
        if before.as_ref() != Some(&item) {
            start = at;
        }
        let length = at + 1 - start;
        if longest.is_none_or(|(_, longest)| length > longest) {
            longest = Some((start, length));
        }
        before = Some(item);
    }
    longest
}

/// A row of an array; none where it is null, since that may hold anything, text that is not UTF-8 as well.
#[inline(always)]
pub(super) fn row<'a, R: ?Sized + 'a>(
    rows: &impl ArrayAccessor<Item = &'a R>,
    nulls: Option<&NullBuffer>,
    at: usize,
) -> Option<&'a R> {
    nulls.is_none_or(|nulls| nulls.is_valid(at)).then(|| rows.value(at))
}

/// What makes a new array of rows, whatever array these are in.
trait OfRows {
    fn of_rows<'a, R, A>(&self, py: Python<'_>, rows: A) -> PyResult<ArrayRef>
    where
        R: Row + ?Sized + 'a,
        A: ArrayAccessor<Item = &'a R>;

    fn of_array(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef> {
        match array.data_type() {
            DataType::Utf8 => self.of_rows(py, array.as_string::<i32>()),
            DataType::LargeUtf8 => self.of_rows(py, array.as_string::<i64>()),
            DataType::Utf8View => self.of_rows(py, array.as_string_view()),
            DataType::Binary => self.of_rows(py, array.as_binary::<i32>()),
            DataType::LargeBinary => self.of_rows(py, array.as_binary::<i64>()),
            DataType::BinaryView => self.of_rows(py, array.as_binary_view()),
            DataType::FixedSizeBinary(_) => self.of_rows(py, array.as_fixed_size_binary()),
            other => unreachable!("a column of {other} is refused"),
        }
    }
}

/// How many doubles each row has.
pub(super) struct Count;

impl Operation for Count {
    fn output(&self, _input: &DataType) -> DataType {
        DataType::Int64
    }

    fn array(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef> {
        self.of_array(py, array)
    }
}

impl OfRows for Count {
    fn of_rows<'a, R, A>(&self, py: Python<'_>, rows: A) -> PyResult<ArrayRef>
    where
        R: Row + ?Sized + 'a,
        A: ArrayAccessor<Item = &'a R>,
    {
        let (backend, nulls) = (Backend::detect(), rows.nulls());
        let mut counts = Vec::with_capacity(rows.len());
        in_parts(py, rows.len(), |part| {
            counts.extend(part.map(|at| row(&rows, nulls, at).map_or(0, |row| row.count(backend) as i64)));
        })?;
        Ok(Arc::new(Int64Array::new(counts.into(), nulls.cloned())))
    }
}

/// Whether each row has a double.
pub(super) struct Has;

impl Operation for Has {
    fn output(&self, _input: &DataType) -> DataType {
        DataType::Boolean
    }

    fn array(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef> {
        self.of_array(py, array)
    }
}

impl OfRows for Has {
    fn of_rows<'a, R, A>(&self, py: Python<'_>, rows: A) -> PyResult<ArrayRef>
    where
        R: Row + ?Sized + 'a,
        A: ArrayAccessor<Item = &'a R>,
    {
        let (backend, nulls) = (Backend::detect(), rows.nulls());
        let mut found = BooleanBufferBuilder::new(rows.len());
        in_parts(py, rows.len(), |part| {
            let (start, len) = (part.start, part.len());
            let of_part = BooleanBuffer::collect_bool(len, |at| {
                row(&rows, nulls, start + at).is_some_and(|row| row.has(backend))
            });
            found.append_buffer(&of_part);
        })?;
        Ok(Arc::new(BooleanArray::new(found.finish(), nulls.cloned())))
    }
}

/// The first of the longest runs of each row.
pub(super) struct LongestRun;

impl LongestRun {
    fn fields() -> Fields {
        ["start", "length"].map(|name| Field::new(name, DataType::Int64, true)).into_iter().collect()
    }
}

impl Operation for LongestRun {
    fn output(&self, _input: &DataType) -> DataType {
        DataType::Struct(Self::fields())
    }

    fn array(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef> {
        self.of_array(py, array)
    }
}

impl OfRows for LongestRun {
    fn of_rows<'a, R, A>(&self, py: Python<'_>, rows: A) -> PyResult<ArrayRef>
    where
        R: Row + ?Sized + 'a,
        A: ArrayAccessor<Item = &'a R>,
    {
        let (backend, nulls) = (Backend::detect(), rows.nulls());
        let (mut starts, mut lengths) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        let mut has_run = NullBufferBuilder::new(rows.len());
        in_parts(py, rows.len(), |part| {
            for at in part {
                let run = row(&rows, nulls, at).and_then(|row| row.longest_run(backend));
                let (start, length) = run.unwrap_or_default();
                has_run.append(run.is_some());
                starts.push(start as i64);
                lengths.push(length as i64);
            }
        })?;
        let columns: [ArrayRef; 2] = [starts, lengths].map(|column| Arc::new(Int64Array::from(column)) as _);
        Ok(Arc::new(StructArray::new(Self::fields(), columns.into(), has_run.finish())))
    }
}
