//! `doubles_pyo3.columns`: whole Arrow columns, through the Arrow PyCapsule interface.
//!
//! This file has the functions and what they return. `columns/sources.rs` takes columns from Python; `columns/rows.rs` counts
//! the doubles of their rows, from which the results of `columns/answers.rs` and `columns/squeezing.rs` start;
//! `columns/gather.rs` puts results where the rows of dictionaries and run-end encoded arrays are.

mod answers;
mod gather;
mod memory;
mod rows;
mod sources;
mod squeezing;

use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::{Array as _, ArrayRef, NullArray, downcast_dictionary_array, downcast_run_array};
use arrow_schema::{ArrowError, DataType, Field, FieldRef};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use pyo3_arrow::ffi::{ArrayIterator, to_array_pycapsules, to_schema_pycapsule, to_stream_pycapsule};
use pyo3_arrow::input::AnyArray;

use self::gather::gather;
use self::memory::{NoMemory, room};
use self::sources::{items, read, type_name};
use crate::arguments;
use crate::objects::no_memory;
use crate::values::{Chosen, Kind};

include!(concat!(env!("OUT_DIR"), "/column_docs.rs"));

/// How long rows are gone through before a look for signals, for which the GIL is taken back.
const PART: Duration = Duration::from_millis(50);

/// The rows between two looks at the clock.
const ROWS: usize = 1024;

/// The bytes up to which a row that has doubles is gone through item by item: to begin with vectors would take longer.
const SHORT: usize = 64;

/// More bytes than arrow-rs and PyO3 allocate for an array besides its buffers.
const SMALL: usize = 16 << 10;

/// What arrow-rs says of Polars's columns of type null, which have a buffer that Arrow's format does not have.
const NULLS_IN_A_BUFFER: &str = "The datatype \"Null\" doesn't expect buffer";

/// What is done to a column.
trait Operation: Sync {
    /// The type of what comes of an array of this type, of which [`items`] can be told.
    fn output(&self, input: &DataType) -> DataType;

    /// Goes through the rows of an array of strings or binary.
    fn array(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef>;

    /// What comes of an array of type null.
    fn nulls(&self, array: &ArrayRef) -> Result<ArrayRef, NoMemory>;

    /// Goes through the values of a dictionary, and puts the result of each where its key is.
    fn dictionary(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef> {
        downcast_dictionary_array!(
            array => gather(py, &self.any(py, array.values())?, array),
            other => unreachable!("{other} is no dictionary")
        )
    }

    /// Goes through the values of a run-end encoded array, and puts the result of each in the rows of its run.
    fn runs(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef> {
        downcast_run_array!(
            array => gather(py, &self.any(py, array.values())?, array),
            other => unreachable!("{other} is not run-end encoded")
        )
    }

    /// Goes through an array of any type of which [`items`] can be told.
    fn any(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef> {
        match array.data_type() {
            DataType::Null => {
                room(SMALL)?;
                Ok(self.nulls(array)?)
            }
            DataType::Dictionary(..) => self.dictionary(py, array),
            DataType::RunEndEncoded(..) => self.runs(py, array),
            _ => self.array(py, array),
        }
    }
}

#[doc = column_doc!(count_doubles)]
#[pyfunction]
fn count_doubles<'py>(column: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    apply(column, |_| Ok(answers::Count))
}

#[doc = column_doc!(has_doubles)]
#[pyfunction]
fn has_doubles<'py>(column: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    apply(column, |_| Ok(answers::Has))
}

#[doc = column_doc!(longest_run)]
#[pyfunction]
fn longest_run<'py>(column: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    apply(column, |_| Ok(answers::LongestRun))
}

#[doc = column_doc!(squeeze)]
#[pyfunction]
#[pyo3(signature = (column, max_run = 1, values = None))]
fn squeeze<'py>(
    column: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = arguments::max_run)] max_run: usize,
    values: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    apply(column, |items| {
        // Nulls have no items that `values` could be.
        let chosen = Chosen::of(items.unwrap_or(Kind::Character), values.filter(|_| items.is_some()))?;
        Ok(squeezing::Squeeze { max_run, chosen })
    })
}

