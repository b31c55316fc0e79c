//! What is asked of a value besides how many doubles it has: one operation each, which is handed the items part by part.
//!
//! `lib.rs` and `buffer.rs` count in their own way, since a short count is all call and no work.

use std::collections::{BTreeMap, HashSet};
use std::mem::MaybeUninit;
use std::ops::Range;
#[cfg(not(feature = "abi3"))]
use std::ptr;

use doubles_core::{Element, RunFinder, Squeezer, count_unaligned_by_value, find_unaligned, has_unaligned};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
#[cfg(not(feature = "abi3"))]
use pyo3::types::string::PyStringData;
use pyo3::types::{PyBool, PyByteArray, PyBytes, PyDict, PyList, PyString};

use crate::{LONG, buffer, read_text};

/// The items that are looked at before a look for signals. Where the slowest operation meets what is slowest for it, these
/// take some 50 ms.
const PART: usize = 1 << 20;

/// What is done to the items of a value.
pub(crate) trait Operation: Send {
    /// The next items, of a width in bytes that is the same each time. At least one, and none of them twice.
    fn push<T: Element>(&mut self, part: &[u8]);
}

/// What an item is to Python.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Reading {
    /// A str of one character.
    Character,
    /// An int.
    Integer { size: usize, signed: bool, swapped: bool },
    /// A bool.
    Bool,
    /// A bytes object of length one.
    Byte,
}

/// Hands the items of a value to `operation`, and says what they are.
pub(crate) fn read(val: &Bound<'_, PyAny>, operation: &mut impl Operation) -> PyResult<Reading> {
    if let Ok(text) = val.cast::<PyString>() {
        read_text(text, operation)?;
        Ok(Reading::Character)
    } else if let Ok(bytes) = val.cast_exact::<PyBytes>() {
        read_immutable(val.py(), bytes.as_bytes(), operation)?;
        Ok(Reading::Integer { size: 1, signed: false, swapped: false })
    } else {
        buffer::read(val, operation)
    }
}

/// Hands over items that nobody can change, so that the GIL is not needed.
pub(crate) fn read_immutable<T: Element + Sync>(
    py: Python<'_>,
    items: &[T],
    operation: &mut impl Operation,
) -> PyResult<()> {
    if items.is_empty() {
        return Ok(());
    }
    if size_of_val(items) < LONG {
        operation.push::<T>(bytes_of(items));
        return Ok(());
    }
    in_parts(py, items.len(), |part| {
        py.detach(|| operation.push::<T>(bytes_of(&items[part])));
        Ok(())
    })
}

/// Calls `read` with each part of `len` items, and lets signals (Ctrl-C) be handled between them.
pub(crate) fn in_parts(py: Python<'_>, len: usize, mut read: impl FnMut(Range<usize>) -> PyResult<()>) -> PyResult<()> {
    for start in (0..len).step_by(PART) {
        if start != 0 {
            py.check_signals()?;
        }
        read(start..len.min(start + PART))?;
    }
    Ok(())
}

/// The bytes of items.
pub(crate) fn bytes_of<T: Element>(items: &[T]) -> &[u8] {
    // SAFETY: an `Element` is an integer, all of whose bytes are initialised.
    unsafe { std::slice::from_raw_parts(items.as_ptr().cast(), size_of_val(items)) }
}

/// The last item of the parts so far.
#[derive(Default)]
struct Seam {
    last: Option<Vec<u8>>,
}

impl Seam {
    /// Whether a part begins with the item that the one before ended with.
    fn doubled<T: Element>(&mut self, part: &[u8]) -> bool {
        let (first, last) = (&part[..size_of::<T>()], &part[part.len() - size_of::<T>()..]);
        self.last.replace(last.to_vec()).is_some_and(|last| last == first)
    }
}

#[derive(Default)]
struct Has {
    seam: Seam,
    found: bool,
}

impl Operation for Has {
    fn push<T: Element>(&mut self, part: &[u8]) {
        self.found = self.found || has_unaligned::<T>(part) || self.seam.doubled::<T>(part);
    }
}

#[doc = doc!(has_doubles)]
#[pyfunction]
pub(crate) fn has_doubles(val: &Bound<'_, PyAny>) -> PyResult<bool> {
    let mut has = Has::default();
    read(val, &mut has)?;
    Ok(has.found)
}

