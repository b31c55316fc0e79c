//! What a build for the stable ABI does, which hides how a str lies in memory, and before Python 3.11 buffers too.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::count::{count, count_bytes};

/// Counts in the UTF-8 of the str, which Python makes where there is none yet.
pub fn count_text(text: &Bound<'_, PyString>) -> PyResult<usize> {
    let text = text.to_cow()?;
    if text.is_ascii() {
        return Ok(count_bytes(text.as_bytes()));
    }
    Ok(count(&text.chars().collect::<Vec<_>>()))
}

pub fn count_buffer(_val: &Bound<'_, PyAny>) -> PyResult<usize> {
    Err(PyTypeError::new_err("expected a str or bytes"))
}
