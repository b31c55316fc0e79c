//! Columns whose rows are squeezed.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::make_view;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, BinaryType, BinaryViewType, ByteArrayType, ByteViewType, LargeBinaryType, LargeUtf8Type,
    StringViewType, Utf8Type,
};
use arrow_array::{
    Array as _, ArrayRef, DictionaryArray, GenericByteArray, GenericByteViewArray, UInt64Array,
    downcast_dictionary_array,
};
use arrow_buffer::{ArrowNativeType, OffsetBuffer, ScalarBuffer};
use arrow_schema::DataType;
use arrow_select::take::take;
use doubles_core::{Squeezer, runs_of_chars};
use pyo3::prelude::*;

use super::rows::{Counter, INLINE, Row, Rows};
use super::{Operation, SHORT, failed, in_parts, large_vec};

/// The bytes up to which rows that are squeezed share a buffer, whose positions a view has as 32 bits.
const BUFFER: usize = 1 << 30;

/// The rows with their runs cut to so many items.
pub(super) struct Squeeze {
    pub(super) max_run: usize,
}

impl Operation for Squeeze {
    fn output(&self, input: &DataType) -> DataType {
        match input {
            // Its rows no longer have one size, and together may be longer than binary can be.
            DataType::FixedSizeBinary(_) => DataType::LargeBinary,
            DataType::Dictionary(keys, values) => DataType::Dictionary(keys.clone(), Box::new(self.output(values))),
            same => same.clone(),
        }
    }

