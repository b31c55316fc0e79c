//! Results of values that rows share, dictionaries and run-end encoded arrays, put where the rows are.
//!
//! `arrow_select::take` does the same, and aborts the process where there is no memory.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowDictionaryKeyType, ByteArrayType, ByteViewType, Int64Type, RunEndIndexType};
use arrow_array::{
    Array as _, ArrayRef, BooleanArray, DictionaryArray, GenericByteArray, GenericByteViewArray, Int64Array, RunArray,
    StructArray,
};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, Buffer, NullBuffer, OffsetBuffer};
use arrow_schema::DataType;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use super::memory::{Bits, NoMemory, room, vec_of};
use super::{ROWS, in_parts};

/// Which value each row has.
pub(super) trait Places: Sync {
    fn len(&self) -> usize;

    /// Which rows are null whatever the values are.
    fn nulls(&self) -> Option<&NullBuffer>;

    /// The place of the value of each row of a part. Of a null row it may be any.
    fn places(&self, part: Range<usize>) -> impl Iterator<Item = usize>;

    /// Appends to `gathered`, which has room for it, what each row of a part has of `values`.
    fn append<T: Copy + Default>(&self, part: Range<usize>, values: &[T], gathered: &mut Vec<T>) -> PyResult<()> {
        let mut missing = false;
        gathered.extend(self.places(part.clone()).map(|place| match values.get(place) {
            Some(value) => *value,
            None => {
                missing = true;
                T::default()
            }
        }));
        let is_valid = |at| self.nulls().is_none_or(|nulls| nulls.is_valid(at));
        if missing && part.clone().zip(self.places(part)).any(|(at, place)| place >= values.len() && is_valid(at)) {
            return Err(PyRuntimeError::new_err("the column has rows without a value"));
        }
        Ok(())
    }
}

impl<K: ArrowDictionaryKeyType> Places for DictionaryArray<K> {
    fn len(&self) -> usize {
        self.keys().len()
    }

    fn nulls(&self) -> Option<&NullBuffer> {
        self.keys().nulls()
    }

    fn places(&self, part: Range<usize>) -> impl Iterator<Item = usize> {
        // A key below zero becomes a large number.
        self.keys().values()[part].iter().map(|key| key.as_usize())
    }
}

impl<R: RunEndIndexType> Places for RunArray<R> {
    fn len(&self) -> usize {
        self.run_ends().len()
    }

    fn nulls(&self) -> Option<&NullBuffer> {
        None
    }

    fn places(&self, part: Range<usize>) -> impl Iterator<Item = usize> {
        let (ends, offset) = (self.run_ends().values(), self.run_ends().offset());
        let mut run = ends.partition_point(|end| end.as_usize() <= offset + part.start);
        part.map(move |at| {
            while ends.get(run).is_some_and(|end| end.as_usize() <= offset + at) {
                run += 1;
            }
            run
        })
    }
}

/// The value of each row, of results: int64, bool or a struct of those.
pub(super) fn gather(py: Python<'_>, values: &ArrayRef, rows: &impl Places) -> PyResult<ArrayRef> {
    let nulls = nulls(py, values, rows)?;
    Ok(match values.data_type() {
        DataType::Int64 => {
            let values = values.as_primitive::<Int64Type>().values();
            let mut gathered = vec_of::<i64>(rows.len())?;
            in_parts(py, rows.len(), |part| rows.append(part, values, &mut gathered))?;
            Arc::new(Int64Array::new(gathered.into(), nulls))
        }
        DataType::Boolean => {
            let values = values.as_boolean().values();
            Arc::new(BooleanArray::new(bits(py, rows, values, None)?.finish(), nulls))
        }
        DataType::Struct(fields) => {
            let columns = values.as_struct().columns().iter().map(|column| gather(py, column, rows));
            Arc::new(StructArray::new(fields.clone(), columns.collect::<PyResult<_>>()?, nulls))
        }
        other => unreachable!("no result is of {other}"),
    })
}

