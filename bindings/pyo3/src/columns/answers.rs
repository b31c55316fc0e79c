//! What is told of each row.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array as _, ArrayRef, BooleanArray, Int64Array, StructArray};
use arrow_buffer::ScalarBuffer;
use arrow_schema::{DataType, Field, Fields};
use doubles_core::{longest_run_of_bytes, longest_run_of_chars};
use pyo3::prelude::*;

use super::memory::{Bits, NoMemory, vec_of};
use super::rows::{Counter, Row, Rows};
use super::{Operation, SHORT, in_parts};

/// What makes a new array of rows, whatever array these are in.
trait OfRows {
    fn of_rows<'a, R, A>(&self, py: Python<'_>, rows: A) -> PyResult<ArrayRef>
    where
        R: Items + ?Sized + 'a,
        A: Rows<'a, R>;

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

    fn nulls(&self, array: &ArrayRef) -> Result<ArrayRef, NoMemory> {
        let len = array.len();
        Ok(Arc::new(Int64Array::new(zeros(len)?, Bits::unset(len)?.validity())))
    }
}

impl OfRows for Count {
    fn of_rows<'a, R, A>(&self, py: Python<'_>, rows: A) -> PyResult<ArrayRef>
    where
        R: Items + ?Sized + 'a,
        A: Rows<'a, R>,
    {
        let mut counter = Counter::new()?;
        let mut counts = vec_of(rows.len())?;
        in_parts::<NoMemory>(py, rows.len(), |part| {
            counter.count(&rows, part, &mut counts);
            Ok(())
        })?;
        Ok(Arc::new(Int64Array::new(counts.into(), rows.nulls().cloned())))
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

    fn nulls(&self, array: &ArrayRef) -> Result<ArrayRef, NoMemory> {
        let len = array.len();
        Ok(Arc::new(BooleanArray::new(Bits::unset(len)?.finish(), Bits::unset(len)?.validity())))
    }
}

impl OfRows for Has {
    fn of_rows<'a, R, A>(&self, py: Python<'_>, rows: A) -> PyResult<ArrayRef>
    where
        R: Items + ?Sized + 'a,
        A: Rows<'a, R>,
    {
        let mut counter = Counter::new()?;
        let mut found = Bits::new(rows.len())?;
        in_parts::<NoMemory>(py, rows.len(), |part| {
            let counts = counter.counts(&rows, part);
            found.extend(counts.len(), |at| counts[at] != 0);
            Ok(())
        })?;
        Ok(Arc::new(BooleanArray::new(found.finish(), rows.nulls().cloned())))
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

    fn nulls(&self, array: &ArrayRef) -> Result<ArrayRef, NoMemory> {
        let (zeros, none) = (zeros(array.len())?, Bits::unset(array.len())?.validity());
        let columns: [ArrayRef; 2] = [zeros.clone(), zeros].map(|column| Arc::new(Int64Array::new(column, None)) as _);
        Ok(Arc::new(StructArray::new(Self::fields(), columns.into(), none)))
    }
}

impl OfRows for LongestRun {
    fn of_rows<'a, R, A>(&self, py: Python<'_>, rows: A) -> PyResult<ArrayRef>
    where
        R: Items + ?Sized + 'a,
        A: Rows<'a, R>,
    {
        let mut counter = Counter::new()?;
        let (mut starts, mut lengths) = (vec_of(rows.len())?, vec_of(rows.len())?);
        let mut has_run = Bits::new(rows.len())?;
        in_parts::<NoMemory>(py, rows.len(), |part| {
            let before = lengths.len();
            counter.for_each(&rows, part, |_, row| {
                let run = row.and_then(|(row, doubles)| row.longest_run(doubles));
                let (start, length) = run.unwrap_or_default();
                starts.push(start as i64);
                lengths.push(length as i64);
                Ok(())
            })?;
            // A run is of one item at least.
            let lengths = &lengths[before..];
            has_run.extend(lengths.len(), |at| lengths[at] != 0);
            Ok(())
        })?;
        let columns: [ArrayRef; 2] =
            [starts, lengths].map(|column| Arc::new(Int64Array::new(column.into(), None)) as _);
        Ok(Arc::new(StructArray::new(Self::fields(), columns.into(), has_run.validity())))
    }
}

/// As many zeros as an array has rows.
fn zeros(len: usize) -> Result<ScalarBuffer<i64>, NoMemory> {
    let mut zeros = vec_of(len)?;
    zeros.resize(len, 0);
    Ok(zeros.into())
}

/// A row of which the longest run can be told.
trait Items: Row {
    /// The first of the longest runs as its start and length, if there is an item. So many doubles were counted.
    fn longest_run(&self, doubles: i64) -> Option<(usize, usize)>;
}

impl Items for str {
    #[inline]
    fn longest_run(&self, doubles: i64) -> Option<(usize, usize)> {
        if doubles == 0 {
            return (!self.is_empty()).then_some((0, 1));
        }
        if self.len() <= SHORT {
            return longest_run_of(self.chars());
        }
        let run = longest_run_of_chars(self)?;
        let char = self[run.start..].chars().next()?;
        Some((self[..run.start].chars().count(), run.len() / char.len_utf8()))
    }
}

impl Items for [u8] {
    #[inline]
    fn longest_run(&self, doubles: i64) -> Option<(usize, usize)> {
        if doubles == 0 {
            return (!self.is_empty()).then_some((0, 1));
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
