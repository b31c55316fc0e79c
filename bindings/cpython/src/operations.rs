//! What is asked of a value besides how many doubles it has: one operation each, which is handed the items part by part.
//!
//! `lib.rs` and `buffer.rs` count in their own way, since a short count is all call and no work.

use std::collections::{BTreeMap, HashSet};
use std::mem::MaybeUninit;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr;

use cpython::{
    ObjectProtocol, PyBytes, PyDict, PyErr, PyList, PyObject, PyResult, PyString, PyStringData, Python, PythonObject,
    ToPyObject, exc,
};
use doubles_core::{Element, RunFinder, Squeezer, count_unaligned_by_value, find_unaligned, has_unaligned};
use python3_sys as ffi;

use crate::{LONG, buffer, data};

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
pub(crate) fn read(py: Python<'_>, val: &PyObject, operation: &mut impl Operation) -> PyResult<Reading> {
    if is_text(val) {
        match data(py, val.cast_as::<PyString>(py)?)? {
            PyStringData::Latin1(chars) => read_immutable(py, chars, operation)?,
            PyStringData::Utf16(chars) => read_immutable(py, chars, operation)?,
            PyStringData::Utf32(chars) => read_immutable(py, chars, operation)?,
            PyStringData::Utf8(_) => unreachable!("Python 3 stores code points"),
        }
        Ok(Reading::Character)
    // SAFETY: `val` is a live object.
    } else if unsafe { ffi::PyBytes_CheckExact(val.as_ptr()) } != 0 {
        read_immutable(py, val.cast_as::<PyBytes>(py)?.data(py), operation)?;
        Ok(Reading::Integer { size: 1, signed: false, swapped: false })
    } else {
        buffer::read(py, val, operation)
    }
}

/// Whether a value is a `str`.
fn is_text(val: &PyObject) -> bool {
    // SAFETY: `val` is a live object.
    unsafe { ffi::PyUnicode_Check(val.as_ptr()) != 0 }
}

/// The name of a value's type, for messages.
pub(crate) fn type_name(py: Python<'_>, val: &PyObject) -> PyResult<String> {
    val.get_type(py).as_object().getattr(py, "__name__")?.extract(py)
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
        // As where counting: a panic goes on when the GIL is back.
        py.allow_threads(|| catch_unwind(AssertUnwindSafe(|| operation.push::<T>(bytes_of(&items[part])))))
            .unwrap_or_else(|panic| resume_unwind(panic));
        Ok(())
    })
}

