//! What is asked of a value besides how many doubles it has: one question each, which reads the items part by part.
//!
//! `lib.rs` and `buffer.rs` count in their own way, since a short count is all call and no work.

use std::collections::TryReserveError;
use std::ops::Range;

use doubles_core::{Element, RunFinder, ValueCounter, find_unaligned, has_unaligned};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString};

use crate::arguments;
use crate::buffer::{self, Format};
use crate::objects::{Number, array_of_numbers, dict, list, list_of_each, no_memory, pair, tuple};
use crate::values::{Chosen, Kind};
use crate::{LONG, ask_text};

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
pub(crate) fn ask<Q: Question>(val: &Bound<'_, PyAny>, question: Q) -> PyResult<Q::Answer> {
    if let Ok(text) = val.cast::<PyString>() {
        ask_text(text, question)
    } else if let Ok(bytes) = val.cast_exact::<PyBytes>() {
        question.ask(&mut Immutable { py: val.py(), items: bytes.as_bytes(), kind: Kind::OF_BYTES })
    } else {
        buffer::ask(val, question)
    }
}

/// Items that nobody can change, so that the GIL is not needed.
pub(crate) struct Immutable<'a, 'py, T> {
    pub(crate) py: Python<'py>,
    pub(crate) items: &'a [T],
    pub(crate) kind: Kind,
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
            Ok(if short { push(part) } else { self.py.detach(|| push(part)) })
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
            py.check_signals()?;
        }
        match read(start..len.min(start + PART))? {
            Ok(()) => {}
            Err(Stop::Done) => break,
            Err(Stop::NoMemory) => return Err(no_memory(())),
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

#[doc = doc!(has_doubles)]
#[pyfunction]
pub(crate) fn has_doubles(val: &Bound<'_, PyAny>) -> PyResult<bool> {
    ask(val, Has)
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

#[doc = doc!(find_doubles)]
#[pyfunction]
pub(crate) fn find_doubles<'py>(val: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
    let (py, positions) = (val.py(), ask(val, Find)?);
    list(
        py,
        positions.len(),
        positions.into_iter().map(|position| Ok(Number::from(position).into_pyobject(py)?.into_any())),
    )
}

#[doc = doc!(find_doubles_array)]
#[pyfunction]
pub(crate) fn find_doubles_array<'py>(val: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    array_of_numbers(val.py(), ask(val, Find)?)
}

struct Runs<'a, 'py> {
    min_length: usize,
    values: Option<&'a Bound<'py, PyAny>>,
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
        let chosen = Chosen::of(items.kind(), self.values)?;
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
            found.add(run).map_err(no_memory)?;
        }
        Ok(found)
    }
}

#[doc = doc!(runs)]
#[pyfunction]
#[pyo3(signature = (val, min_length = 2, values = None))]
pub(crate) fn runs<'py>(
    val: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = arguments::min_length)] min_length: usize,
    values: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyList>> {
    let (py, found) = (val.py(), ask(val, Runs { min_length, values })?);
    let runs = found.starts.iter().zip(&found.lengths);
    list(py, found.starts.len(), runs.map(|(start, length)| pair(py, *start, *length)))
}

#[doc = doc!(runs_arrays)]
#[pyfunction]
#[pyo3(signature = (val, min_length = 2, values = None))]
pub(crate) fn runs_arrays<'py>(
    val: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = arguments::min_length)] min_length: usize,
    values: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, found) = (val.py(), ask(val, Runs { min_length, values })?);
    tuple(array_of_numbers(py, found.starts)?, array_of_numbers(py, found.lengths)?)
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

#[doc = doc!(longest_run)]
#[pyfunction]
pub(crate) fn longest_run<'py>(val: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let longest = ask(val, Longest)?;
    (!longest.is_empty()).then(|| pair(val.py(), longest.start, longest.len())).transpose()
}

struct ByValue<'py>(Python<'py>);

impl<'py> Question for ByValue<'py> {
    type Answer = Bound<'py, PyDict>;

    fn ask<T: Element>(self, items: &mut impl Source<T>) -> PyResult<Bound<'py, PyDict>> {
        let Self(py) = self;
        let mut counter = ValueCounter::<T>::new();
        items.read(|part| Ok(counter.push(part)?))?;
        let counts = counter.finish().map_err(no_memory)?;
        dict(py, counts.into_iter().map(|(value, count)| Ok((items.kind().object(py, value.key())?, count.into()))))
    }
}

#[doc = doc!(count_doubles_by_value)]
#[pyfunction]
pub(crate) fn count_doubles_by_value<'py>(val: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    ask(val, ByValue(val.py()))
}

#[doc = doc!(count_doubles_many)]
#[pyfunction]
pub(crate) fn count_doubles_many<'py>(values: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
    // A str is a sequence of str, too, and hardly ever meant as one.
    if values.is_instance_of::<PyString>() || values.is_instance_of::<PyBytes>() {
        let type_name = values.get_type().name()?;
        return Err(PyTypeError::new_err(format!("expected a sequence of str or bytes-like objects, got {type_name}")));
    }
    list_of_each(values, |value| crate::count(value, 1).map(Number::from))
}
