//! [`doubles_core`] for Python, through PyO3.
//!
//! `lib.rs` is the module, its functions and the two immutable types, `str` and `bytes`; `buffer.rs` is everything else
//! that has bytes. The sibling package `doubles_cpython` has the same files in the same order.

mod buffer;

use std::ops::Range;

use doubles_core::{Backend, Element, scalar};
use pyo3::prelude::*;
use pyo3::types::string::PyStringData;
use pyo3::types::{PyBytes, PyString};

include!(concat!(env!("OUT_DIR"), "/docs.rs"));

/// The bytes from which an immutable value is counted without the GIL.
///
/// Letting go of the GIL and taking it back costs two locks, and a wait for whoever has taken it meanwhile.
const DETACH_FROM: usize = 1 << 20;

/// The bytes that are counted without the GIL before it is taken back to look for signals.
///
/// The slowest algorithm reads them in 11 ms, so that Ctrl-C is answered soon; the fastest in 1 ms, so that a thread
/// that fights for the GIL is met a few times a second only.
const DETACHED_BYTES: usize = 16 << 20;

#[doc = doc!(count_doubles)]
#[pyfunction]
#[pyo3(signature = (val, /))]
fn count_doubles(val: &Bound<'_, PyAny>) -> PyResult<usize> {
    let py = val.py();
    if let Ok(text) = val.cast::<PyString>() {
        // SAFETY: a str does not change, and `val` keeps it alive. That PyO3 decodes the layout of a str as this
        // interpreter has it is what the tests of each storage width check.
        match unsafe { text.data() }? {
            PyStringData::Ucs1(chars) => count_immutable(py, chars),
            PyStringData::Ucs2(chars) => count_immutable(py, chars),
            PyStringData::Ucs4(chars) => count_immutable(py, chars),
        }
    } else if let Ok(bytes) = val.cast_exact::<PyBytes>() {
        count_immutable(py, bytes.as_bytes())
    } else {
        buffer::count(val)
    }
}

/// Counts items that nobody can change, so that the GIL is not needed.
#[inline]
fn count_immutable<T: Element + Sync>(py: Python<'_>, items: &[T]) -> PyResult<usize> {
    if size_of_val(items) < DETACH_FROM {
        return Ok(doubles_core::count_elements(items));
    }
    count_in_parts(py, items.len(), DETACHED_BYTES / size_of::<T>(), |part| {
        py.detach(|| doubles_core::count_elements(&items[part]))
    })
}

/// Adds up the counts of parts of `len` items, and lets signals (Ctrl-C) be handled between them.
///
/// A part ends with the item that the next one starts with: so each pair is in one part.
fn count_in_parts(
    py: Python<'_>,
    len: usize,
    part_len: usize,
    count: impl Fn(Range<usize>) -> usize,
) -> PyResult<usize> {
    let mut total = 0;
    let mut start = 0;
    while len - start > part_len + 1 {
        total += count(start..start + part_len + 1);
        py.check_signals()?;
        start += part_len;
    }
    Ok(total + count(start..len))
}

#[doc = doc!(count_doubles_zip)]
#[pyfunction]
fn count_doubles_zip(val: &str) -> usize {
    scalar::count_doubles_zip(val)
}

#[doc = doc!(count_doubles_once)]
#[pyfunction]
fn count_doubles_once(val: &str) -> usize {
    scalar::count_doubles_once(val)
}

#[doc = doc!(count_doubles_peek)]
#[pyfunction]
fn count_doubles_peek(val: &str) -> usize {
    scalar::count_doubles_peek(val)
}

#[doc = doc!(count_doubles_fold)]
#[pyfunction]
fn count_doubles_fold(val: &str) -> usize {
    scalar::count_doubles_fold(val)
}

#[doc = doc!(count_doubles_bytes_once)]
#[pyfunction]
fn count_doubles_bytes_once(val: &str) -> usize {
    scalar::count_doubles_bytes_once(val.as_bytes())
}

#[doc = doc!(count_doubles_bytes_windows)]
#[pyfunction]
fn count_doubles_bytes_windows(val: &str) -> usize {
    scalar::count_doubles_bytes_windows(val.as_bytes())
}

#[doc = doc!(module)]
#[pymodule(gil_used = true)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("backend", Backend::detect().name())?;
    module.add_function(wrap_pyfunction!(count_doubles, module)?)?;
    module.add_function(wrap_pyfunction!(count_doubles_bytes_once, module)?)?;
    module.add_function(wrap_pyfunction!(count_doubles_bytes_windows, module)?)?;
    module.add_function(wrap_pyfunction!(count_doubles_fold, module)?)?;
    module.add_function(wrap_pyfunction!(count_doubles_once, module)?)?;
    module.add_function(wrap_pyfunction!(count_doubles_peek, module)?)?;
    module.add_function(wrap_pyfunction!(count_doubles_zip, module)?)?;
    module.setattr("__version__", env!("CARGO_PKG_VERSION"))
}