/// Does to each chunk of a column what is to be done to its items, and gives an array for an array, and chunks for chunks.
fn apply<'py, O: Operation>(
    column: &Bound<'py, PyAny>,
    operation: impl FnOnce(Option<Kind>) -> PyResult<O>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = column.py();
    let read = read(column)?;
    let input = read.field()?;
    let operation = operation(items(input.data_type())?)?;
    let field = Arc::new(Field::new(input.name(), operation.output(input.data_type()), true));
    match read {
        AnyArray::Array(array) => {
            Ok(Bound::new(py, Array { array: operation.any(py, array.array())?, field })?.into_any())
        }
        AnyArray::Stream(stream) => {
            let mut stream = stream.into_reader()?;
            let mut chunks = Vec::new();
            loop {
                room(SMALL)?;
                // Whoever made the stream may have to work for the next chunk.
                let Some(next) = py.detach(|| stream.next()) else { break };
                let chunk = match next {
                    Err(ArrowError::CDataInterface(words)) if words.starts_with(NULLS_IN_A_BUFFER) => {
                        // The stream gives nothing more after that; its object knows its length.
                        chunks.clear();
                        stream = Box::new(ArrayIterator::new([], input.clone()));
                        Arc::new(NullArray::new(column.len()?))
                    }
                    next => next.map_err(failed)?,
                };
                chunks.try_reserve(1).map_err(no_memory)?;
                chunks.push(operation.any(py, &chunk)?);
            }
            Ok(Bound::new(py, ChunkedArray { chunks: Arc::new(chunks), field })?.into_any())
        }
    }
}

/// Calls `work` with each part of `len` rows, without the GIL, and lets signals (Ctrl-C) be handled between them.
///
/// Each part but the last is of [`ROWS`] rows. The first error ends it.
fn in_parts<E: Into<PyErr> + Send>(
    py: Python<'_>,
    len: usize,
    mut work: impl FnMut(std::ops::Range<usize>) -> Result<(), E> + Send,
) -> PyResult<()> {
    let mut start = 0;
    while start < len {
        py.detach(|| {
            let begun = Instant::now();
            while start < len && begun.elapsed() < PART {
                let end = len.min(start + ROWS);
                work(start..end)?;
                start = end;
            }
            Ok(())
        })
        .map_err(E::into)?;
        py.check_signals()?;
    }
    // An array is made next.
    Ok(room(SMALL)?)
}

#[cold]
fn failed(error: ArrowError) -> PyErr {
    match error {
        ArrowError::CDataInterface(message) => PyRuntimeError::new_err(message),
        error => PyRuntimeError::new_err(error.to_string()),
    }
}

#[doc = column_doc!(Array)]
#[pyclass(module = "doubles_pyo3.columns", frozen)]
struct Array {
    array: ArrayRef,
    field: FieldRef,
}

#[pymethods]
impl Array {
    fn __len__(&self) -> usize {
        self.array.len()
    }

    fn __repr__(&self) -> String {
        format!("<doubles_pyo3.columns.Array of {}: {} rows>", type_name(self.field.data_type()), self.array.len())
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.field.as_ref())?)
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        Ok(to_array_pycapsules(py, self.field.clone(), &self.array, requested_schema)?)
    }
}

#[doc = column_doc!(ChunkedArray)]
#[pyclass(module = "doubles_pyo3.columns", frozen)]
struct ChunkedArray {
    chunks: Arc<Vec<ArrayRef>>,
    field: FieldRef,
}

#[pymethods]
impl ChunkedArray {
    fn __len__(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    fn __repr__(&self) -> String {
        let (rows, chunks) = (self.__len__(), self.chunks.len());
        let type_name = type_name(self.field.data_type());
        format!("<doubles_pyo3.columns.ChunkedArray of {type_name}: {rows} rows in {chunks} chunks>")
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.field.as_ref())?)
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let chunks = self.chunks.clone();
        let chunks = (0..chunks.len()).map(move |at| Ok(chunks[at].clone()));
        let stream = Box::new(ArrayIterator::new(chunks, self.field.clone()));
        Ok(to_stream_pycapsule(py, stream, requested_schema)?)
    }
}

/// The module, of which `columns.py` takes everything.
pub(crate) fn module(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    let module = PyModule::new(py, "doubles_pyo3.columns")?;
    module.setattr("__doc__", column_doc!(module))?;
    module.add_class::<Array>()?;
    module.add_class::<ChunkedArray>()?;
    module.add_function(wrap_pyfunction!(count_doubles, &module)?)?;
    module.add_function(wrap_pyfunction!(has_doubles, &module)?)?;
    module.add_function(wrap_pyfunction!(longest_run, &module)?)?;
    module.add_function(wrap_pyfunction!(squeeze, &module)?)?;
    Ok(module)
}