    fn array(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef> {
        match array.data_type() {
            DataType::Utf8 => self.bytes::<Utf8Type>(py, array),
            DataType::LargeUtf8 => self.bytes::<LargeUtf8Type>(py, array),
            DataType::Utf8View => self.views::<StringViewType>(py, array),
            DataType::Binary => self.bytes::<BinaryType>(py, array),
            DataType::LargeBinary => self.bytes::<LargeBinaryType>(py, array),
            DataType::BinaryView => self.views::<BinaryViewType>(py, array),
            DataType::FixedSizeBinary(size) => {
                let rows = array.as_fixed_size_binary();
                self.rows::<LargeBinaryType, _>(py, rows, rows.len() * size.as_usize())
            }
            other => unreachable!("a column of {other} is refused"),
        }
    }

    fn dictionary(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef> {
        let values = self.array(py, array.as_any_dictionary().values())?;
        py.detach(|| {
            let (distinct, places) = distinct(&values);
            if distinct.len() == values.len() {
                return Ok(array.as_any_dictionary().with_values(values));
            }
            let values = take(&values, &UInt64Array::from(distinct), None).map_err(failed)?;
            downcast_dictionary_array!(
                array => Ok(Arc::new(with_values(array, values, &places))),
                other => unreachable!("{other} is no dictionary")
            )
        })
    }
}

impl Squeeze {
    fn bytes<T: ByteArrayType<Native: Cut>>(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef> {
        let rows = array.as_bytes::<T>();
        let offsets = rows.value_offsets();
        self.rows::<T, _>(py, rows, (offsets[rows.len()] - offsets[0]).as_usize())
    }

    /// All in one buffer, which is never longer than the `len` bytes that the rows have.
    fn rows<'a, T: ByteArrayType<Native: Cut + 'a>, A: Rows<'a, T::Native>>(
        &self,
        py: Python<'_>,
        rows: A,
        len: usize,
    ) -> PyResult<ArrayRef> {
        let mut counter = Counter::default();
        let mut squeezed = large_vec(len);
        let mut offsets = large_vec(rows.len() + 1);
        offsets.push(T::Offset::usize_as(0));
        in_parts(py, rows.len(), |part| {
            counter.for_each(&rows, part, |_, row| {
                match row {
                    Some((row, 1..)) => row.cut(self.max_run, &mut squeezed),
                    Some((row, _)) => squeezed.extend_from_slice(row.as_ref()),
                    None => {}
                }
                offsets.push(T::Offset::usize_as(squeezed.len()));
            });
        })?;
        // SAFETY: offsets begin with 0 and grow; and what is between two of them is a row of which whole characters were
        // taken out.
        Ok(Arc::new(unsafe {
            let offsets = OffsetBuffer::new_unchecked(offsets.into());
            GenericByteArray::<T>::new_unchecked(offsets, squeezed.into(), rows.nulls().cloned())
        }))
    }

    /// A view of a row that stays as it is stays; the others see what is added after the buffers that there are.
    fn views<T: ByteViewType<Native: Cut>>(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef> {
        let rows = array.as_byte_view::<T>();
        let mut counter = Counter::default();
        let mut buffers = rows.data_buffers().to_vec();
        let mut squeezed = Vec::new();
        let mut views = large_vec(rows.len());
        in_parts(py, rows.len(), |part| {
            counter.for_each(&rows, part, |at, row| {
                let view = match row {
                    Some((row, 1..)) => {
                        if squeezed.len() + AsRef::<[u8]>::as_ref(row).len() > BUFFER && !squeezed.is_empty() {
                            buffers.push(std::mem::take(&mut squeezed).into());
                        }
                        let start = squeezed.len();
                        row.cut(self.max_run, &mut squeezed);
                        let view = make_view(&squeezed[start..], buffers.len() as u32, start as u32);
                        if squeezed.len() - start <= INLINE {
                            squeezed.truncate(start);
                        }
                        view
                    }
                    Some(_) => rows.views()[at],
                    None => 0,
                };
                views.push(view);
            });
        })?;
        if !squeezed.is_empty() {
            buffers.push(squeezed.into());
        }
        // SAFETY: each view is of a row that there was, or of one in a new buffer, of which whole characters were taken out.
        Ok(Arc::new(unsafe {
            GenericByteViewArray::<T>::new_unchecked(ScalarBuffer::from(views), buffers, rows.nulls().cloned())
        }))
    }
}

/// A row whose runs can be cut.
trait Cut: Row {
    /// Appends the row with its runs cut to `max_run` items.
    fn cut(&self, max_run: usize, squeezed: &mut Vec<u8>);
}

impl Cut for str {
    fn cut(&self, max_run: usize, squeezed: &mut Vec<u8>) {
        if self.is_ascii() {
            return self.as_bytes().cut(max_run, squeezed);
        }
        let mut kept = 0;
        for run in runs_of_chars(self, max_run.saturating_add(1)) {
            let width = self[run.start..].chars().next().map_or(0, char::len_utf8);
            squeezed.extend_from_slice(&self.as_bytes()[kept..run.start + max_run * width]);
            kept = run.end;
        }
        squeezed.extend_from_slice(&self.as_bytes()[kept..]);
    }
}

impl Cut for [u8] {
    fn cut(&self, max_run: usize, squeezed: &mut Vec<u8>) {
        if self.len() > SHORT {
            squeezed.reserve(self.len());
            let written = Squeezer::new(max_run).push_into(self, |_: u8| true, squeezed.spare_capacity_mut());
            // SAFETY: so many were written after those that there are.
            unsafe { squeezed.set_len(squeezed.len() + written) };
            return;
        }
        let (mut before, mut length) = (None, 0);
        for byte in self {
            length = if before == Some(byte) { length + 1 } else { 1 };
            if length <= max_run {
                squeezed.push(*byte);
            }
            before = Some(byte);
        }
    }
}

/// The distinct ones among the values of a dictionary, by their places, and for each value which of those it is.
fn distinct(values: &ArrayRef) -> (Vec<u64>, Vec<usize>) {
    let values: Vec<Option<&[u8]>> = match values.data_type() {
        DataType::Utf8 => values.as_string::<i32>().iter().map(|row| row.map(str::as_bytes)).collect(),
        DataType::LargeUtf8 => values.as_string::<i64>().iter().map(|row| row.map(str::as_bytes)).collect(),
        DataType::Utf8View => values.as_string_view().iter().map(|row| row.map(str::as_bytes)).collect(),
        DataType::Binary => values.as_binary::<i32>().iter().collect(),
        DataType::LargeBinary => values.as_binary::<i64>().iter().collect(),
        DataType::BinaryView => values.as_binary_view().iter().collect(),
        other => unreachable!("no squeezed column is of {other}"),
    };
    let (mut distinct, mut known) = (Vec::new(), HashMap::new());
    let places = (0..).zip(values).map(|(at, value)| {
        *known.entry(value).or_insert_with(|| {
            distinct.push(at);
            distinct.len() - 1
        })
    });
    let places = places.collect();
    (distinct, places)
}

/// A dictionary of other values, with the place among them for each of its own.
fn with_values<K: ArrowDictionaryKeyType>(
    dictionary: &DictionaryArray<K>,
    values: ArrayRef,
    places: &[usize],
) -> DictionaryArray<K> {
    // The key of a null row may be anything.
    let place = |key: K::Native| places.get(key.as_usize()).copied().unwrap_or_default();
    DictionaryArray::new(dictionary.keys().unary(|key| K::Native::usize_as(place(key))), values)
}
