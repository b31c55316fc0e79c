//! Numbers among the arguments: anything with `__index__`, however large, that is at least 1.

use std::ptr;

use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;

/// The `threads` of a call.
pub(crate) fn threads(number: &Bound<'_, PyAny>) -> PyResult<usize> {
    at_least_one("threads", number)
}

/// The `min_length` of a call.
pub(crate) fn min_length(number: &Bound<'_, PyAny>) -> PyResult<usize> {
    at_least_one("min_length", number)
}

/// The `max_run` of a call.
pub(crate) fn max_run(number: &Bound<'_, PyAny>) -> PyResult<usize> {
    at_least_one("max_run", number)
}

/// An int of at least 1. One that is larger than any length is cut to the largest.
///
/// # Errors
///
/// A `ValueError` for a smaller one, a `TypeError` for what has no `__index__`, and what `__index__` raises.
pub(crate) fn at_least_one(name: &str, number: &Bound<'_, PyAny>) -> PyResult<usize> {
    let py = number.py();
    // SAFETY: `number` is a live object and shows that the GIL is held; what comes back is a new reference, or null with an
    // exception set.
    let number = unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyNumber_Index(number.as_ptr()))? };
    // SAFETY: as above, and an int: so nothing is raised, and what is too large or too small is cut.
    let cut = unsafe { ffi::PyNumber_AsSsize_t(number.as_ptr(), ptr::null_mut()) };
    match usize::try_from(cut) {
        Ok(value @ 1..) => Ok(value),
        _ if cut == isize::MIN => {
            Err(PyValueError::new_err(format!("{name} must be at least 1, got {}", digits(&number)?)))
        }
        _ => Err(PyValueError::new_err(format!("{name} must be at least 1, got {cut}"))),
    }
}

/// An int as Python writes it: hexadecimal where it has more decimal digits than Python is willing to make.
#[cold]
fn digits<'py>(number: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: `number` is a live int and shows that the GIL is held; what comes back is a new reference, or null with an
    // exception set.
    let in_base =
        |base| unsafe { Bound::from_owned_ptr_or_err(number.py(), ffi::PyNumber_ToBase(number.as_ptr(), base)) };
    in_base(10).or_else(|_| in_base(16))
}
