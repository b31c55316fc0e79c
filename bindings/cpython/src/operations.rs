//! What is asked of a value besides how many doubles it has: one question each, which reads the items part by part.
//!
//! `lib.rs` and `buffer.rs` count in their own way, since a short count is all call and no work.

use std::collections::TryReserveError;
use std::ops::Range;

use cpython::{PyBytes, PyDict, PyObject, PyResult, PyString, PyStringData, PyTuple, Python};
use doubles_core::{Element, RunFinder, ValueCounter, find_unaligned, has_unaligned};
use python3_sys as ffi;

use crate::arguments::{self, Signature};
use crate::buffer::{self, Format};
use crate::objects::{array_of_numbers, dict, list, list_of_each, no_memory, number, pair, refused, tuple, type_name};
use crate::values::{Chosen, Kind};
use crate::{LONG, data, val as signature_of_val, without_gil};

/// The items that are looked at before a look for signals. Where the slowest operation meets what is slowest for it, these
/// take some 50 ms.
const PART: usize = 1 << 20;

/// What is asked of the items of a value, whatever they are.
pub(crate) trait Question {
    type Answer;

    /// Answers it. Two items are equal if they are to Rust.
    fn ask<T: Element>(self, items: &mut impl Source<T>) -> PyResult<Self::Answer>;
}

/// The items of a value.
pub(crate) trait Source<T: Element> {
    /// How many there are.
    fn len(&self) -> usize;

    /// What an item is to Python.
    fn kind(&self) -> Kind;

    /// What a buffer says that its items are.
    fn format(&self) -> Format {
        Format { order: None, code: b'B' }
    }

    /// To be called before items are read, if Python code has run since there is the source.
    fn find_again(&mut self) -> PyResult<()> {
        Ok(())
    }

    /// Hands the items to `push`, part by part and in order, as they lie in memory: one at least, and none of them twice.
    fn read(&mut self, push: impl FnMut(&[u8]) -> Result<(), Stop> + Send) -> PyResult<()>;
}

/// Why items are read no further.
pub(crate) enum Stop {
    /// The answer is known.
    Done,
    /// There is no memory for the rest of it.
    NoMemory,
}

impl From<TryReserveError> for Stop {
    fn from(_: TryReserveError) -> Self {
        Self::NoMemory
    }
}

/// Asks a question of the items of a value.
pub(crate) fn ask<Q: Question>(py: Python<'_>, val: &PyObject, question: Q) -> PyResult<Q::Answer> {
    // The types are asked for first, since a `cast_as` that fails costs more than the rest of a short call.
    // SAFETY: `val` is a live object.
    if unsafe { ffi::PyUnicode_Check(val.as_ptr()) } != 0 {
        let kind = Kind::Character;
        match data(py, val.cast_as::<PyString>(py)?)? {
            PyStringData::Latin1(items) => question.ask(&mut Immutable { py, items, kind }),
            PyStringData::Utf16(items) => question.ask(&mut Immutable { py, items, kind }),
            PyStringData::Utf32(items) => question.ask(&mut Immutable { py, items, kind }),
            PyStringData::Utf8(_) => unreachable!("Python 3 stores code points"),
        }
    // SAFETY: as above.
    } else if unsafe { ffi::PyBytes_CheckExact(val.as_ptr()) } != 0 {
        let items = val.cast_as::<PyBytes>(py)?.data(py);
        question.ask(&mut Immutable { py, items, kind: Kind::OF_BYTES })
    } else {
        buffer::ask(py, val, question)
    }
}

/// Items that nobody can change, so that the GIL is not needed.
struct Immutable<'a, 'py, T> {
    py: Python<'py>,
    items: &'a [T],
    kind: Kind,
}

impl<T: Element> Source<T> for Immutable<'_, '_, T> {
    fn len(&self) -> usize {
        self.items.len()
    }

    fn kind(&self) -> Kind {
        self.kind
    }

    fn read(&mut self, mut push: impl FnMut(&[u8]) -> Result<(), Stop> + Send) -> PyResult<()> {
        let items = self.items;
        let short = size_of_val(items) < LONG;
        in_parts(self.py, items.len(), |part| {
            let part = T::as_bytes(&items[part]);
            Ok(if short { push(part) } else { without_gil(self.py, || push(part)) })
        })
    }
}