/// The distinct strings or binary of a dictionary, which has them at these places.
pub(super) fn pick_bytes<T: ByteArrayType>(
    py: Python<'_>,
    values: &GenericByteArray<T>,
    distinct: &[usize],
) -> PyResult<ArrayRef> {
    // A null value may hide bytes.
    let row = |place: usize| values.is_valid(place).then(|| AsRef::<[u8]>::as_ref(values.value(place)));
    let len = distinct.iter().map(|place| row(*place).map_or(0, <[u8]>::len)).sum();
    let (mut bytes, mut offsets) = (vec_of::<u8>(len)?, vec_of(distinct.len() + 1)?);
    offsets.push(T::Offset::usize_as(0));
    in_parts::<NoMemory>(py, distinct.len(), |part| {
        for place in &distinct[part] {
            bytes.extend_from_slice(row(*place).unwrap_or_default());
            offsets.push(T::Offset::usize_as(bytes.len()));
        }
        Ok(())
    })?;
    let nulls = nulls(py, values, &Picked(distinct))?;
    // SAFETY: offsets begin with 0 and grow; between two of them is a value as it was.
    Ok(Arc::new(unsafe {
        GenericByteArray::<T>::new_unchecked(OffsetBuffer::new_unchecked(offsets.into()), bytes.into(), nulls)
    }))
}

/// The same of views, which keep their buffers.
pub(super) fn pick_views<T: ByteViewType>(
    py: Python<'_>,
    values: &GenericByteViewArray<T>,
    distinct: &[usize],
) -> PyResult<ArrayRef> {
    let mut views = vec_of(distinct.len())?;
    in_parts::<NoMemory>(py, distinct.len(), |part| {
        views.extend(distinct[part].iter().map(|place| values.views()[*place]));
        Ok(())
    })?;
    let nulls = nulls(py, values, &Picked(distinct))?;
    let mut buffers = vec_of::<Buffer>(values.data_buffers().len())?;
    buffers.extend_from_slice(values.data_buffers());
    // SAFETY: each view is one of an array with the same buffers.
    Ok(Arc::new(unsafe { GenericByteViewArray::<T>::new_unchecked(views.into(), shared(buffers)?, nulls) }))
}

/// Buffers as an array of views has them.
pub(super) fn shared(buffers: Vec<Buffer>) -> Result<Arc<[Buffer]>, NoMemory> {
    // There is no fallible way to make an `Arc` of a slice.
    room(size_of::<Buffer>() * (buffers.len() + 1))?;
    Ok(buffers.into())
}

/// Which values are left, each once.
struct Picked<'a>(&'a [usize]);

impl Places for Picked<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn nulls(&self) -> Option<&NullBuffer> {
        None
    }

    fn places(&self, part: Range<usize>) -> impl Iterator<Item = usize> {
        self.0[part].iter().copied()
    }
}

/// Which rows are valid: those that have a value which is.
fn nulls(py: Python<'_>, values: &dyn arrow_array::Array, rows: &impl Places) -> PyResult<Option<NullBuffer>> {
    match values.nulls().filter(|nulls| nulls.null_count() != 0) {
        Some(of_values) => Ok(bits(py, rows, of_values.inner(), rows.nulls())?.validity()),
        None => Ok(rows.nulls().cloned()),
    }
}

/// The bit of each row, of values that are bits. It is not set in rows that are null.
fn bits(py: Python<'_>, rows: &impl Places, values: &BooleanBuffer, nulls: Option<&NullBuffer>) -> PyResult<Bits> {
    // A byte is found faster than a bit.
    let mut bytes = vec_of::<bool>(values.len())?;
    bytes.extend(values);
    let mut of_part = vec_of::<bool>(ROWS)?;
    let mut gathered = Bits::new(rows.len())?;
    in_parts::<PyErr>(py, rows.len(), |part| {
        of_part.clear();
        rows.append(part.clone(), &bytes, &mut of_part)?;
        match nulls {
            None => gathered.extend(part.len(), |at| of_part[at]),
            Some(nulls) => gathered.extend(part.len(), |at| of_part[at] && nulls.is_valid(part.start + at)),
        }
        Ok(())
    })?;
    Ok(gathered)
}
