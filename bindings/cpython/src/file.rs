//! Files, which Python opens and the core reads.

use std::fs::File;
use std::io::{self, ErrorKind};

use cpython::{PyBytes, PyDict, PyErr, PyObject, PyResult, PyTuple, Python, exc};
use doubles_core::{FileCounter, InvalidUtf8, Unit};
use python3_sys as ffi;

use crate::arguments::{self, Signature, while_processing};
use crate::objects::{call_method0, no_memory, number, owned, raised, refused, type_name};
use crate::{check_signals, without_gil};

pub(crate) fn count_doubles_file(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    let function = "count_doubles_file";
    let signature = Signature { function, first: c"path", others: [c"unit", c"threads"], apart: false };
    let (path, [unit, threads]) = signature.read(py, args, kwargs)?;
    let unit = unit.map_or(Ok(Unit::Characters), |unit| unit_of(py, &unit));
    let unit = unit.map_err(|error| while_processing(py, "unit", error))?;
    let threads = arguments::number(py, "threads", threads, 1)?;
    let explained = |error| explained(py, error, &path);
    let file = open(py, &path)?.map_err(explained)?;
    let mut counter = FileCounter::new(file, unit, threads).map_err(explained)?;
    while without_gil(py, || counter.step()).map_err(explained)? {
        check_signals(py)?;
    }
    number(py, counter.finish().map_err(explained)?)
}

fn unit_of(py: Python<'_>, unit: &PyObject) -> PyResult<Unit> {
    // SAFETY: `unit` is a live object.
    if unsafe { ffi::PyUnicode_Check(unit.as_ptr()) } == 0 {
        let type_name = type_name(py, unit, c"__name__")?;
        return Err(refused(py, format!("unit must be a str, got {type_name}")));
    }
    // SAFETY: `unit` is a live str and the GIL is held; the other is a C string.
    let is =
        |other: &std::ffi::CStr| unsafe { ffi::PyUnicode_CompareWithASCIIString(unit.as_ptr(), other.as_ptr()) == 0 };
    if is(c"characters") {
        return Ok(Unit::Characters);
    } else if is(c"bytes") {
        return Ok(Unit::Bytes);
    }
    let text = c"unit must be 'characters' or 'bytes', got '%U'";
    // SAFETY: as above; the format says what follows it. An exception is set.
    unsafe { ffi::PyErr_Format(ffi::PyExc_ValueError, text.as_ptr(), unit.as_ptr()) };
    Err(PyErr::fetch(py))
}

/// Opens a file in Python's own way, which raises what its users expect, for every kind of path; and gives a handle of its
/// own to it.
fn open(py: Python<'_>, path: &PyObject) -> PyResult<io::Result<File>> {
    // SAFETY: the GIL is held, the path is live, and the format says what follows the name. What comes back is a new reference,
    // or null with an exception set.
    let opened = unsafe {
        let (name, format, mode) = (c"open".as_ptr(), c"Osi".as_ptr(), c"rb".as_ptr());
        let io = owned(py, ffi::PyImport_ImportModule(c"io".as_ptr()))?;
        owned(py, ffi::PyObject_CallMethod(io.as_ptr(), name, format, path.as_ptr(), mode, 0))?
    };
    let descriptor: i32 = call_method0(py, &opened, c"fileno")?.extract(py)?;
    #[cfg(unix)]
    let handle = {
        use std::os::fd::BorrowedFd;

        // SAFETY: Python has it open, and keeps it so until it is told to close it.
        unsafe { BorrowedFd::borrow_raw(descriptor) }.try_clone_to_owned()
    };
    #[cfg(windows)]
    let handle = {
        use std::os::windows::io::BorrowedHandle;

        let handle: isize = py.import("msvcrt")?.call(py, "get_osfhandle", (descriptor,), None)?.extract(py)?;
        // SAFETY: as above.
        unsafe { BorrowedHandle::borrow_raw(handle as *mut _) }.try_clone_to_owned()
    };
    call_method0(py, &opened, c"close")?;
    Ok(handle.map(File::from))
}

/// What is raised where a file cannot be read, or is no text.
#[cold]
fn explained(py: Python<'_>, error: io::Error, path: &PyObject) -> PyErr {
    if error.kind() == ErrorKind::OutOfMemory {
        return no_memory(py);
    }
    match error.downcast::<InvalidUtf8>() {
        Ok(invalid) => {
            let bytes = invalid.bytes();
            let reason = format!("at offset {} of the file, {}", invalid.offset(), reason(&invalid));
            PyErr::new::<exc::UnicodeDecodeError, _>(py, ("utf-8", PyBytes::new(py, bytes), 0, bytes.len(), reason))
        }
        // The number makes it the subclass that it is, and the path is shown.
        Err(error) => match error.raw_os_error() {
            Some(number) => {
                let text = py.import("os").and_then(|os| os.call(py, "strerror", (number,), None));
                match text {
                    Ok(text) => PyErr::new::<exc::OSError, _>(py, (number, text, path)),
                    Err(error) => error,
                }
            }
            None => raised::<exc::OSError>(py, error.to_string()),
        },
    }
}

fn reason(invalid: &InvalidUtf8) -> &'static str {
    if invalid.ended() { "which ends within a character" } else { "which is not UTF-8 there" }
}
