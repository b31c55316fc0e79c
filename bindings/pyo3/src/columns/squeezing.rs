//! Columns whose rows are squeezed.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

use arrow_array::builder::make_view;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, BinaryType, BinaryViewType, ByteArrayType, ByteViewType, LargeBinaryType, LargeUtf8Type,
    StringViewType, Utf8Type,
};
use arrow_array::{
    Array as _, ArrayRef, DictionaryArray, GenericByteArray, GenericByteViewArray, PrimitiveArray,
    downcast_dictionary_array, downcast_run_array,
};
use arrow_buffer::{ArrowNativeType, Buffer, OffsetBuffer};
use arrow_schema::{DataType, Field};
use doubles_core::{Squeezer, runs_of_chars};
use pyo3::prelude::*;

use super::gather::{Places as _, pick_bytes, pick_views, shared};
use super::memory::{NoMemory, vec_of};
use super::rows::{Counter, INLINE, Row, Rows};
use super::{Operation, SHORT, in_parts};
use crate::values::Chosen;

/// The bytes up to which rows that are squeezed share a buffer, whose positions a view has as 32 bits.
const BUFFER: usize = 1 << 30;

/// The rows with their runs of chosen items cut to so many.
pub(super) struct Squeeze {
    pub(super) max_run: usize,
    pub(super) chosen: Chosen,
}

