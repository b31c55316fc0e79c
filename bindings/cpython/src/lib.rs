//! [`doubles_core`] for Python, through rust-cpython.
//!
//! `lib.rs` is the module, its functions and the two immutable types, `str` and `bytes`; `buffer.rs` is everything else
//! that has bytes; `operations.rs` is what is asked of a value besides its count;
//! `file.rs` reads files. The sibling package `doubles_pyo3` has the same files in the same order.

#![allow(clippy::manual_strip, missing_docs, reason = "in what rust-cpython's macros expand to")]

// First, since the modules name its macro.
include!(concat!(env!("OUT_DIR"), "/docs.rs"));

mod buffer;
mod file;
mod operations;

use std::ffi::CStr;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::{iter, ptr, slice, thread};

use crate::file::count_doubles_file;
use crate::operations::{
    count_doubles_by_value, count_doubles_many, find_doubles, has_doubles, longest_run, runs, squeeze,
};
use cpython::{
    ObjectProtocol, PyBytes, PyDict, PyErr, PyModule, PyObject, PyResult, PyString, PyStringData, PyTuple, Python,
    PythonObject, exc, py_fn, py_module_initializer_impl,
};
use doubles_core::{Backend, Element, part_range, scalar};
use python3_sys as ffi;

/// The bytes from which an immutable value is counted without the GIL.
///
/// Letting go of the GIL and taking it back costs nothing that can be measured beside a count of this size. With
/// another thread waiting for the GIL it does not either up to some 16 MiB, which are counted before that thread is
/// awake; beyond, it costs up to a switch interval of the interpreter each time.
const LONG: usize = 1 << 20;

/// The bytes that are counted before a look for signals, and before the GIL is taken back for it.
///
/// At 2 GB/s, which is slower than any memory, these take 64 ms: Ctrl-C is answered soon. At the speed of today's memory
/// it is some 10 ms, so that a thread that fights for the GIL is met seldom.
const PART: usize = 128 << 20;