/// Calls `read` with each part of `len` items, and lets signals (Ctrl-C) be handled between them.
pub(crate) fn in_parts(
    py: Python<'_>,
    len: usize,
    mut read: impl FnMut(Range<usize>) -> PyResult<Result<(), Stop>>,
) -> PyResult<()> {
    for start in (0..len).step_by(PART) {
        if start != 0 {
            crate::check_signals(py)?;
        }
        match read(start..len.min(start + PART))? {
            Ok(()) => {}
            Err(Stop::Done) => break,
            Err(Stop::NoMemory) => return Err(no_memory(py)),
        }
    }
    Ok(())
}

/// The last item of the parts so far.
struct Seam<T>(Option<T>);

impl<T: Element> Seam<T> {
    /// Whether a part begins with the item that the one before ended with.
    fn doubled(&mut self, part: &[u8]) -> bool {
        let (first, last) = (T::at(part, 0), T::at(part, part.len() / size_of::<T>() - 1));
        self.0.replace(last) == Some(first)
    }
}

struct Has;

impl Question for Has {
    type Answer = bool;

    fn ask<T: Element>(self, items: &mut impl Source<T>) -> PyResult<bool> {
        let (mut seam, mut found) = (Seam::<T>(None), false);
        items.read(|part| {
            found = seam.doubled(part) || has_unaligned::<T>(part);
            if found { Err(Stop::Done) } else { Ok(()) }
        })?;
        Ok(found)
    }
}

