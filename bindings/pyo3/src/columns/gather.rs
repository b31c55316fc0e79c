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
use arrow_buffer::{ArrowNativeType, Buffer, NullBuffer, OffsetBuffer};
use arrow_schema::DataType;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use super::memory::{Bits, NoMemory, vec_of};
use super::{ROWS, in_parts};

/// Which value each row has.
pub(super) trait Places: Sync {
    fn len(&self) -> usize;

    /// Which rows are null whatever the values are.
    fn nulls(&self) -> Option<&NullBuffer>;

    /// Appends the place of the value of each row of a part, below the number of values. Of a null row it may be any.
    fn append(&self, part: Range<usize>, places: &mut Vec<usize>) -> PyResult<()>;
}

impl<K: ArrowDictionaryKeyType> Places for DictionaryArray<K> {
    fn len(&self) -> usize {
        self.keys().len()
    }

    fn nulls(&self) -> Option<&NullBuffer> {
        self.keys().nulls()
    }

    fn append(&self, part: Range<usize>, places: &mut Vec<usize>) -> PyResult<()> {
        // A key below zero becomes a large number.
        places.extend(self.keys().values()[part.clone()].iter().map(|key| key.as_usize()));
        let values = self.values().len();
        if places.iter().all(|place| *place < values) {
            return Ok(());
        }
        // The key of a null row may be anything.
        let wrong = |(at, place): (usize, &usize)| *place >= values && self.keys().is_valid(at);
        if part.zip(&*places).any(wrong) {
            return Err(PyRuntimeError::new_err("the dictionary has keys without a value"));
        }
        Ok(())
    }
}

impl<R: RunEndIndexType> Places for RunArray<R> {
    fn len(&self) -> usize {
        self.run_ends().len()
    }

    fn nulls(&self) -> Option<&NullBuffer> {
        None
    }

    fn append(&self, part: Range<usize>, places: &mut Vec<usize>) -> PyResult<()> {
        let ends = self.run_ends().values();
        let rows = self.run_ends().offset() + part.start..self.run_ends().offset() + part.end;
        let mut run = ends.partition_point(|end| end.as_usize() <= rows.start);
        for row in rows {
            while ends.get(run).is_some_and(|end| end.as_usize() <= row) {
                run += 1;
            }
            places.push(run);
        }
        if run >= ends.len().min(self.values().len()) {
            return Err(PyRuntimeError::new_err("the run-end encoded array has rows without a value"));
        }
        Ok(())
    }
}

/// The value of each row, of results: int64, bool or a struct of those.
pub(super) fn gather(py: Python<'_>, values: &ArrayRef, places: &dyn Places) -> PyResult<ArrayRef> {
    let nulls = nulls(py, values, places)?;
    Ok(match values.data_type() {
        DataType::Int64 => {
            let values = values.as_primitive::<Int64Type>().values();
            let mut gathered = vec_of::<i64>(places.len())?;
            each_part(py, places, |_, places| {
                gathered.extend(places.iter().map(|place| values.get(*place).copied().unwrap_or_default()));
            })?;
            Arc::new(Int64Array::new(gathered.into(), nulls))
        }
        DataType::Boolean => {
            let values = values.as_boolean().values();
            let mut gathered = Bits::new(places.len())?;
            each_part(py, places, |_, places| {
                gathered.extend(places.len(), |at| places[at] < values.len() && values.value(places[at]));
            })?;
            Arc::new(BooleanArray::new(gathered.finish(), nulls))
        }
        DataType::Struct(fields) => {
            let columns = values.as_struct().columns().iter().map(|column| gather(py, column, places));
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
    // There is no fallible way to make an `Arc` of a slice: what this leaves is room for it, as one piece.
    drop(vec_of::<Buffer>(buffers.len() + 1)?);
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

    fn append(&self, part: Range<usize>, places: &mut Vec<usize>) -> PyResult<()> {
        places.extend_from_slice(&self.0[part]);
        Ok(())
    }
}

/// Which rows are valid: those that have a value which is.
fn nulls(py: Python<'_>, values: &dyn arrow_array::Array, places: &dyn Places) -> PyResult<Option<NullBuffer>> {
    let Some(of_values) = values.nulls().filter(|nulls| nulls.null_count() != 0) else {
        return Ok(places.nulls().cloned());
    };
    let of_rows = places.nulls();
    let mut valid = Bits::new(places.len())?;
    each_part(py, places, |start, places| {
        valid.extend(places.len(), |at| {
            of_rows.is_none_or(|nulls| nulls.is_valid(start + at)) && of_values.is_valid(places[at])
        });
    })?;
    Ok(valid.validity())
}

/// Calls `work` with the first row of each part, and the places of its rows.
fn each_part(py: Python<'_>, places: &dyn Places, mut work: impl FnMut(usize, &[usize]) + Send) -> PyResult<()> {
    let mut scratch = vec_of::<usize>(ROWS)?;
    in_parts::<PyErr>(py, places.len(), |part| {
        scratch.clear();
        places.append(part.clone(), &mut scratch)?;
        work(part.start, &scratch);
        Ok(())
    })
}