#[derive(Default)]
struct Find {
    seam: Seam,
    start: usize,
    positions: Vec<usize>,
}

impl Operation for Find {
    fn push<T: Element>(&mut self, part: &[u8]) {
        let start = self.start;
        if self.seam.doubled::<T>(part) {
            self.positions.push(start - 1);
        }
        let here = self.positions.len();
        find_unaligned::<T>(part).append_to(&mut self.positions);
        if start != 0 {
            self.positions[here..].iter_mut().for_each(|position| *position += start);
        }
        self.start += part.len() / size_of::<T>();
    }
}

#[doc = doc!(find_doubles)]
#[pyfunction]
pub(crate) fn find_doubles<'py>(val: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
    let mut find = Find::default();
    read(val, &mut find)?;
    PyList::new(val.py(), find.positions)
}

struct Runs {
    finder: RunFinder,
    runs: Vec<Range<usize>>,
}

impl Operation for Runs {
    fn push<T: Element>(&mut self, part: &[u8]) {
        self.finder.push::<T>(part, |run| self.runs.push(run));
    }
}

#[doc = doc!(runs)]
#[pyfunction]
#[pyo3(signature = (val, min_length = None), text_signature = "(val, min_length=2)")]
pub(crate) fn runs<'py>(
    val: &Bound<'py, PyAny>,
    min_length: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyList>> {
    let min_length = min_length.map_or(Ok(2), |number| at_least_one("min_length", number))?;
    let mut found = Runs { finder: RunFinder::new(min_length), runs: Vec::new() };
    read(val, &mut found)?;
    let Runs { finder, mut runs } = found;
    runs.extend(finder.finish());
    PyList::new(val.py(), runs.into_iter().map(|run| (run.start, run.len())))
}

struct Longest {
    finder: RunFinder,
    longest: Range<usize>,
}

impl Longest {
    fn or(longest: &mut Range<usize>, run: Range<usize>) {
        if run.len() > longest.len() {
            *longest = run;
        }
    }
}

impl Operation for Longest {
    fn push<T: Element>(&mut self, part: &[u8]) {
        self.finder.push::<T>(part, |run| Self::or(&mut self.longest, run));
        // There is an item: if none is doubled, the first is as long a run as any.
        Self::or(&mut self.longest, 0..1);
    }
}

#[doc = doc!(longest_run)]
#[pyfunction]
pub(crate) fn longest_run(val: &Bound<'_, PyAny>) -> PyResult<Option<(usize, usize)>> {
    let mut found = Longest { finder: RunFinder::new(2), longest: 0..0 };
    read(val, &mut found)?;
    let Longest { finder, mut longest } = found;
    if let Some(run) = finder.finish() {
        Longest::or(&mut longest, run);
    }
    Ok(if longest.is_empty() { None } else { Some((longest.start, longest.len())) })
}

#[derive(Default)]
struct ByValue {
    seam: Seam,
    counts: BTreeMap<u64, usize>,
}

impl Operation for ByValue {
    fn push<T: Element>(&mut self, part: &[u8]) {
        if self.seam.doubled::<T>(part) {
            *self.counts.entry(item::<T>(part)).or_default() += 1;
        }
        for (value, count) in count_unaligned_by_value::<T>(part) {
            *self.counts.entry(value.into()).or_default() += count;
        }
    }
}

/// The first item of a part.
fn item<T: Element>(part: &[u8]) -> u64 {
    // SAFETY: a part has an item at least; any bytes are a `T`.
    unsafe { part.as_ptr().cast::<T>().read_unaligned() }.into()
}

#[doc = doc!(count_doubles_by_value)]
#[pyfunction]
pub(crate) fn count_doubles_by_value<'py>(val: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    let py = val.py();
    let mut by_value = ByValue::default();
    let reading = read(val, &mut by_value)?;
    let counts = PyDict::new(py);
    for (value, count) in by_value.counts {
        counts.set_item(object(py, reading, value)?, count)?;
    }
    Ok(counts)
}