pub(crate) fn has_doubles(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<bool> {
    let (val, []) = signature_of_val("has_doubles").read(py, args, kwargs)?;
    ask(py, &val, Has)
}

struct Find;

impl Question for Find {
    type Answer = Vec<usize>;

    fn ask<T: Element>(self, items: &mut impl Source<T>) -> PyResult<Vec<usize>> {
        let (mut seam, mut start, mut positions) = (Seam::<T>(None), 0, Vec::new());
        items.read(|part| {
            if seam.doubled(part) {
                push(&mut positions, start - 1)?;
            }
            let here = positions.len();
            find_unaligned::<T>(part).append_to(&mut positions)?;
            if start != 0 {
                positions[here..].iter_mut().for_each(|position| *position += start);
            }
            start += part.len() / size_of::<T>();
            Ok(())
        })?;
        Ok(positions)
    }
}

pub(crate) fn find_doubles(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    let (val, []) = signature_of_val("find_doubles").read(py, args, kwargs)?;
    let positions = ask(py, &val, Find)?;
    list(py, positions.len(), positions.into_iter().map(|position| number(py, position as u64)))
}

pub(crate) fn find_doubles_array(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    let (val, []) = signature_of_val("find_doubles_array").read(py, args, kwargs)?;
    array_of_numbers(py, ask(py, &val, Find)?)
}

struct Runs<'a, 'py> {
    py: Python<'py>,
    min_length: usize,
    values: Option<&'a PyObject>,
}

/// Where runs start, and how long they are.
#[derive(Default)]
struct Found {
    starts: Vec<usize>,
    lengths: Vec<usize>,
}

impl Found {
    #[inline]
    fn add(&mut self, run: Range<usize>) -> Result<(), TryReserveError> {
        push(&mut self.starts, run.start)?;
        push(&mut self.lengths, run.len())
    }
}

/// Appends a number, if there is memory for it.
#[inline]
fn push(numbers: &mut Vec<usize>, number: usize) -> Result<(), TryReserveError> {
    if numbers.len() == numbers.capacity() {
        numbers.try_reserve(1)?;
    }
    numbers.push(number);
    Ok(())
}

impl Question for Runs<'_, '_> {
    type Answer = Found;

    fn ask<T: Element>(self, items: &mut impl Source<T>) -> PyResult<Found> {
        let chosen = Chosen::of(self.py, items.kind(), self.values)?;
        items.find_again()?;
        let (mut finder, mut start, mut last) = (RunFinder::<T>::new(self.min_length), 0, None);
        let mut found = Found::default();
        items.read(|part| {
            let mut added = Ok(());
            finder.push(part, |run| {
                // One that began in the parts before has their last item.
                let item = || last.filter(|_| run.start < start).unwrap_or_else(|| T::at(part, run.start - start));
                if added.is_ok() && chosen.has(item) {
                    added = found.add(run);
                }
            });
            start += part.len() / size_of::<T>();
            last = Some(T::at(part, part.len() / size_of::<T>() - 1));
            Ok(added?)
        })?;
        if let (Some(run), Some(last)) = (finder.finish(), last)
            && chosen.has(|| last)
        {
            found.add(run).map_err(|_| no_memory(self.py))?;
        }
        Ok(found)
    }
}

pub(crate) fn runs(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    let found = found_runs(py, "runs", args, kwargs)?;
    let runs = found.starts.iter().zip(&found.lengths);
    list(py, found.starts.len(), runs.map(|(start, length)| pair(py, *start, *length)))
}

pub(crate) fn runs_arrays(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    let found = found_runs(py, "runs_arrays", args, kwargs)?;
    tuple(py, array_of_numbers(py, found.starts)?, array_of_numbers(py, found.lengths)?)
}

/// The runs that a call of one of the two functions above asks for.
fn found_runs(py: Python<'_>, function: &'static str, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<Found> {
    let signature = Signature { function, first: c"val", others: [c"min_length", c"values"], apart: false };
    let (val, [min_length, values]) = signature.read(py, args, kwargs)?;
    let min_length = arguments::number(py, "min_length", min_length, 2)?;
    let values = values.as_deref().filter(|values| **values != py.None());
    ask(py, &val, Runs { py, min_length, values })
}

struct Longest;

impl Longest {
    fn or(longest: &mut Range<usize>, run: Range<usize>) {
        if run.len() > longest.len() {
            *longest = run;
        }
    }
}

impl Question for Longest {
    type Answer = Range<usize>;

    fn ask<T: Element>(self, items: &mut impl Source<T>) -> PyResult<Range<usize>> {
        let (mut finder, mut longest) = (RunFinder::<T>::new(2), 0..0);
        items.read(|part| {
            finder.push(part, |run| Self::or(&mut longest, run));
            // There is an item: if none is doubled, the first is as long a run as any.
            Self::or(&mut longest, 0..1);
            Ok(())
        })?;
        if let Some(run) = finder.finish() {
            Self::or(&mut longest, run);
        }
        Ok(longest)
    }
}

pub(crate) fn longest_run(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    let (val, []) = signature_of_val("longest_run").read(py, args, kwargs)?;
    let longest = ask(py, &val, Longest)?;
    if longest.is_empty() { Ok(py.None()) } else { pair(py, longest.start, longest.len()) }
}

struct ByValue<'py>(Python<'py>);

impl Question for ByValue<'_> {
    type Answer = PyObject;

    fn ask<T: Element>(self, items: &mut impl Source<T>) -> PyResult<PyObject> {
        let Self(py) = self;
        let mut counter = ValueCounter::<T>::new();
        items.read(|part| Ok(counter.push(part)?))?;
        let counts = counter.finish().map_err(|_| no_memory(py))?;
        let kind = items.kind();
        dict(
            py,
            counts.into_iter().map(|(value, count)| Ok((kind.object(py, value.key())?, number(py, count as u64)?))),
        )
    }
}

pub(crate) fn count_doubles_by_value(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    let (val, []) = signature_of_val("count_doubles_by_value").read(py, args, kwargs)?;
    ask(py, &val, ByValue(py))
}

pub(crate) fn count_doubles_many(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    let signature = Signature { function: "count_doubles_many", first: c"values", others: [], apart: false };
    let (values, []) = signature.read(py, args, kwargs)?;
    // A str is a sequence of str, too, and hardly ever meant as one.
    // SAFETY: `values` is a live object.
    if unsafe { ffi::PyUnicode_Check(values.as_ptr()) | ffi::PyBytes_Check(values.as_ptr()) } != 0 {
        let type_name = type_name(py, &values, c"__name__")?;
        return Err(refused(py, format!("expected a sequence of str or bytes-like objects, got {type_name}")));
    }
    list_of_each(py, &values, |value| number(py, crate::count(py, value, 1)? as u64))
}
