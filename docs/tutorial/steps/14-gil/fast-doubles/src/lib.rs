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
        Ok(without_the_gil(val.py(), bytes.as_bytes(), count_bytes))
    } else {
        count_buffer(val)
    }
}

/// Counts items that nobody can change, which other threads of Python need not wait for where it takes long.
fn without_the_gil<T: Sync>(py: Python<'_>, items: &[T], count: fn(&[T]) -> usize) -> usize {
    const LONG: usize = 1 << 20;
    if size_of_val(items) < LONG { count(items) } else { py.detach(|| count(items)) }
}

/// Counts in the memory of the str itself: 1, 2 or 4 bytes a character, as CPython stores it.
fn count_text(text: &Bound<'_, PyString>) -> PyResult<usize> {
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
