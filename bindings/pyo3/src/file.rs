//! Files, which Python opens and the core reads.

use std::fs::File;
use std::io::{self, ErrorKind};

use doubles_core::{FileCounter, InvalidUtf8, Unit};
use pyo3::exceptions::{PyOSError, PyTypeError, PyUnicodeDecodeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use crate::arguments;
use crate::objects::{Number, call_method0, no_memory, owned};

#[doc = doc!(count_doubles_file)]
#[pyfunction]
#[pyo3(
    signature = (path, unit = Unit::Characters, threads = 1),
    text_signature = "(path, unit='characters', threads=1)"
)]
pub(crate) fn count_doubles_file(
    path: &Bound<'_, PyAny>,
    #[pyo3(from_py_with = unit_of)] unit: Unit,
    #[pyo3(from_py_with = arguments::threads)] threads: usize,
) -> PyResult<Number> {
    let py = path.py();
    let explained = |error| explained(py, error, path);
    let file = open(path)?.map_err(explained)?;
    let mut counter = FileCounter::new(file, unit, threads).map_err(explained)?;
    while py.detach(|| counter.step()).map_err(explained)? {
        py.check_signals()?;
    }
    counter.finish().map(Number).map_err(explained)
}

fn unit_of(unit: &Bound<'_, PyAny>) -> PyResult<Unit> {
    let Ok(name) = unit.cast::<PyString>() else {
        let type_name = unit.get_type().name()?;
        return Err(PyTypeError::new_err(format!("unit must be a str, got {type_name}")));
    };
    // SAFETY: `name` is a live str and shows that the GIL is held; the other is a C string.
    let is =
        |other: &std::ffi::CStr| unsafe { ffi::PyUnicode_CompareWithASCIIString(name.as_ptr(), other.as_ptr()) == 0 };
    if is(c"characters") {
        return Ok(Unit::Characters);
    } else if is(c"bytes") {
        return Ok(Unit::Bytes);
    }
    let text = c"unit must be 'characters' or 'bytes', got '%U'";
    // SAFETY: as above; the format says what follows it. An exception is set.
    unsafe { ffi::PyErr_Format(ffi::PyExc_ValueError, text.as_ptr(), name.as_ptr()) };
    Err(PyErr::fetch(unit.py()))
}

/// Opens a file in Python's own way, which raises what its users expect, for every kind of path; and gives a handle of its
/// own to it.
fn open(path: &Bound<'_, PyAny>) -> PyResult<io::Result<File>> {
    let py = path.py();
    // SAFETY: the GIL is held, the path is live, and the format says what follows the name. What comes back is a new reference,
    // or null with an exception set.
    let opened = unsafe {
        let (name, format, mode) = (c"open".as_ptr(), c"Osi".as_ptr(), c"rb".as_ptr());
        let io = owned(py, ffi::PyImport_ImportModule(c"io".as_ptr()))?;
        owned(py, ffi::PyObject_CallMethod(io.as_ptr(), name, format, path.as_ptr(), mode, 0))?
    };
    let descriptor: i32 = call_method0(&opened, c"fileno")?.extract()?;
    #[cfg(unix)]
    let handle = {
        use std::os::fd::BorrowedFd;

        // SAFETY: Python has it open, and keeps it so until it is told to close it.
        unsafe { BorrowedFd::borrow_raw(descriptor) }.try_clone_to_owned()
    };
    #[cfg(windows)]
    let handle = {
        use std::os::windows::io::BorrowedHandle;

        let handle: isize = py.import("msvcrt")?.call_method1("get_osfhandle", (descriptor,))?.extract()?;
        // SAFETY: as above.
        unsafe { BorrowedHandle::borrow_raw(handle as *mut _) }.try_clone_to_owned()
    };
    call_method0(&opened, c"close")?;
    Ok(handle.map(File::from))
}

/// What is raised where a file cannot be read, or is no text.
#[cold]
fn explained(py: Python<'_>, error: io::Error, path: &Bound<'_, PyAny>) -> PyErr {
    if error.kind() == ErrorKind::OutOfMemory {
        return no_memory(error);
    }
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
                    Ok(text) => PyOSError::new_err((number, text.unbind(), path.clone().unbind())),
                    Err(error) => error,
                }
            }
            None => PyOSError::new_err(error.to_string()),
        },
    }
}

fn reason(invalid: &InvalidUtf8) -> &'static str {
    if invalid.ended() { "which ends within a character" } else { "which is not UTF-8 there" }
}