impl Operation for Squeeze {
    fn output(&self, input: &DataType) -> DataType {
        match input {
            // Its rows no longer have one size, and together may be longer than binary can be.
            DataType::FixedSizeBinary(_) => DataType::LargeBinary,
            DataType::Dictionary(keys, values) => DataType::Dictionary(keys.clone(), Box::new(self.output(values))),
            DataType::RunEndEncoded(ends, values) => {
                let squeezed = Field::new(values.name(), self.output(values.data_type()), values.is_nullable());
                DataType::RunEndEncoded(ends.clone(), Arc::new(squeezed))
            }
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

    /// Nothing is left of nulls but nulls.
    fn nulls(&self, array: &ArrayRef) -> Result<ArrayRef, NoMemory> {
        Ok(array.clone())
    }

    fn dictionary(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef> {
        let values = self.any(py, array.as_any_dictionary().values())?;
        if values.data_type() == &DataType::Null {
            return Ok(array.clone());
        }
        let (distinct, places) = distinct(py, &values)?;
        if distinct.len() == values.len() {
            return Ok(array.as_any_dictionary().with_values(values));
        }
        let values = match values.data_type() {
            DataType::Utf8 => pick_bytes(py, values.as_string::<i32>(), &distinct),
            DataType::LargeUtf8 => pick_bytes(py, values.as_string::<i64>(), &distinct),
            DataType::Utf8View => pick_views(py, values.as_string_view(), &distinct),
            DataType::Binary => pick_bytes(py, values.as_binary::<i32>(), &distinct),
            DataType::LargeBinary => pick_bytes(py, values.as_binary::<i64>(), &distinct),
            DataType::BinaryView => pick_views(py, values.as_binary_view(), &distinct),
            other => unreachable!("no squeezed column is of {other}"),
        }?;
        downcast_dictionary_array!(
            array => with_values(py, array, values, &places),
            other => unreachable!("{other} is no dictionary")
        )
    }

    /// The runs stay, also where values that follow each other become equal.
    fn runs(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef> {
        downcast_run_array!(
            array => Ok(Arc::new(array.with_values(self.any(py, array.values())?))),
            other => unreachable!("{other} is not run-end encoded")
        )
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
        let mut counter = Counter::new()?;
        let mut squeezed = vec_of(len)?;
        let mut offsets = vec_of(rows.len() + 1)?;
        offsets.push(T::Offset::usize_as(0));
        in_parts::<NoMemory>(py, rows.len(), |part| {
            counter.for_each(&rows, part, |_, row| {
                match row {
                    Some((row, 1..)) => row.cut(self, &mut squeezed),
                    Some((row, _)) => squeezed.extend_from_slice(row.as_ref()),
                    None => {}
                }
                offsets.push(T::Offset::usize_as(squeezed.len()));
                Ok(())
            })
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
        let mut counter = Counter::new()?;
        let mut buffers = vec_of::<Buffer>(rows.data_buffers().len() + 1)?;
        buffers.extend_from_slice(rows.data_buffers());
        let mut squeezed = Vec::new();
        let mut views = vec_of(rows.len())?;
        in_parts::<NoMemory>(py, rows.len(), |part| {
            counter.for_each(&rows, part, |at, row| {
                let view = match row {
                    Some((row, 1..)) => {
                        let len = AsRef::<[u8]>::as_ref(row).len();
                        if squeezed.len() + len > BUFFER && !squeezed.is_empty() {
                            // One more than this is pushed at the end.
                            buffers.try_reserve(2)?;
                            buffers.push(mem::take(&mut squeezed).into());
                        }
                        squeezed.try_reserve(len)?;
                        let start = squeezed.len();
                        row.cut(self, &mut squeezed);
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
                Ok(())
            })
        })?;
        if !squeezed.is_empty() {
            buffers.push(squeezed.into());
        }
        let buffers = shared(buffers)?;
        // SAFETY: each view is of a row that there was, or of one in a new buffer, of which whole characters were taken out.
        Ok(Arc::new(unsafe { GenericByteViewArray::<T>::new_unchecked(views.into(), buffers, rows.nulls().cloned()) }))
    }
}

/// A row whose runs can be cut.
trait Cut: Row {
    /// Appends the row with its runs cut. There must be room for the whole row.
    fn cut(&self, by: &Squeeze, squeezed: &mut Vec<u8>);
}

impl Cut for str {
    fn cut(&self, by: &Squeeze, squeezed: &mut Vec<u8>) {
        if self.is_ascii() {
            return self.as_bytes().cut(by, squeezed);
        }
        let mut kept = 0;
        for run in runs_of_chars(self, by.max_run.saturating_add(1)) {
            let Some(char) = self[run.start..].chars().next() else { continue };
            if by.chosen.has(|| u32::from(char)) {
                squeezed.extend_from_slice(&self.as_bytes()[kept..run.start + by.max_run * char.len_utf8()]);
                kept = run.end;
            }
        }
        squeezed.extend_from_slice(&self.as_bytes()[kept..]);
    }
}

impl Cut for [u8] {
    fn cut(&self, by: &Squeeze, squeezed: &mut Vec<u8>) {
        if self.len() > SHORT {
            let chosen = |byte: u8| by.chosen.has(|| byte);
            let written = Squeezer::new(by.max_run).push_into(self, chosen, squeezed.spare_capacity_mut());
            // SAFETY: so many were written after those that there are.
            unsafe { squeezed.set_len(squeezed.len() + written) };
            return;
        }
        let (mut before, mut length) = (None, 0);
        for byte in self {
            length = if before == Some(byte) { length + 1 } else { 1 };
            if length <= by.max_run || !by.chosen.has(|| *byte) {
                squeezed.push(*byte);
            }
            before = Some(byte);
        }
    }
}

/// The distinct ones among the values of a dictionary, by their places, and for each value which of those it is.
fn distinct(py: Python<'_>, values: &ArrayRef) -> PyResult<(Vec<usize>, Vec<usize>)> {
    match values.data_type() {
        DataType::Utf8 => distinct_rows(py, values.as_string::<i32>()),
        DataType::LargeUtf8 => distinct_rows(py, values.as_string::<i64>()),
        DataType::Utf8View => distinct_rows(py, values.as_string_view()),
        DataType::Binary => distinct_rows(py, values.as_binary::<i32>()),
        DataType::LargeBinary => distinct_rows(py, values.as_binary::<i64>()),
        DataType::BinaryView => distinct_rows(py, values.as_binary_view()),
        other => unreachable!("no squeezed column is of {other}"),
    }
}

fn distinct_rows<'a, R: Row + ?Sized + 'a>(
    py: Python<'_>,
    rows: impl Rows<'a, R>,
) -> PyResult<(Vec<usize>, Vec<usize>)> {
    let (mut distinct, mut places) = (vec_of(rows.len())?, vec_of(rows.len())?);
    let mut known = HashMap::<Option<&[u8]>, usize>::new();
    in_parts::<NoMemory>(py, rows.len(), |part| {
        known.try_reserve(part.len())?;
        places.extend(part.map(|at| {
            *known.entry(rows.row(at).map(AsRef::as_ref)).or_insert_with(|| {
                distinct.push(at);
                distinct.len() - 1
            })
        }));
        Ok(())
    })?;
    Ok((distinct, places))
}

/// A dictionary of other values, with the place among them for each of its own.
fn with_values<K: ArrowDictionaryKeyType>(
    py: Python<'_>,
    dictionary: &DictionaryArray<K>,
    values: ArrayRef,
    places: &[usize],
) -> PyResult<ArrayRef> {
    let mut by_old = vec_of(places.len())?;
    by_old.extend(places.iter().map(|place| K::Native::usize_as(*place)));
    let old = dictionary.keys();
    let mut keys = vec_of(old.len())?;
    in_parts(py, old.len(), |part| dictionary.append(part, &by_old, &mut keys))?;
    let keys = PrimitiveArray::<K>::new(keys.into(), old.nulls().cloned());
    Ok(Arc::new(DictionaryArray::new(keys, values)))
}