fn count_doubles(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<usize> {
    // `py_fn!` could take the arguments apart, but not say that one is positional only and the other a keyword, and would
    // take a reference, only to drop it through `PyGILState_Ensure`.
    let [val] = args.as_slice(py) else { return Err(wrong_arguments(py, args, kwargs)) };
    let threads = match kwargs {
        Some(kwargs) if kwargs.len(py) != 0 => match kwargs.get_item(py, "threads") {
            Some(threads) if kwargs.len(py) == 1 => number_of_threads(py, &threads)?,
            _ => return Err(wrong_arguments(py, args, Some(kwargs))),
        },
        _ => 1,
    };
    count(py, val, threads)
}

fn count(py: Python<'_>, val: &PyObject, threads: usize) -> PyResult<usize> {
    // The types are asked for first, since a `cast_as` that fails costs more than the rest of a short call.
    // SAFETY: `val` is a live object.
    if unsafe { ffi::PyUnicode_Check(val.as_ptr()) } != 0 {
        match data(py, val.cast_as::<PyString>(py)?)? {
            PyStringData::Latin1(chars) => count_immutable(py, chars, threads),
            PyStringData::Utf16(chars) => count_immutable(py, chars, threads),
            PyStringData::Utf32(chars) => count_immutable(py, chars, threads),
            PyStringData::Utf8(_) => unreachable!("Python 3 stores code points"),
        }
    // SAFETY: as above.
    } else if unsafe { ffi::PyBytes_CheckExact(val.as_ptr()) } != 0 {
        count_immutable(py, val.cast_as::<PyBytes>(py)?.data(py), threads)
    } else {
        buffer::count(py, val, threads)
    }
}

/// The `threads` of a call: an int from 1 on.
fn number_of_threads(py: Python<'_>, threads: &PyObject) -> PyResult<usize> {
    // SAFETY: `threads` is a live object, and `py` shows that the GIL is held.
    let number = unsafe { ffi::PyNumber_AsSsize_t(threads.as_ptr(), ffi::PyExc_OverflowError) };
    if number == -1 && PyErr::occurred(py) {
        return Err(PyErr::fetch(py));
    }
    match usize::try_from(number) {
        Ok(number @ 1..) => Ok(number),
        _ => Err(PyErr::new::<exc::ValueError, _>(py, format!("threads must be at least 1, got {number}"))),
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

/// Whether a `str` is stored as ASCII.
///
/// # Safety
///
/// It is a live `str` that is ready.
unsafe fn is_ascii(text: &PyObject) -> bool {
    const ASCII: u32 = 1 << 6;

    // SAFETY: the first fields and flags of a str of CPython 3.7 to 3.13 are these.
    unsafe { (*text.as_ptr().cast::<ffi::PyASCIIObject>()).state & ASCII != 0 }
}

/// Counts items that nobody can change, so that the GIL is not needed.
#[inline]
fn count_immutable<T: Element + Sync>(py: Python<'_>, items: &[T], threads: usize) -> PyResult<usize> {
    if size_of_val(items) < LONG {
        return Ok(doubles_core::count_elements(items));
    }
    let count = |range: Range<usize>| doubles_core::count_elements(&items[range]);
    count_in_parts(py, items.len(), PART / size_of::<T>(), |part| {
        // A panic that left `allow_threads` would leave it without the GIL. It goes on when the GIL is back, and
        // becomes a `SystemError` where the call ends.
        py.allow_threads(|| catch_unwind(AssertUnwindSafe(|| count_by_threads(part, threads, &count))))
            .map_or_else(|panic| resume_unwind(panic), Ok)
    })
}

/// Adds up the counts of parts of `len` items, and lets signals (Ctrl-C) be handled between them.
///
/// A part ends with the item that the next one starts with: so each pair is in one part.
fn count_in_parts(
    py: Python<'_>,
    len: usize,
    part_len: usize,
    mut count: impl FnMut(Range<usize>) -> PyResult<usize>,
) -> PyResult<usize> {
    let mut total = 0;
    let mut start = 0;
    while len - start > part_len + 1 {
        total += count(start..start + part_len + 1)?;
        check_signals(py)?;
        start += part_len;
    }
    Ok(total + count(start..len)?)
}

/// Lets signals be handled.
fn check_signals(py: Python<'_>) -> PyResult<()> {
    // SAFETY: `py` shows that the GIL is held.
    if unsafe { ffi::PyErr_CheckSignals() } != 0 { Err(PyErr::fetch(py)) } else { Ok(()) }
}

/// Counts a range of items by several threads, this one among them.
fn count_by_threads(range: Range<usize>, threads: usize, count: &(impl Fn(Range<usize>) -> usize + Sync)) -> usize {
    // To start a thread takes about as long as to count some 100,000 items.
    let threads = threads.min(range.len() >> 18);
    if threads <= 1 {
        return count(range);
    }
    sum_by_threads(threads, |index| {
        let part = part_range(range.len(), index, threads);
        count(range.start + part.start..range.start + part.end)
    })
}

/// The sum of what `part` gives for each number below `threads`, each by a thread of its own as far as they can be had.
fn sum_by_threads(threads: usize, part: impl Fn(usize) -> usize + Sync) -> usize {
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads)
            .map(|index| {
                let part = &part;
                thread::Builder::new().spawn_scoped(scope, move || part(index)).map_err(|_| index)
            })
            .collect();
        let own = part(0);
        let others = others.into_iter().map(|other| match other {
            Ok(other) => other.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(index) => part(index),
        });
        own + others.sum::<usize>()
    })
}