/// An item as Python has it.
fn object(py: Python<'_>, reading: Reading, item: u64) -> PyResult<Bound<'_, PyAny>> {
    match reading {
        // Of any code point, also of a surrogate.
        // SAFETY: the GIL is held; what comes back is a new reference, or null with an exception set.
        Reading::Character => unsafe {
            Bound::from_owned_ptr_or_err(py, ffi::PyUnicode_FromOrdinal(item as std::ffi::c_int))
        },
        Reading::Bool => Ok(PyBool::new(py, item != 0).to_owned().into_any()),
        Reading::Byte => Ok(PyBytes::new(py, &[item as u8]).into_any()),
        Reading::Integer { size, signed, swapped } => {
            let above = 64 - 8 * size as u32;
            let item = if swapped { item.swap_bytes() >> above } else { item };
            Ok(if signed {
                ((item << above).cast_signed() >> above).into_pyobject(py)?.into_any()
            } else {
                item.into_pyobject(py)?.into_any()
            })
        }
    }
}

/// What an item of Python's is in memory, if it can be one.
fn in_memory(reading: Reading, item: &Bound<'_, PyAny>) -> PyResult<Option<u64>> {
    match reading {
        Reading::Character => unreachable!("characters are read from a str"),
        Reading::Bool => Ok(Some(u64::from(item.is_truthy()?))),
        Reading::Byte => match item.extract::<&[u8]>()? {
            [byte] => Ok(Some(u64::from(*byte))),
            _ => Ok(None),
        },
        Reading::Integer { size, signed, swapped } => {
            // SAFETY: `item` is a live object and shows that the GIL is held; what comes back is a new reference, or null
            // with an exception set.
            let number = unsafe { Bound::from_owned_ptr_or_err(item.py(), ffi::PyNumber_Index(item.as_ptr()))? };
            let above = 64 - 8 * size as u32;
            let number = if signed {
                number
                    .extract::<i64>()
                    .ok()
                    .filter(|number| number << above >> above == *number)
                    .map(i64::cast_unsigned)
            } else {
                number.extract::<u64>().ok()
            };
            let number = number.map(|number| number << above >> above);
            Ok(number.map(|number| if swapped { number.swap_bytes() >> above } else { number }))
        }
    }
}

/// The distinct items of a value.
#[derive(Default)]
struct Distinct(HashSet<u64>);

impl Operation for Distinct {
    fn push<T: Element>(&mut self, part: &[u8]) {
        self.0.extend(part.chunks_exact(size_of::<T>()).map(item::<T>));
    }
}

struct Squeeze<R> {
    squeezer: Squeezer,
    chosen: Option<HashSet<u64>>,
    room: R,
}

/// Where what is left is written.
trait Room: Send {
    /// Room for so many bytes more.
    fn next(&mut self, len: usize) -> &mut [MaybeUninit<u8>];

    /// So many of them were written.
    fn wrote(&mut self, len: usize);
}

impl<R: Room> Operation for Squeeze<R> {
    fn push<T: Element>(&mut self, part: &[u8]) {
        let room = self.room.next(part.len());
        let written = match &self.chosen {
            None => self.squeezer.push_into::<T>(part, |_| true, room),
            Some(chosen) => self.squeezer.push_into::<T>(part, |item| chosen.contains(&item.into()), room),
        };
        self.room.wrote(written);
    }
}

impl Room for Vec<u8> {
    fn next(&mut self, len: usize) -> &mut [MaybeUninit<u8>] {
        self.reserve(len);
        self.spare_capacity_mut()
    }

    fn wrote(&mut self, len: usize) {
        // SAFETY: so many were written after those that there are.
        unsafe { self.set_len(self.len() + len) };
    }
}

/// The memory of a str or bytes object that is being made, which nobody else has yet.
#[cfg(not(feature = "abi3"))]
struct New {
    data: *mut MaybeUninit<u8>,
    len: usize,
    written: usize,
}

// SAFETY: the memory is used by one thread at a time, whichever it is.
#[cfg(not(feature = "abi3"))]
unsafe impl Send for New {}

#[cfg(not(feature = "abi3"))]
impl Room for New {
    fn next(&mut self, len: usize) -> &mut [MaybeUninit<u8>] {
        assert!(len <= self.len - self.written, "parts are longer than the whole");
        // SAFETY: the new object has room for `len` bytes, of which so many are not written.
        unsafe { std::slice::from_raw_parts_mut(self.data.add(self.written), self.len - self.written) }
    }

    fn wrote(&mut self, len: usize) {
        self.written += len;
    }
}

/// Reads what a value is of, and nothing else.
struct Nothing;

impl Operation for Nothing {
    fn push<T: Element>(&mut self, _part: &[u8]) {}
}

#[doc = doc!(squeeze)]
#[pyfunction]
#[pyo3(signature = (val, max_run = None, values = None), text_signature = "(val, max_run=1, values=None)")]
pub(crate) fn squeeze<'py>(
    val: &Bound<'py, PyAny>,
    max_run: Option<&Bound<'py, PyAny>>,
    values: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let max_run = max_run.map_or(Ok(1), |number| at_least_one("max_run", number))?;
    let chosen = values.map(|values| chosen(val, values)).transpose()?;
    let squeezer = Squeezer::new(max_run);
    if let Ok(text) = val.cast::<PyString>() {
        return squeeze_text(text, squeezer, chosen);
    }
    #[cfg(not(feature = "abi3"))]
    if let Ok(bytes) = val.cast_exact::<PyBytes>() {
        return squeeze_bytes(bytes, squeezer, chosen);
    }
    let mut squeeze = Squeeze { squeezer, chosen, room: Vec::new() };
    read(val, &mut squeeze)?;
    like(val, &squeeze.room)
}

