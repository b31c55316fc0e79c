//! `str` by the stable ABI, which does not say how characters are stored: they are read as UTF-8, from a copy.
//!
//! `PyUnicode_AsUTF8AndSize` would spare ASCII the copy, and leave one on any other str as long as that lives.

use std::ops::Range;
use std::str;

use doubles_core::{Element, FileCounter, part_of_str};
use pyo3::exceptions::PyUnicodeEncodeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use crate::objects::no_memory;
use crate::operations::{Question, Source, Stop, in_parts};
use crate::values::Kind;
use crate::{LONG, count_in_parts, sum_by_threads};

/// The characters that are copied and counted before a look for signals. In 4 bytes each they take some 50 ms.
const PART: usize = 4 << 20;

/// Counts the doubles of a str.
///
/// # Errors
///
/// A `UnicodeEncodeError` if it has lone surrogates, which have no UTF-8.
pub(crate) fn count_text(text: &Bound<'_, PyString>, threads: usize) -> PyResult<usize> {
    let py = text.py();
    // SAFETY: `text` is a live str.
    let len = unsafe { ffi::PyUnicode_GetLength(text.as_ptr()) };
    count_in_parts(py, len.unsigned_abs(), PART, |part| {
        let utf8 = encoded(text, part)?;
        // SAFETY: CPython encodes nothing but valid UTF-8.
        let utf8 = unsafe { str::from_utf8_unchecked(utf8.as_bytes()) };
        let count = || count_by_threads(utf8, threads);
        Ok(if utf8.len() < LONG { count() } else { py.detach(count) })
    })
}

/// Asks a question of the characters of a str.
///
/// # Errors
///
/// As [`count_text`].
pub(crate) fn ask_text<Q: Question>(text: &Bound<'_, PyString>, question: Q) -> PyResult<Q::Answer> {
    question.ask(&mut Text(text))
}

/// The characters of a str, in 4 bytes each.
struct Text<'a, 'py>(&'a Bound<'py, PyString>);

impl Source<u32> for Text<'_, '_> {
    fn len(&self) -> usize {
        // SAFETY: the str is live.
        unsafe { ffi::PyUnicode_GetLength(self.0.as_ptr()).unsigned_abs() }
    }

    fn kind(&self) -> Kind {
        Kind::Character
    }

    fn read(&mut self, mut push: impl FnMut(&[u8]) -> Result<(), Stop> + Send) -> PyResult<()> {
        let mut characters = Vec::new();
        in_parts(self.0.py(), self.len(), |part| {
            characters.clear();
            characters.try_reserve(part.len()).map_err(no_memory)?;
            let utf8 = encoded(self.0, part)?;
            // SAFETY: CPython encodes nothing but valid UTF-8.
            let utf8 = unsafe { str::from_utf8_unchecked(utf8.as_bytes()) };
            characters.extend(utf8.chars().map(u32::from));
            Ok(push(u32::as_bytes(&characters)))
        })
    }
}

/// A part of a str as UTF-8.
fn encoded<'py>(text: &Bound<'py, PyString>, part: Range<usize>) -> PyResult<Bound<'py, PyBytes>> {
    let py = text.py();
    // SAFETY: `text` is a live str and the part lies in it; what comes back is a new reference to a str, or null with an
    // exception set.
    let part = unsafe {
        let part = ffi::PyUnicode_Substring(text.as_ptr(), part.start.cast_signed(), part.end.cast_signed());
        Bound::from_owned_ptr_or_err(py, part)?.cast_into_unchecked::<PyString>()
    };
    part.encode_utf8().map_err(|error| explained(py, error))
}

fn count_by_threads(text: &str, threads: usize) -> usize {
    let threads = threads.min(text.len() >> 18).min(FileCounter::MAX_THREADS);
    if threads <= 1 {
        return doubles_core::count_chars(text);
    }
    sum_by_threads(threads, |index| doubles_core::count_chars(part_of_str(text, index, threads)))
}

/// Says, under a `UnicodeEncodeError`, why text was encoded.
#[cold]
fn explained(py: Python<'_>, error: PyErr) -> PyErr {
    if error.is_instance_of::<PyUnicodeEncodeError>(py) {
        let note = "This build of doubles_pyo3 is for the stable ABI and reads text as UTF-8, which lone surrogates do not \
                    have. A build for one version of CPython counts them.";
        if let Err(error) = error.value(py).call_method1("add_note", (note,)) {
            return error;
        }
    }
    error
}
