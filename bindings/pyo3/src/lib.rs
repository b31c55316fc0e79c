//! [`doubles_core`] for Python, through PyO3.
//!
//! `lib.rs` is the module, its functions and the two immutable types, `str` and `bytes`; `buffer.rs` is everything else
//! that has bytes; `operations.rs` and `squeezing.rs` are what is asked of a value besides its count; `file.rs` reads files.
//! `arguments.rs` and `values.rs` read what else a call is given, and `objects.rs` makes what it returns. `stable.rs` takes the
//! place of `lib.rs`'s `str` in a build for the stable ABI. The sibling package `doubles_cpython` has the same files.

// First, since the modules name its macro.
include!(concat!(env!("OUT_DIR"), "/docs.rs"));

mod arguments;
mod buffer;
#[cfg(feature = "arrow")]
mod columns;
mod file;
mod objects;
mod operations;
mod squeezing;
#[cfg(feature = "abi3")]
mod stable;
mod values;

use std::ops::Range;
use std::panic::resume_unwind;
#[cfg(not(feature = "abi3"))]
use std::slice;
use std::thread;

use doubles_core::{Backend, Element, FileCounter, part_range, scalar};
use pyo3::exceptions::PyImportError;
use pyo3::ffi;
use pyo3::prelude::*;
#[cfg(not(feature = "abi3"))]
use pyo3::types::string::PyStringData;
use pyo3::types::{PyBytes, PyString};

use crate::objects::Number;
#[cfg(not(feature = "abi3"))]
use crate::operations::{Immutable, Question};
#[cfg(not(feature = "abi3"))]
use crate::values::Kind;

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

#[doc = doc!(count_doubles)]
#[pyfunction]
#[pyo3(signature = (val, /, *, threads = 1))]
fn count_doubles(
    val: &Bound<'_, PyAny>,
    #[pyo3(from_py_with = arguments::threads)] threads: usize,
) -> PyResult<Number> {
    count(val, threads).map(Number::from)
}

#[inline]
fn count(val: &Bound<'_, PyAny>, threads: usize) -> PyResult<usize> {
    if let Ok(text) = val.cast::<PyString>() {
        count_text(text, threads)
    } else if let Ok(bytes) = val.cast_exact::<PyBytes>() {
        count_immutable(val.py(), bytes.as_bytes(), threads)
    } else {
        buffer::count(val, threads)
    }
}

#[cfg(feature = "abi3")]
use stable::{ask_text, count_text};

#[cfg(not(feature = "abi3"))]
fn ask_text<Q: Question>(text: &Bound<'_, PyString>, question: Q) -> PyResult<Q::Answer> {
    let (py, kind) = (text.py(), Kind::Character);
    match characters(text)? {
        PyStringData::Ucs1(items) => question.ask(&mut Immutable { py, items, kind }),
        PyStringData::Ucs2(items) => question.ask(&mut Immutable { py, items, kind }),
        PyStringData::Ucs4(items) => question.ask(&mut Immutable { py, items, kind }),
    }
}

#[cfg(not(feature = "abi3"))]
#[inline]
fn count_text(text: &Bound<'_, PyString>, threads: usize) -> PyResult<usize> {
    let py = text.py();
    match characters(text)? {
        PyStringData::Ucs1(chars) => count_immutable(py, chars, threads),
        PyStringData::Ucs2(chars) => count_immutable(py, chars, threads),
        PyStringData::Ucs4(chars) => count_immutable(py, chars, threads),
    }
}

/// The characters of a str where CPython stores them, in 1, 2 or 4 bytes each.
///
/// `PyString::data` gives the same, but is not inlined, and so hands it over through memory: some 3 ns, a tenth of a
/// call on a short str.
#[cfg(not(feature = "abi3"))]
#[inline(always)]
fn characters<'a>(text: &'a Bound<'_, PyString>) -> PyResult<PyStringData<'a>> {
    let text_ptr = text.as_ptr();
    // SAFETY: the GIL is held and `text` is a live str, made ready here, which CPython 3.12 no longer knows. Its data are
    // `len` characters as wide as the kind says, aligned for that and followed by a terminator, so never null. A str
    // does not change, and `text` keeps it alive for `'a`. That the layout of a str is read as this interpreter has it is
    // what the tests of each width check.
    unsafe {
        if ffi::PyUnicode_READY(text_ptr) != 0 {
            return Err(PyErr::fetch(text.py()));
        }
        let data = ffi::PyUnicode_DATA(text_ptr);
        let len = ffi::PyUnicode_GET_LENGTH(text_ptr).unsigned_abs();
        Ok(match ffi::PyUnicode_KIND(text_ptr) {
            ffi::PyUnicode_1BYTE_KIND => PyStringData::Ucs1(slice::from_raw_parts(data.cast(), len)),
            ffi::PyUnicode_2BYTE_KIND => PyStringData::Ucs2(slice::from_raw_parts(data.cast(), len)),
            _ => PyStringData::Ucs4(slice::from_raw_parts(data.cast(), len)),
        })
    }
}