/// Calls `read` with each part of `len` items, and lets signals (Ctrl-C) be handled between them.
pub(crate) fn in_parts(py: Python<'_>, len: usize, mut read: impl FnMut(Range<usize>) -> PyResult<()>) -> PyResult<()> {
    for start in (0..len).step_by(PART) {
        if start != 0 {
            crate::check_signals(py)?;
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

pub(crate) fn has_doubles(py: Python<'_>, val: PyObject) -> PyResult<bool> {
    let mut has = Has::default();
    read(py, &val, &mut has)?;
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
        find_unaligned::<T>(part).for_each(|position| self.positions.push(start + position));
        self.start += part.len() / size_of::<T>();
    }
}

pub(crate) fn find_doubles(py: Python<'_>, val: PyObject) -> PyResult<PyList> {
    let mut find = Find::default();
    read(py, &val, &mut find)?;
    list(
        py,
        find.positions.len(),
        find.positions.into_iter().map(|position| Ok(position.to_py_object(py).into_object())),
    )
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

pub(crate) fn runs(py: Python<'_>, val: PyObject, min_length: Option<PyObject>) -> PyResult<PyList> {
    let min_length = min_length.map_or(Ok(2), |number| at_least_one(py, "min_length", &number))?;
    let mut found = Runs { finder: RunFinder::new(min_length), runs: Vec::new() };
    read(py, &val, &mut found)?;
    let Runs { finder, mut runs } = found;
    runs.extend(finder.finish());
    list(py, runs.len(), runs.into_iter().map(|run| Ok((run.start, run.len()).to_py_object(py).into_object())))
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

pub(crate) fn longest_run(py: Python<'_>, val: PyObject) -> PyResult<Option<(usize, usize)>> {
    let mut found = Longest { finder: RunFinder::new(2), longest: 0..0 };
    read(py, &val, &mut found)?;
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

pub(crate) fn count_doubles_by_value(py: Python<'_>, val: PyObject) -> PyResult<PyDict> {
    let mut by_value = ByValue::default();
    let reading = read(py, &val, &mut by_value)?;
    let counts = PyDict::new(py);
    for (value, count) in by_value.counts {
        counts.set_item(py, object(py, reading, value)?, count)?;
    }
    Ok(counts)
}

/// An item as Python has it.
fn object(py: Python<'_>, reading: Reading, item: u64) -> PyResult<PyObject> {
    match reading {
        // Of any code point, also of a surrogate.
        // SAFETY: the GIL is held; what comes back is a new reference, or null with an exception set.
        Reading::Character => unsafe { owned(py, ffi::PyUnicode_FromOrdinal(item as std::ffi::c_int)) },
        Reading::Bool => Ok((item != 0).to_py_object(py).into_object()),
        Reading::Byte => Ok(PyBytes::new(py, &[item as u8]).into_object()),
        Reading::Integer { size, signed, swapped } => {
            let above = 64 - 8 * size as u32;
            let item = if swapped { item.swap_bytes() >> above } else { item };
            Ok(if signed {
                ((item << above).cast_signed() >> above).to_py_object(py).into_object()
            } else {
                item.to_py_object(py).into_object()
            })
        }
    }
}

/// What an item of Python's is in memory, if it can be one.
fn in_memory(py: Python<'_>, reading: Reading, item: &PyObject) -> PyResult<Option<u64>> {
    match reading {
        Reading::Character => unreachable!("characters are read from a str"),
        Reading::Bool => Ok(Some(u64::from(item.is_true(py)?))),
        Reading::Byte => match item.cast_as::<PyBytes>(py)?.data(py) {
            [byte] => Ok(Some(u64::from(*byte))),
            _ => Ok(None),
        },
        Reading::Integer { size, signed, swapped } => {
            // SAFETY: `item` is a live object and the GIL is held; what comes back is a new reference, or null with an
            // exception set.
            let number = unsafe { owned(py, ffi::PyNumber_Index(item.as_ptr()))? };
            let above = 64 - 8 * size as u32;
            let number = if signed {
                number
                    .extract::<i64>(py)
                    .ok()
                    .filter(|number| number << above >> above == *number)
                    .map(i64::cast_unsigned)
            } else {
                number.extract::<u64>(py).ok()
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
struct New {
    data: *mut MaybeUninit<u8>,
    len: usize,
    written: usize,
}

// SAFETY: the memory is used by one thread at a time, whichever it is.
unsafe impl Send for New {}

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

pub(crate) fn squeeze(
    py: Python<'_>,
    val: PyObject,
    max_run: Option<PyObject>,
    values: Option<PyObject>,
) -> PyResult<PyObject> {
    let max_run = max_run.map_or(Ok(1), |number| at_least_one(py, "max_run", &number))?;
    let chosen = values.map(|values| chosen(py, &val, &values)).transpose()?;
    let squeezer = Squeezer::new(max_run);
    if is_text(&val) {
        return squeeze_text(py, &val, squeezer, chosen);
    }
    // SAFETY: `val` is a live object.
    if unsafe { ffi::PyBytes_CheckExact(val.as_ptr()) } != 0 {
        return squeeze_bytes(py, &val, squeezer, chosen);
    }
    let mut squeeze = Squeeze { squeezer, chosen, room: Vec::new() };
    read(py, &val, &mut squeeze)?;
    like(py, &val, &squeeze.room)
}

/// A squeezed str, written where it will be: each of its characters is left, so that it is stored as the whole one is.
fn squeeze_text(
    py: Python<'_>,
    text: &PyObject,
    squeezer: Squeezer,
    chosen: Option<HashSet<u64>>,
) -> PyResult<PyObject> {
    let (width, len) = match data(py, text.cast_as::<PyString>(py)?)? {
        PyStringData::Latin1(chars) => (1, chars.len()),
        PyStringData::Utf16(chars) => (2, chars.len()),
        PyStringData::Utf32(chars) => (4, chars.len()),
        PyStringData::Utf8(_) => unreachable!("Python 3 stores code points"),
    };
    // SAFETY: the GIL is held and `text` is a live str that is ready; what comes back is a new reference, or null with an
    // exception set. Nobody else knows of the new str, which may be written and cut as long as that is so.
    unsafe {
        let largest = match width {
            1 if crate::is_ascii(text) => 0x7f,
            1 => 0xff,
            2 => 0xffff,
            _ => 0x10_ffff,
        };
        let squeezed = owned(py, ffi::PyUnicode_New(len as ffi::Py_ssize_t, largest))?;
        let room = ffi::PyUnicode_DATA(squeezed.as_ptr()).cast();
        let mut squeeze = Squeeze { squeezer, chosen, room: New { data: room, len: len * width, written: 0 } };
        read(py, text, &mut squeeze)?;
        let mut squeezed = squeezed.steal_ptr();
        if ffi::PyUnicode_Resize(&raw mut squeezed, (squeeze.room.written / width) as ffi::Py_ssize_t) != 0 {
            ffi::Py_DECREF(squeezed);
            return Err(PyErr::fetch(py));
        }
        owned(py, squeezed)
    }
}

/// Squeezed bytes, written where they will be.
fn squeeze_bytes(
    py: Python<'_>,
    bytes: &PyObject,
    squeezer: Squeezer,
    chosen: Option<HashSet<u64>>,
) -> PyResult<PyObject> {
    // Of the public API, and not declared by python3-sys.
    unsafe extern "C" {
        fn _PyBytes_Resize(bytes: *mut *mut ffi::PyObject, len: ffi::Py_ssize_t) -> std::ffi::c_int;
    }

    let len = bytes.cast_as::<PyBytes>(py)?.data(py).len();
    // SAFETY: the GIL is held; what comes back is a new reference, or null with an exception set. Nobody else knows of the
    // new object, which may be written and cut as long as that is so.
    unsafe {
        let squeezed = owned(py, ffi::PyBytes_FromStringAndSize(ptr::null(), len as ffi::Py_ssize_t))?;
        let data = ffi::PyBytes_AsString(squeezed.as_ptr()).cast();
        let mut squeeze = Squeeze { squeezer, chosen, room: New { data, len, written: 0 } };
        read(py, bytes, &mut squeeze)?;
        let mut squeezed = squeezed.steal_ptr();
        // Where this fails it has let go of the object.
        _PyBytes_Resize(&raw mut squeezed, squeeze.room.written as ffi::Py_ssize_t);
        owned(py, squeezed)
    }
}

/// The values that are squeezed, as they are in memory.
fn chosen(py: Python<'_>, val: &PyObject, values: &PyObject) -> PyResult<HashSet<u64>> {
    if is_text(val) != is_text(values) {
        let (of, like) = if is_text(val) { ("a str", "a str") } else { ("items", "their values") };
        let type_name = type_name(py, values)?;
        let text = format!("expected the values of {of} as {like}, got {type_name}");
        return Err(PyErr::new::<exc::TypeError, _>(py, text));
    }
    if is_text(val) {
        let mut distinct = Distinct::default();
        read(py, values, &mut distinct)?;
        return Ok(distinct.0);
    }
    let reading = read(py, val, &mut Nothing)?;
    values.iter(py)?.filter_map(|item| item.and_then(|item| in_memory(py, reading, &item)).transpose()).collect()
}

/// Items as an object of the type of `val`: bytes, where that is none that can be made of items.
fn like(py: Python<'_>, val: &PyObject, items: &[u8]) -> PyResult<PyObject> {
    // SAFETY: the GIL is held; what comes back is a new reference, or null with an exception set.
    let array = || unsafe {
        owned(py, ffi::PyByteArray_FromStringAndSize(items.as_ptr().cast(), items.len() as ffi::Py_ssize_t))
    };
    // SAFETY: `val` is a live object.
    if unsafe { ffi::PyByteArray_Check(val.as_ptr()) } != 0 {
        return array();
    }
    let bytes = PyBytes::new(py, items);
    let kind = val.get_type(py).into_object();
    let module: String = kind.getattr(py, "__module__")?.extract(py)?;
    match (module.as_str(), type_name(py, val)?.as_str()) {
        ("array", "array") => kind.call(py, (val.getattr(py, "typecode")?, bytes), None),
        ("numpy", "ndarray") => py.import("numpy")?.call(py, "frombuffer", (array()?, val.getattr(py, "dtype")?), None),
        _ => Ok(bytes.into_object()),
    }
}

pub(crate) fn count_doubles_many(py: Python<'_>, values: PyObject) -> PyResult<PyList> {
    // A str is a sequence of str, too, and hardly ever meant as one.
    // SAFETY: `values` is a live object.
    if is_text(&values) || unsafe { ffi::PyBytes_Check(values.as_ptr()) } != 0 {
        let type_name = type_name(py, &values)?;
        let text = format!("expected a sequence of str or bytes-like objects, got {type_name}");
        return Err(PyErr::new::<exc::TypeError, _>(py, text));
    }
    let counts = PyList::new(py, &[]);
    for value in values.iter(py)? {
        counts.append(py, crate::count(py, &value?, 1)?.to_py_object(py).into_object());
    }
    Ok(counts)
}

/// A list of so many objects.
fn list(py: Python<'_>, len: usize, objects: impl Iterator<Item = PyResult<PyObject>>) -> PyResult<PyList> {
    // SAFETY: the GIL is held; what comes back is a new reference, or null with an exception set.
    let list = unsafe { owned(py, ffi::PyList_New(len as ffi::Py_ssize_t))? };
    for (i, object) in objects.enumerate() {
        // SAFETY: the list is new and has this place, and takes over the reference.
        unsafe { ffi::PyList_SetItem(list.as_ptr(), i as ffi::Py_ssize_t, object?.steal_ptr()) };
    }
    Ok(list.cast_into(py)?)
}

/// The object of a new reference, or the exception that is set where there is none.
///
/// # Safety
///
/// It is one of these.
unsafe fn owned(py: Python<'_>, object: *mut ffi::PyObject) -> PyResult<PyObject> {
    // SAFETY: the caller's promise.
    unsafe { PyObject::from_owned_ptr_opt(py, object).ok_or_else(|| PyErr::fetch(py)) }
}

/// An int from 1 on.
fn at_least_one(py: Python<'_>, name: &str, number: &PyObject) -> PyResult<usize> {
    // SAFETY: `number` is a live object, and the GIL is held. What is too large for a length is cut to it.
    let value = unsafe { ffi::PyNumber_AsSsize_t(number.as_ptr(), ptr::null_mut()) };
    if value == -1 && PyErr::occurred(py) {
        return Err(PyErr::fetch(py));
    }
    match usize::try_from(value) {
        Ok(value @ 1..) => Ok(value),
        _ => Err(PyErr::new::<exc::ValueError, _>(py, format!("{name} must be at least 1, got {value}"))),
    }
}