/// The exception for a call of `count_doubles` with anything but one positional argument, in PyO3's words.
#[cold]
fn wrong_arguments(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyErr {
    let given = args.len(py);
    let names: Vec<String> =
        kwargs.map_or_else(Vec::new, |kwargs| kwargs.items(py).into_iter().map(|(name, _)| name.to_string()).collect());
    let problem = if given > 1 {
        format!("takes 1 positional arguments but {given} were given")
    } else if let Some(name) = names.iter().find(|name| !["val", "threads"].contains(&name.as_str())) {
        format!("got an unexpected keyword argument '{name}'")
    } else if names.iter().any(|name| name == "val") {
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

/// What CPython calls to import the module. `py_module_initializer!` would make this, but for the look at the interpreter.
///
/// # Safety
///
/// Called with the GIL held.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInit__native() -> *mut ffi::PyObject {
    static mut DEFINITION: ffi::PyModuleDef = ffi::PyModuleDef_INIT;

    // SAFETY: the GIL is held, so that nobody else is at the definition. An exception is set where null is returned.
    unsafe {
        if !is_main_interpreter() {
            let text = c"doubles_cpython does not support subinterpreters";
            ffi::PyErr_SetString(ffi::PyExc_ImportError, text.as_ptr());
            return ptr::null_mut();
        }
        DEFINITION.m_name = c"_native".as_ptr();
        py_module_initializer_impl(&raw mut DEFINITION, fill)
    }
}

/// Adds what the module has.
fn fill(py: Python<'_>, module: &PyModule) -> PyResult<()> {
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
    add!(count_doubles "(val, /, *, threads=1)", py_fn!(py, count_doubles(*args, **kwargs)));
    add!(count_doubles_bytes_once "(val)", py_fn!(py, count_doubles_bytes_once(val: &str)));
    add!(count_doubles_bytes_windows "(val)", py_fn!(py, count_doubles_bytes_windows(val: &str)));
    add!(count_doubles_fold "(val)", py_fn!(py, count_doubles_fold(val: &str)));
    add!(count_doubles_once "(val)", py_fn!(py, count_doubles_once(val: &str)));
    add!(count_doubles_peek "(val)", py_fn!(py, count_doubles_peek(val: &str)));
    add!(count_doubles_zip "(val)", py_fn!(py, count_doubles_zip(val: &str)));
    add!(count_doubles_by_value "(val)", py_fn!(py, count_doubles_by_value(val: PyObject)));
    add!(
        count_doubles_file "(path, unit='characters', threads=1)",
        py_fn!(py, count_doubles_file(path: PyObject, unit: Option<PyObject> = None, threads: Option<PyObject> = None))
    );
    add!(count_doubles_many "(values)", py_fn!(py, count_doubles_many(values: PyObject)));
    add!(find_doubles "(val)", py_fn!(py, find_doubles(val: PyObject)));
    add!(has_doubles "(val)", py_fn!(py, has_doubles(val: PyObject)));
    add!(longest_run "(val)", py_fn!(py, longest_run(val: PyObject)));
    add!(runs "(val, min_length=2)", py_fn!(py, runs(val: PyObject, min_length: Option<PyObject> = None)));
    add!(
        squeeze "(val, max_run=1, values=None)",
        py_fn!(py, squeeze(val: PyObject, max_run: Option<PyObject> = None, values: Option<PyObject> = None))
    );
    Ok(())
}

/// Whether the interpreter at hand is the main one.
///
/// In another one rust-cpython drops objects through `PyGILState_Ensure`, which up to Python 3.11 waits there for ever for
/// the GIL of the main one: so the exception cannot be made by its means either.
///
/// # Safety
///
/// The GIL is held.
unsafe fn is_main_interpreter() -> bool {
    // Of the public API since 3.7, and not declared by python3-sys. `PyInterpreterState_Get` came with 3.9.
    unsafe extern "C" {
        fn PyInterpreterState_Main() -> *mut ffi::PyInterpreterState;
        fn PyInterpreterState_ThreadHead(interpreter: *mut ffi::PyInterpreterState) -> *mut ffi::PyThreadState;
        fn PyThreadState_Next(state: *mut ffi::PyThreadState) -> *mut ffi::PyThreadState;
    }

    // SAFETY: the GIL is held, without which no state of a thread is freed; a new one is put before the first.
    unsafe {
        let current = ffi::PyThreadState_Get();
        let first = PyInterpreterState_ThreadHead(PyInterpreterState_Main());
        let mut states =
            iter::successors(Some(first), |state| Some(PyThreadState_Next(*state)).filter(|next| !next.is_null()));
        states.any(|state| state == current)
    }
}

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