/// A squeezed str, written where it will be: each of its characters is left, so that it is stored as the whole one is.
#[cfg(not(feature = "abi3"))]
fn squeeze_text<'py>(
    text: &Bound<'py, PyString>,
    squeezer: Squeezer,
    chosen: Option<HashSet<u64>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = text.py();
    let (width, len) = match crate::characters(text)? {
        PyStringData::Ucs1(chars) => (1, chars.len()),
        PyStringData::Ucs2(chars) => (2, chars.len()),
        PyStringData::Ucs4(chars) => (4, chars.len()),
    };
    // SAFETY: the GIL is held and `text` is a live str that is ready; what comes back is a new reference, or null with an
    // exception set. Nobody else knows of the new str, which may be written and cut as long as that is so.
    unsafe {
        let largest = match width {
            1 if ffi::PyUnicode_IS_ASCII(text.as_ptr()) != 0 => 0x7f,
            1 => 0xff,
            2 => 0xffff,
            _ => 0x10_ffff,
        };
        let squeezed = ffi::PyUnicode_New(len.cast_signed(), largest);
        let squeezed = Bound::from_owned_ptr_or_err(py, squeezed)?;
        let data = ffi::PyUnicode_DATA(squeezed.as_ptr()).cast();
        let mut squeeze = Squeeze { squeezer, chosen, room: New { data, len: len * width, written: 0 } };
        read_text(text, &mut squeeze)?;
        let mut squeezed = squeezed.into_ptr();
        if ffi::PyUnicode_Resize(&raw mut squeezed, (squeeze.room.written / width).cast_signed()) != 0 {
            ffi::Py_DECREF(squeezed);
            return Err(PyErr::fetch(py));
        }
        Ok(Bound::from_owned_ptr(py, squeezed))
    }
}

/// Squeezed bytes, written where they will be.
#[cfg(not(feature = "abi3"))]
fn squeeze_bytes<'py>(
    bytes: &Bound<'py, PyBytes>,
    squeezer: Squeezer,
    chosen: Option<HashSet<u64>>,
) -> PyResult<Bound<'py, PyAny>> {
    // Of the public API, and not declared by pyo3-ffi.
    unsafe extern "C" {
        fn _PyBytes_Resize(bytes: *mut *mut ffi::PyObject, len: ffi::Py_ssize_t) -> std::ffi::c_int;
    }

    let (py, len) = (bytes.py(), bytes.as_bytes().len());
    // SAFETY: the GIL is held; what comes back is a new reference, or null with an exception set. Nobody else knows of the
    // new object, which may be written and cut as long as that is so.
    unsafe {
        let squeezed = ffi::PyBytes_FromStringAndSize(ptr::null(), len.cast_signed());
        let squeezed = Bound::from_owned_ptr_or_err(py, squeezed)?;
        let data = ffi::PyBytes_AS_STRING(squeezed.as_ptr()).cast_mut().cast();
        let mut squeeze = Squeeze { squeezer, chosen, room: New { data, len, written: 0 } };
        read(bytes, &mut squeeze)?;
        let mut squeezed = squeezed.into_ptr();
        // Where this fails it has let go of the object.
        _PyBytes_Resize(&raw mut squeezed, squeeze.room.written.cast_signed());
        Bound::from_owned_ptr_or_err(py, squeezed)
    }
}

