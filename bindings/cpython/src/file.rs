//! Files, which Python opens and the core reads.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use cpython::{NoArgs, ObjectProtocol, PyBytes, PyErr, PyObject, PyResult, PyString, Python, ToPyObject, exc};
use doubles_core::{FileCounter, InvalidUtf8, Unit};

use crate::number_of_threads;
use crate::operations::type_name;

pub(crate) fn count_doubles_file(
    py: Python<'_>,
    path: PyObject,
    unit: Option<PyObject>,
    threads: Option<PyObject>,
) -> PyResult<u64> {
    let unit = unit.map_or(Ok(Unit::Characters), |unit| unit_of(py, &unit))?;
    let threads = threads.map_or(Ok(1), |threads| number_of_threads(py, &threads))?;
    // Python's own way to open a file raises what its users expect, for every kind of path.
    let opened = py.import("io")?.call(py, "open", (&path, "rb", 0), None)?;
    let file = file_of(py, &opened)?;
    opened.call_method(py, "close", NoArgs, None)?;
    let mut counter = FileCounter::new(file, unit, threads).map_err(|error| explained(py, error, &path))?;
    // As where counting: a panic goes on when the GIL is back.
    while py
        .allow_threads(|| catch_unwind(AssertUnwindSafe(|| counter.step())))
        .unwrap_or_else(|panic| resume_unwind(panic))
        .map_err(|error| explained(py, error, &path))?
    {
        crate::check_signals(py)?;
    }
    counter.finish().map_err(|error| explained(py, error, &path))
}

fn unit_of(py: Python<'_>, unit: &PyObject) -> PyResult<Unit> {
    let Ok(name) = unit.cast_as::<PyString>(py) else {
        let text = format!("unit must be a str, got {}", type_name(py, unit)?);
        return Err(PyErr::new::<exc::TypeError, _>(py, text));
    };
    match &*name.to_string_lossy(py) {
        "characters" => Ok(Unit::Characters),
        "bytes" => Ok(Unit::Bytes),
        other => {
            let text = format!("unit must be 'characters' or 'bytes', got '{other}'");
            Err(PyErr::new::<exc::ValueError, _>(py, text))
        }
    }
}

/// A handle of its own to a file that Python has opened.
fn file_of(py: Python<'_>, opened: &PyObject) -> PyResult<File> {
    let descriptor: i32 = opened.call_method(py, "fileno", NoArgs, None)?.extract(py)?;
    let failed = |error: std::io::Error| PyErr::new::<exc::OSError, _>(py, error.to_string());
    #[cfg(unix)]
    let handle = {
        use std::os::fd::BorrowedFd;

        // SAFETY: Python has it open, and keeps it so until it is told to close it.
        unsafe { BorrowedFd::borrow_raw(descriptor) }.try_clone_to_owned().map_err(failed)?
    };
    #[cfg(windows)]
    let handle = {
        use std::os::windows::io::BorrowedHandle;

        let handle: isize = py.import("msvcrt")?.call(py, "get_osfhandle", (descriptor,), None)?.extract(py)?;
        // SAFETY: as above.
        unsafe { BorrowedHandle::borrow_raw(handle as *mut _) }.try_clone_to_owned().map_err(failed)?
    };
    Ok(File::from(handle))
}

/// What is raised where a file cannot be read, or is no text.
#[cold]
fn explained(py: Python<'_>, error: std::io::Error, path: &PyObject) -> PyErr {
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
            None => PyErr::new::<exc::OSError, _>(py, error.to_string().to_py_object(py)),
        },
    }
}

fn reason(invalid: &InvalidUtf8) -> &'static str {
    if invalid.ended() { "which ends within a character" } else { "which is not UTF-8 there" }
}