/// Counts items that nobody can change, so that the GIL is not needed.
#[inline]
fn count_immutable<T: Element>(py: Python<'_>, items: &[T], threads: usize) -> PyResult<usize> {
    if size_of_val(items) < LONG {
        return Ok(doubles_core::count_elements(items));
    }
    let count = |range: Range<usize>| doubles_core::count_elements(&items[range]);
    count_in_parts(py, items.len(), PART / size_of::<T>(), |part| {
        Ok(py.detach(|| count_by_threads(part, threads, &count)))
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
        py.check_signals()?;
        start += part_len;
    }
    Ok(total + count(start..len)?)
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

#[doc = doc!(count_doubles_zip)]
#[pyfunction]
fn count_doubles_zip(val: &str) -> Number {
    Number::from(scalar::count_doubles_zip(val))
}

#[doc = doc!(count_doubles_once)]
#[pyfunction]
fn count_doubles_once(val: &str) -> Number {
    Number::from(scalar::count_doubles_once(val))
}

#[doc = doc!(count_doubles_peek)]
#[pyfunction]
fn count_doubles_peek(val: &str) -> Number {
    Number::from(scalar::count_doubles_peek(val))
}

#[doc = doc!(count_doubles_fold)]
#[pyfunction]
fn count_doubles_fold(val: &str) -> Number {
    Number::from(scalar::count_doubles_fold(val))
}

#[doc = doc!(count_doubles_bytes_once)]
#[pyfunction]
fn count_doubles_bytes_once(val: &str) -> Number {
    Number::from(scalar::count_doubles_bytes_once(val.as_bytes()))
}

#[doc = doc!(count_doubles_bytes_windows)]
#[pyfunction]
fn count_doubles_bytes_windows(val: &str) -> Number {
    Number::from(scalar::count_doubles_bytes_windows(val.as_bytes()))
}

#[doc = doc!(module)]
#[pymodule(gil_used = true)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    // PyO3 does not support others, and does not refuse them by itself where they share the GIL.
    // SAFETY: `module` shows that the GIL is held. The main interpreter has the number 0.
    if unsafe { ffi::PyInterpreterState_GetID(ffi::PyInterpreterState_Get()) } != 0 {
        return Err(PyImportError::new_err("doubles_pyo3 does not support subinterpreters"));
    }
    module.add("backend", Backend::detect().name())?;
    module.add_function(wrap_pyfunction!(count_doubles, module)?)?;
    module.add_function(wrap_pyfunction!(count_doubles_bytes_once, module)?)?;
    module.add_function(wrap_pyfunction!(count_doubles_bytes_windows, module)?)?;
    module.add_function(wrap_pyfunction!(count_doubles_fold, module)?)?;
    module.add_function(wrap_pyfunction!(count_doubles_once, module)?)?;
    module.add_function(wrap_pyfunction!(count_doubles_peek, module)?)?;
    module.add_function(wrap_pyfunction!(count_doubles_zip, module)?)?;
    module.add_function(wrap_pyfunction!(operations::count_doubles_by_value, module)?)?;
    module.add_function(wrap_pyfunction!(file::count_doubles_file, module)?)?;
    module.add_function(wrap_pyfunction!(operations::count_doubles_many, module)?)?;
    module.add_function(wrap_pyfunction!(operations::find_doubles, module)?)?;
    module.add_function(wrap_pyfunction!(operations::find_doubles_array, module)?)?;
    module.add_function(wrap_pyfunction!(operations::has_doubles, module)?)?;
    module.add_function(wrap_pyfunction!(operations::longest_run, module)?)?;
    module.add_function(wrap_pyfunction!(operations::runs, module)?)?;
    module.add_function(wrap_pyfunction!(operations::runs_arrays, module)?)?;
    module.add_function(wrap_pyfunction!(squeezing::squeeze, module)?)?;
    #[cfg(feature = "arrow")]
    module.setattr("_columns", columns::module(module.py())?)?;
    module.setattr("__version__", env!("CARGO_PKG_VERSION"))
}