#[cfg(feature = "abi3")]
fn squeeze_text<'py>(
    text: &Bound<'py, PyString>,
    squeezer: Squeezer,
    chosen: Option<HashSet<u64>>,
) -> PyResult<Bound<'py, PyAny>> {
    let mut squeeze = Squeeze { squeezer, chosen, room: Vec::new() };
    read_text(text, &mut squeeze)?;
    let characters = squeeze.room.as_chunks().0.iter().map(|character| u32::from_ne_bytes(*character));
    // This build reads no text with lone surrogates.
    let text_left: String = characters.filter_map(char::from_u32).collect();
    Ok(PyString::new(text.py(), &text_left).into_any())
}

/// The values that are squeezed, as they are in memory.
fn chosen(val: &Bound<'_, PyAny>, values: &Bound<'_, PyAny>) -> PyResult<HashSet<u64>> {
    if val.is_instance_of::<PyString>() != values.is_instance_of::<PyString>() {
        let (of, like) = if val.is_instance_of::<PyString>() { ("a str", "a str") } else { ("items", "their values") };
        let type_name = values.get_type().name()?;
        return Err(PyTypeError::new_err(format!("expected the values of {of} as {like}, got {type_name}")));
    }
    if val.is_instance_of::<PyString>() {
        let mut distinct = Distinct::default();
        read(values, &mut distinct)?;
        return Ok(distinct.0);
    }
    let reading = read(val, &mut Nothing)?;
    values.try_iter()?.filter_map(|item| item.and_then(|item| in_memory(reading, &item)).transpose()).collect()
}

/// Items as an object of the type of `val`: bytes, where that is none that can be made of items.
fn like<'py>(val: &Bound<'py, PyAny>, items: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let py = val.py();
    if val.is_instance_of::<PyByteArray>() {
        return Ok(PyByteArray::new(py, items).into_any());
    }
    let bytes = PyBytes::new(py, items);
    let kind = val.get_type();
    match (kind.module()?.to_str()?, kind.name()?.to_str()?) {
        ("array", "array") => kind.call1((val.getattr("typecode")?, bytes)),
        ("numpy", "ndarray") => {
            py.import("numpy")?.call_method1("frombuffer", (PyByteArray::new(py, items), val.getattr("dtype")?))
        }
        _ => Ok(bytes.into_any()),
    }
}

#[doc = doc!(count_doubles_many)]
#[pyfunction]
pub(crate) fn count_doubles_many<'py>(values: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
    let py = values.py();
    // A str is a sequence of str, too, and hardly ever meant as one.
    if values.is_instance_of::<PyString>() || values.is_instance_of::<PyBytes>() {
        let type_name = values.get_type().name()?;
        return Err(PyTypeError::new_err(format!("expected a sequence of str or bytes-like objects, got {type_name}")));
    }
    let counts = PyList::empty(py);
    for value in values.try_iter()? {
        counts.append(crate::count_doubles(&value?, None)?)?;
    }
    Ok(counts)
}

/// An int from 1 on.
pub(crate) fn at_least_one(name: &str, number: &Bound<'_, PyAny>) -> PyResult<usize> {
    // SAFETY: `number` is a live object, and it shows that the GIL is held. What is too large for a length is cut to it.
    let value = unsafe { ffi::PyNumber_AsSsize_t(number.as_ptr(), std::ptr::null_mut()) };
    if value == -1
        && let Some(error) = PyErr::take(number.py())
    {
        return Err(error);
    }
    match usize::try_from(value) {
        Ok(value @ 1..) => Ok(value),
        _ => Err(PyValueError::new_err(format!("{name} must be at least 1, got {value}"))),
    }
}
