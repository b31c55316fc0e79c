//! `doubles_pyo3.columns`: whole Arrow columns, through the Arrow PyCapsule interface.
//!
//! This file takes columns from Python and gives them back; `columns/rows.rs` counts the doubles of their rows, which
//! all else starts from: what is told of each row, in `columns/answers.rs`, and rows that are squeezed, in
//! `columns/squeezing.rs`.

mod answers;
mod rows;
mod squeezing;

use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::cast::AsArray;
use arrow_array::{Array as _, ArrayRef};
use arrow_schema::{ArrowError, DataType, Field, FieldRef};
use arrow_select::take::take;
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use pyo3_arrow::ffi::{ArrayIterator, to_array_pycapsules, to_schema_pycapsule, to_stream_pycapsule};
use pyo3_arrow::input::AnyArray;
use pyo3_arrow::{PyArray, PyArrayReader};

use crate::arguments::at_least_one;

include!(concat!(env!("OUT_DIR"), "/column_docs.rs"));

/// How long rows are gone through before a look for signals, for which the GIL is taken back.
const PART: Duration = Duration::from_millis(50);

/// The rows between two looks at the clock.
const ROWS: usize = 1024;

/// The bytes up to which a row that has doubles is gone through item by item: to begin with vectors would take longer.
const SHORT: usize = 64;

/// What is done to a column.
trait Operation: Sync {
    /// The type of what comes of an array of this type, which [`is_of_strings_or_binary`].
    fn output(&self, input: &DataType) -> DataType;

    /// Goes through the rows of an array that is not a dictionary.
    fn array(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef>;

    /// Goes through the values of a dictionary, and puts each where its key is.
    fn dictionary(&self, py: Python<'_>, array: &ArrayRef) -> PyResult<ArrayRef> {
        let dictionary = array.as_any_dictionary();
        let of_values = self.array(py, dictionary.values())?;
        py.detach(|| take(&of_values, dictionary.keys(), None)).map_err(failed)
    }
}

#[doc = column_doc!(count_doubles)]
#[pyfunction]
fn count_doubles<'py>(column: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    apply(column, &answers::Count)
}

#[doc = column_doc!(has_doubles)]
#[pyfunction]
fn has_doubles<'py>(column: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    apply(column, &answers::Has)
}

#[doc = column_doc!(longest_run)]
#[pyfunction]
fn longest_run<'py>(column: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    apply(column, &answers::LongestRun)
}

#[doc = column_doc!(squeeze)]
#[pyfunction]
#[pyo3(signature = (column, max_run = None), text_signature = "(column, max_run=1)")]
fn squeeze<'py>(column: &Bound<'py, PyAny>, max_run: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    let max_run = max_run.map_or(Ok(1), |number| at_least_one("max_run", number))?;
    apply(column, &squeezing::Squeeze { max_run })
}

/// Does it to each chunk of a column, and gives an array for an array, and chunks for chunks.
fn apply<'py>(column: &Bound<'py, PyAny>, operation: &impl Operation) -> PyResult<Bound<'py, PyAny>> {
    let py = column.py();
    let column = read(column)?;
    let input = column.field()?;
    if !is_of_strings_or_binary(input.data_type()) {
        let type_name = type_name(input.data_type());
        return Err(PyTypeError::new_err(format!("expected a column of strings or binary, got {type_name}")));
    }
    let field = Arc::new(Field::new(input.name(), operation.output(input.data_type()), true));
    let chunk = |chunk: &ArrayRef| match chunk.data_type() {
        DataType::Dictionary(..) => operation.dictionary(py, chunk),
        _ => operation.array(py, chunk),
    };
    match column {
        AnyArray::Array(array) => Ok(Bound::new(py, Array { array: chunk(array.array())?, field })?.into_any()),
        AnyArray::Stream(stream) => {
            let mut stream = stream.into_reader()?;
            let mut chunks = Vec::new();
            // Whoever made the stream may have to work for the next chunk.
            while let Some(next) = py.detach(|| stream.next()) {
                chunks.push(chunk(&next.map_err(failed)?)?);
            }
            Ok(Bound::new(py, ChunkedArray { chunks, field })?.into_any())
        }
    }
}

/// Asks an object for its column: as an array if it has one, and otherwise as a stream of chunks.
fn read(column: &Bound<'_, PyAny>) -> PyResult<AnyArray> {
    let py = column.py();
    let has_stream = column.hasattr(intern!(py, "__arrow_c_stream__"))?;
    if column.hasattr(intern!(py, "__arrow_c_array__"))? {
        match column.extract::<PyArray>() {
            // nanoarrow's arrays have both, and give no array if they are in chunks.
            Err(_) if has_stream => {}
            array => return Ok(AnyArray::Array(array?)),
        }
    }
    if has_stream {
        return Ok(AnyArray::Stream(column.extract::<PyArrayReader>()?));
    }
    let type_name = column.get_type().name()?;
    Err(PyTypeError::new_err(format!("expected an Arrow array or stream, got {type_name}")))
}

fn is_of_strings_or_binary(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => true,
        DataType::Dictionary(_, values) => {
            !matches!(**values, DataType::Dictionary(..)) && is_of_strings_or_binary(values)
        }
        _ => false,
    }
}

/// What pyarrow calls a type, or nearly; without what it is made of.
fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Dictionary(_, values) => format!("a dictionary of {}", type_name(values)),
        DataType::Boolean => "bool".into(),
        DataType::Utf8 => "string".into(),
        DataType::LargeUtf8 => "large_string".into(),
        DataType::Utf8View => "string_view".into(),
        DataType::LargeBinary => "large_binary".into(),
        DataType::BinaryView => "binary_view".into(),
        other => other.to_string().split('(').next().unwrap_or_default().to_lowercase(),
    }
}

/// Calls `work` with each part of `len` rows, without the GIL, and lets signals (Ctrl-C) be handled between them.
///
/// Each part but the last is of [`ROWS`] rows.
fn in_parts(py: Python<'_>, len: usize, mut work: impl FnMut(std::ops::Range<usize>) + Send) -> PyResult<()> {
    let mut start = 0;
    while start < len {
        py.detach(|| {
            let begun = Instant::now();
            while start < len && begun.elapsed() < PART {
                let end = len.min(start + ROWS);
                work(start..end);
                start = end;
            }
        });
        py.check_signals()?;
    }
    Ok(())
}

/// An empty vector with room for `len` items, where it is large in huge pages.
///
/// To be given 80 MB in pages of 4 KiB takes as long as to count 10 million short rows. NumPy does the same.
fn large_vec<T>(len: usize) -> Vec<T> {
    let vec = Vec::<T>::with_capacity(len);
    #[cfg(target_os = "linux")]
    {
        const HUGE: usize = 2 << 20;
        let (start, bytes) = (vec.as_ptr().cast::<u8>(), vec.capacity() * size_of::<T>());
        let before = start.align_offset(HUGE);
        if bytes >= before.saturating_add(2 * HUGE) {
            // SAFETY: this many bytes from there on are the vector's. It is advice: what is in them does not change.
            unsafe { libc::madvise(start.add(before).cast_mut().cast(), bytes - before, libc::MADV_HUGEPAGE) };
        }
    }
    vec
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
    chunks: Vec<ArrayRef>,
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
        let chunks = self.chunks.clone().into_iter().map(Ok);
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
