//! What a build for one version of Python does: it reads what is there.

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::types::string::PyStringData;

use crate::count::{count, count_bytes};
use crate::without_the_gil;

/// Counts in the memory of the str itself: 1, 2 or 4 bytes a character, as CPython stores it.
pub fn count_text(text: &Bound<'_, PyString>) -> PyResult<usize> {
    let py = text.py();
    // SAFETY: a str does not change, and `text` keeps it alive while its characters are read.
    Ok(match unsafe { text.data() }? {
        PyStringData::Ucs1(chars) => without_the_gil(py, chars, count_bytes),
        PyStringData::Ucs2(chars) => without_the_gil(py, chars, count),
        PyStringData::Ucs4(chars) => without_the_gil(py, chars, count),
    })
}

/// Counts in the memory that a bytearray, a memoryview, an array or an mmap lends: with the GIL, since whoever has it may
/// change that memory.
pub fn count_buffer(val: &Bound<'_, PyAny>) -> PyResult<usize> {
    let buffer = PyBuffer::<u8>::get(val)?;
    let Some(items) = buffer.as_slice_ptr() else {
        return Err(PyTypeError::new_err("expected items without gaps between them"));
    };
    // SAFETY: `buffer` keeps this memory where it is. No code of Python's writes to it meanwhile, which needs the GIL.
    Ok(count_bytes(unsafe { items.as_ref() }))
}
