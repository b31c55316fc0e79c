//! Counts doubles: items that equal the next one.

mod count;

use count::{count, count_bytes};
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::string::PyStringData;
use pyo3::types::{PyBytes, PyString};

/// Counts the characters of a str, or the bytes of a bytes-like object, that equal the next one.
#[pyfunction]
fn count_doubles(val: &Bound<'_, PyAny>) -> PyResult<usize> {
    if let Ok(text) = val.cast::<PyString>() {
        count_text(text)
    } else if let Ok(bytes) = val.cast::<PyBytes>() {
        Ok(count_bytes(bytes.as_bytes()))
    } else {
        count_buffer(val)
    }
}

/// Counts in the memory of the str itself: 1, 2 or 4 bytes a character, as CPython stores it.
fn count_text(text: &Bound<'_, PyString>) -> PyResult<usize> {
    // SAFETY: a str does not change, and `text` keeps it alive while its characters are read.
    Ok(match unsafe { text.data() }? {
        PyStringData::Ucs1(chars) => count_bytes(chars),
        PyStringData::Ucs2(chars) => count(chars),
        PyStringData::Ucs4(chars) => count(chars),
    })
}

/// Counts in the memory that a bytearray, a memoryview, an array or an mmap lends: with the GIL, since whoever has it may
/// change that memory.
fn count_buffer(val: &Bound<'_, PyAny>) -> PyResult<usize> {
    let buffer = PyBuffer::<u8>::get(val)?;
    let Some(items) = buffer.as_slice_ptr() else {
        return Err(PyTypeError::new_err("expected items without gaps between them"));
    };
    // SAFETY: `buffer` keeps this memory where it is. No code of Python's writes to it meanwhile, which needs the GIL.
    Ok(count_bytes(unsafe { items.as_ref() }))
}

/// A module that is written in Rust.
#[pymodule]
mod fast_doubles {
    #[pymodule_export]
    use super::count_doubles;
}
