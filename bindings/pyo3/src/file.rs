//! Files, which Python opens and the core reads.

use std::fs::File;

use doubles_core::{FileCounter, InvalidUtf8, Unit};
use pyo3::exceptions::{PyTypeError, PyUnicodeDecodeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use crate::number_of_threads;

#[doc = doc!(count_doubles_file)]
#[pyfunction]
#[pyo3(
    signature = (path, unit = None, threads = None),
    text_signature = "(path, unit='characters', threads=1)"
)]
pub(crate) fn count_doubles_file(
    path: &Bound<'_, PyAny>,
    unit: Option<&Bound<'_, PyAny>>,
    threads: Option<&Bound<'_, PyAny>>,
) -> PyResult<u64> {
    let py = path.py();
    let unit = unit.map_or(Ok(Unit::Characters), unit_of)?;
    let threads = threads.map_or(Ok(1), number_of_threads)?;
    // Python's own way to open a file raises what its users expect, for every kind of path.
    let opened = py.import("io")?.call_method1("open", (path, "rb", 0))?;
    let file = file_of(&opened)?;
    opened.call_method0("close")?;
    let mut counter = FileCounter::new(file, unit, threads).map_err(|error| explained(py, error, path))?;
    while py.detach(|| counter.step()).map_err(|error| explained(py, error, path))? {
        py.check_signals()?;
    }
    counter.finish().map_err(|error| explained(py, error, path))
}

fn unit_of(unit: &Bound<'_, PyAny>) -> PyResult<Unit> {
    let Ok(name) = unit.cast::<PyString>() else {
        let type_name = unit.get_type().name()?;
        return Err(PyTypeError::new_err(format!("unit must be a str, got {type_name}")));
    };
    match &*name.to_string_lossy() {
        "characters" => Ok(Unit::Characters),
        "bytes" => Ok(Unit::Bytes),
        other => Err(PyValueError::new_err(format!("unit must be 'characters' or 'bytes', got '{other}'"))),
    }
}

/// A handle of its own to a file that Python has opened.
fn file_of(opened: &Bound<'_, PyAny>) -> PyResult<File> {
    let descriptor: i32 = opened.call_method0("fileno")?.extract()?;
    #[cfg(unix)]
    let handle = {
        use std::os::fd::BorrowedFd;

        // SAFETY: Python has it open, and keeps it so until it is told to close it.
        unsafe { BorrowedFd::borrow_raw(descriptor) }.try_clone_to_owned()?
    };
    #[cfg(windows)]
    let handle = {
        use std::os::windows::io::BorrowedHandle;

        let handle: isize = opened.py().import("msvcrt")?.call_method1("get_osfhandle", (descriptor,))?.extract()?;
        // SAFETY: as above.
        unsafe { BorrowedHandle::borrow_raw(handle as *mut _) }.try_clone_to_owned()?
    };
    Ok(File::from(handle))
}

/// What is raised where a file cannot be read, or is no text.
#[cold]
fn explained(py: Python<'_>, error: std::io::Error, path: &Bound<'_, PyAny>) -> PyErr {
    match error.downcast::<InvalidUtf8>() {
        Ok(invalid) => {
            let bytes = invalid.bytes();
            let reason = format!("at offset {} of the file, {}", invalid.offset(), reason(&invalid));
            PyUnicodeDecodeError::new_err(("utf-8", PyBytes::new(py, bytes).unbind(), 0, bytes.len(), reason))
        }
        // The number makes it the subclass that it is, and the path is shown.
        Err(error) => match error.raw_os_error() {
            Some(number) => {
                let text = py.import("os").and_then(|os| os.call_method1("strerror", (number,)));
                match text {
                    Ok(text) => pyo3::exceptions::PyOSError::new_err((number, text.unbind(), path.clone().unbind())),
                    Err(error) => error,
                }
            }
            None => error.into(),
        },
    }
}

fn reason(invalid: &InvalidUtf8) -> &'static str {
    if invalid.ended() { "which ends within a character" } else { "which is not UTF-8 there" }
}
