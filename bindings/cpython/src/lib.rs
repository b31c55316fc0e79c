//! [`doubles_core`] for Python, through rust-cpython.
//!
//! `lib.rs` is the module, its functions and the two immutable types, `str` and `bytes`; `buffer.rs` is everything else
//! that has bytes. The sibling package `doubles_pyo3` has the same files in the same order.

#![allow(clippy::manual_strip, missing_docs, reason = "in what rust-cpython's macros expand to")]

mod buffer;

use std::ffi::CStr;
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};
use std::slice;

use cpython::{
    ObjectProtocol, PyBytes, PyDict, PyErr, PyModule, PyObject, PyResult, PyString, PyStringData, PyTuple, Python,
    PythonObject, exc, py_fn, py_module_initializer,
};
use doubles_core::{Backend, Element, scalar};
use python3_sys as ffi;

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

fn count_doubles(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<usize> {
    // `py_fn!` could take the argument apart, but not say that it is positional only, and would take a reference, only
    // to drop it through `PyGILState_Ensure`.
    let [val] = args.as_slice(py) else { return Err(wrong_arguments(py, args, kwargs)) };
    if kwargs.is_some_and(|kwargs| kwargs.len(py) != 0) {
        return Err(wrong_arguments(py, args, kwargs));
    }
    // The types are asked for first, since a `cast_as` that fails costs 30 ns.
    // SAFETY: `val` is a live object.
    if unsafe { ffi::PyUnicode_Check(val.as_ptr()) } != 0 {
        match data(py, val.cast_as::<PyString>(py)?)? {
            PyStringData::Latin1(chars) => count_immutable(py, chars),
            PyStringData::Utf16(chars) => count_immutable(py, chars),
            PyStringData::Utf32(chars) => count_immutable(py, chars),
            PyStringData::Utf8(_) => unreachable!("Python 3 stores code points"),
        }
    // SAFETY: as above.
    } else if unsafe { ffi::PyBytes_CheckExact(val.as_ptr()) } != 0 {
        count_immutable(py, val.cast_as::<PyBytes>(py)?.data(py))
    } else {
        buffer::count(py, val)
    }
}

/// The code points of a `str`, as they are stored.
///
/// This is [`PyString::data`], except where that is wrong: the text of a `str` whose type is a subclass lies in memory of
/// its own, and the pointer to it after the UTF-8 fields, which python3-sys's `PyUnicodeObject` leaves out.
fn data<'a>(py: Python<'_>, text: &'a PyString) -> PyResult<PyStringData<'a>> {
    const COMPACT: u32 = 1 << 5;

    let object = text.as_object().as_ptr();
    // SAFETY: `object` is a str of CPython 3.7 to 3.13, whose first fields and flags these are. Where it is not compact,
    // `PyUnicode_READY` gives it its final form; then the pointer follows the `PyCompactUnicodeObject`, and leads to
    // `len` items of the size that the kind names. They do not change, and live as long as the str.
    unsafe {
        if (*object.cast::<ffi::PyASCIIObject>()).state & COMPACT != 0 {
            return Ok(text.data(py));
        }
        if ffi::PyUnicode_READY(object) != 0 {
            return Err(PyErr::fetch(py));
        }
        let len = ffi::PyUnicode_GET_LENGTH(object) as usize;
        let chars = *object.cast::<ffi::PyCompactUnicodeObject>().add(1).cast::<*const u8>();
        Ok(match ffi::PyUnicode_KIND(object) {
            ffi::PyUnicode_1BYTE_KIND => PyStringData::Latin1(slice::from_raw_parts(chars, len)),
            ffi::PyUnicode_2BYTE_KIND => PyStringData::Utf16(slice::from_raw_parts(chars.cast(), len)),
            _ => PyStringData::Utf32(slice::from_raw_parts(chars.cast(), len)),
        })
    }
}

/// Counts items that nobody can change, so that the GIL is not needed.
#[inline]
fn count_immutable<T: Element + Sync>(py: Python<'_>, items: &[T]) -> PyResult<usize> {
    if size_of_val(items) < DETACH_FROM {
        return Ok(doubles_core::count_elements(items));
    }
    count_in_parts(py, items.len(), DETACHED_BYTES / size_of::<T>(), |part| {
        // A panic that left `allow_threads` would leave it without the GIL. It goes on when the GIL is back, and
        // becomes a `SystemError` where the call ends.
        py.allow_threads(|| panic::catch_unwind(AssertUnwindSafe(|| doubles_core::count_elements(&items[part]))))
            .unwrap_or_else(|panic| panic::resume_unwind(panic))
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
        // SAFETY: `py` shows that the GIL is held.
        if unsafe { ffi::PyErr_CheckSignals() } != 0 {
            return Err(PyErr::fetch(py));
        }
        start += part_len;
    }
    Ok(total + count(start..len))
}

/// The exception for a call of `count_doubles` with anything but one positional argument, in PyO3's words.
#[cold]
fn wrong_arguments(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyErr {
    let given = args.len(py);
    let names: Vec<String> =
        kwargs.map_or_else(Vec::new, |kwargs| kwargs.items(py).into_iter().map(|(name, _)| name.to_string()).collect());
    let problem = if given > 1 {
        format!("takes 1 positional arguments but {given} were given")
    } else if let Some(name) = names.iter().find(|name| *name != "val") {
        format!("got an unexpected keyword argument '{name}'")
    } else if !names.is_empty() {
        "got some positional-only arguments passed as keyword arguments: 'val'".to_owned()
    } else {
        "missing 1 required positional argument: 'val'".to_owned()
    };
    PyErr::new::<exc::TypeError, _>(py, format!("count_doubles() {problem}"))
}

fn count_doubles_zip(_py: Python<'_>, val: &str) -> PyResult<usize> {
    Ok(scalar::count_doubles_zip(val))
}

fn count_doubles_once(_py: Python<'_>, val: &str) -> PyResult<usize> {
    Ok(scalar::count_doubles_once(val))
}

fn count_doubles_peek(_py: Python<'_>, val: &str) -> PyResult<usize> {
    Ok(scalar::count_doubles_peek(val))
}

fn count_doubles_fold(_py: Python<'_>, val: &str) -> PyResult<usize> {
    Ok(scalar::count_doubles_fold(val))
}

fn count_doubles_bytes_once(_py: Python<'_>, val: &str) -> PyResult<usize> {
    Ok(scalar::count_doubles_bytes_once(val.as_bytes()))
}

fn count_doubles_bytes_windows(_py: Python<'_>, val: &str) -> PyResult<usize> {
    Ok(scalar::count_doubles_bytes_windows(val.as_bytes()))
}

py_module_initializer!(_native, |py, module| {
    /// Adds a function with its docstring. The signature in front is what `inspect.signature` reads.
    macro_rules! add {
        ($name:ident $signature:literal, $function:expr) => {{
            let doc = concat!(stringify!($name), $signature, "\n--\n\n", doc!($name), "\0");
            add_function(py, module, stringify!($name), $function, CStr::from_bytes_with_nul(doc.as_bytes()).unwrap())?
        }};
    }

    module.add(py, "__all__", ["backend"].as_slice())?;
    module.add(py, "__doc__", doc!(module))?;
    module.add(py, "__version__", env!("CARGO_PKG_VERSION"))?;
    module.add(py, "backend", Backend::detect().name())?;
    add!(count_doubles "(val, /)", py_fn!(py, count_doubles(*args, **kwargs)));
    add!(count_doubles_bytes_once "(val)", py_fn!(py, count_doubles_bytes_once(val: &str)));
    add!(count_doubles_bytes_windows "(val)", py_fn!(py, count_doubles_bytes_windows(val: &str)));
    add!(count_doubles_fold "(val)", py_fn!(py, count_doubles_fold(val: &str)));
    add!(count_doubles_once "(val)", py_fn!(py, count_doubles_once(val: &str)));
    add!(count_doubles_peek "(val)", py_fn!(py, count_doubles_peek(val: &str)));
    add!(count_doubles_zip "(val)", py_fn!(py, count_doubles_zip(val: &str)));
    Ok(())
});

/// Adds a function that `py_fn!` made to the module and its `__all__`, with what `py_fn!` has no words for: the docstring
/// and the name of the module.
fn add_function(py: Python<'_>, module: &PyModule, name: &str, function: PyObject, doc: &'static CStr) -> PyResult<()> {
    /// The first fields of CPython's own, which python3-sys does not declare.
    #[repr(C)]
    struct PyCFunctionObject {
        ob_base: ffi::PyObject,
        m_ml: *mut ffi::PyMethodDef,
    }

    // SAFETY: `py_fn!` makes a builtin function over a mutable static definition of its own, which nothing else has a
    // reference to and CPython reads with the GIL held, as it is held here. `doc` is static.
    unsafe { (*(*function.as_ptr().cast::<PyCFunctionObject>()).m_ml).ml_doc = doc.as_ptr() };
    function.setattr(py, "__module__", module.name(py)?)?;
    module.get(py, "__all__")?.call_method(py, "append", (name,), None)?;
    module.add(py, name, function)
}
