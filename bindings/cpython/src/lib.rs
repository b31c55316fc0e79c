//! [`doubles_core`] for Python, through rust-cpython.
//!
//! `lib.rs` is the module, its functions and the two immutable types, `str` and `bytes`; `buffer.rs` is everything else
//! that has bytes; `operations.rs` and `squeezing.rs` are what is asked of a value besides its count; `file.rs` reads files.
//! `arguments.rs` and `values.rs` read what else a call is given, and `objects.rs` makes what it returns. The sibling package
//! `doubles_pyo3` has the same files.

#![allow(clippy::manual_strip, missing_docs, reason = "in what rust-cpython's macros expand to")]

// First, since the modules name its macro.
include!(concat!(env!("OUT_DIR"), "/docs.rs"));

mod arguments;
mod buffer;
mod file;
mod objects;
mod operations;
mod squeezing;
mod values;

use std::ffi::CStr;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::{iter, ptr, slice, thread};

use cpython::{
    ObjectProtocol, PyBytes, PyDict, PyErr, PyModule, PyObject, PyResult, PyString, PyStringData, PyTuple, Python,
    PythonObject, py_fn, py_module_initializer_impl,
};
use doubles_core::{Backend, Element, FileCounter, part_range, scalar};
use python3_sys as ffi;

use crate::arguments::{Signature, utf8};
use crate::file::count_doubles_file;
use crate::objects::number;
use crate::operations::{
    count_doubles_by_value, count_doubles_many, find_doubles, find_doubles_array, has_doubles, longest_run, runs,
    runs_arrays,
};
use crate::squeezing::squeeze;

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

/// What a function takes that takes a value, and nothing else.
const fn val(function: &'static str) -> Signature<0> {
    Signature { function, first: c"val", others: [], apart: false }
}

fn count_doubles(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    let signature = Signature { function: "count_doubles", first: c"val", others: [c"threads"], apart: true };
    let (val, [threads]) = signature.read(py, args, kwargs)?;
    let threads = arguments::number(py, "threads", threads, 1)?;
    number(py, count(py, &val, threads)? as u64)
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
fn count_immutable<T: Element>(py: Python<'_>, items: &[T], threads: usize) -> PyResult<usize> {
    if size_of_val(items) < LONG {
        return Ok(doubles_core::count_elements(items));
    }
    let count = |range: Range<usize>| doubles_core::count_elements(&items[range]);
    count_in_parts(py, items.len(), PART / size_of::<T>(), |part| {
        Ok(without_gil(py, || count_by_threads(part, threads, &count)))
    })
}

/// Does work that needs no Python object while other threads run.
fn without_gil<R: Send>(py: Python<'_>, work: impl FnOnce() -> R + Send) -> R {
    // A panic that left `allow_threads` would leave it without the GIL. It goes on when the GIL is back, and becomes a
    // `SystemError` where the call ends.
    py.allow_threads(|| catch_unwind(AssertUnwindSafe(work))).unwrap_or_else(|panic| resume_unwind(panic))
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
    let threads = threads.min(range.len() >> 18).min(FileCounter::MAX_THREADS);
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

/// Counts a str as one of the article's functions does.
fn count_text(
    py: Python<'_>,
    function: &'static str,
    args: &PyTuple,
    kwargs: Option<&PyDict>,
    count: impl Fn(&str) -> usize,
) -> PyResult<PyObject> {
    let (val, []) = val(function).read(py, args, kwargs)?;
    number(py, count(utf8(py, "val", &val)?) as u64)
}

fn count_doubles_zip(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    count_text(py, "count_doubles_zip", args, kwargs, scalar::count_doubles_zip)
}

fn count_doubles_once(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    count_text(py, "count_doubles_once", args, kwargs, scalar::count_doubles_once)
}

fn count_doubles_peek(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    count_text(py, "count_doubles_peek", args, kwargs, scalar::count_doubles_peek)
}

fn count_doubles_fold(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    count_text(py, "count_doubles_fold", args, kwargs, scalar::count_doubles_fold)
}

fn count_doubles_bytes_once(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    count_text(py, "count_doubles_bytes_once", args, kwargs, |text| scalar::count_doubles_bytes_once(text.as_bytes()))
}

fn count_doubles_bytes_windows(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    count_text(py, "count_doubles_bytes_windows", args, kwargs, |text| {
        scalar::count_doubles_bytes_windows(text.as_bytes())
    })
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
        ($name:ident $signature:literal) => {{
            let doc = concat!(stringify!($name), $signature, "\n--\n\n", doc!($name), "\0");
            let doc = CStr::from_bytes_with_nul(doc.as_bytes()).unwrap();
            add_function(py, module, stringify!($name), py_fn!(py, $name(*args, **kwargs)), doc)?
        }};
    }

    module.add(py, "__all__", ["backend"].as_slice())?;
    module.add(py, "__doc__", doc!(module))?;
    module.add(py, "__version__", env!("CARGO_PKG_VERSION"))?;
    module.add(py, "backend", Backend::detect().name())?;
    add!(count_doubles "(val, /, *, threads=1)");
    add!(count_doubles_bytes_once "(val)");
    add!(count_doubles_bytes_windows "(val)");
    add!(count_doubles_by_value "(val)");
    add!(count_doubles_file "(path, unit='characters', threads=1)");
    add!(count_doubles_fold "(val)");
    add!(count_doubles_many "(values)");
    add!(count_doubles_once "(val)");
    add!(count_doubles_peek "(val)");
    add!(count_doubles_zip "(val)");
    add!(find_doubles "(val)");
    add!(find_doubles_array "(val)");
    add!(has_doubles "(val)");
    add!(longest_run "(val)");
    add!(runs "(val, min_length=2, values=None)");
    add!(runs_arrays "(val, min_length=2, values=None)");
    add!(squeeze "(val, max_run=1, values=None)");
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
