//! Counts doubles: items that equal the next one.

mod count;
#[cfg(not(feature = "abi3"))]
mod in_place;
#[cfg(feature = "abi3")]
mod stable;

use count::count_bytes;
#[cfg(not(feature = "abi3"))]
use in_place::{count_buffer, count_text};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
#[cfg(feature = "abi3")]
use stable::{count_buffer, count_text};

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

/// A module that is written in Rust.
#[pymodule]
mod fast_doubles {
    #[pymodule_export]
    use super::count_doubles;
}
