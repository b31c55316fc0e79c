//! What columns are taken from, and of which types.

use arrow_schema::DataType;
use pyo3::exceptions::{PyImportError, PyNotImplementedError, PyTypeError, PyUnicodeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3_arrow::input::AnyArray;
use pyo3_arrow::{PyArray, PyArrayReader};

use super::SMALL;
use super::memory::room;
use crate::objects::imported;
use crate::values::{Kind, is_of_type};

/// Asks an object for its column: as an array if it has one, and otherwise as a stream of chunks.
pub(super) fn read(column: &Bound<'_, PyAny>) -> PyResult<AnyArray> {
    let py = column.py();
    // Also one of pandas 3, which has a stream: made here, a column is the same with each pandas, and refused in the same words.
    if imported(py, c"pandas", c"Series")?.is_some_and(|series| is_of_type(column, &series)) {
        return read_interface(&of_pandas(column)?);
    }
    read_interface(column)
}

/// The same of an object that is not of pandas.
fn read_interface(column: &Bound<'_, PyAny>) -> PyResult<AnyArray> {
    let py = column.py();
    let has_stream = column.hasattr(intern!(py, "__arrow_c_stream__"))?;
    room(told_of_buffers(column.len().unwrap_or(0)))?;
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

/// The bytes that both sides allocate to hand over a column of so many rows, of which views may have many buffers.
///
/// What comes of the column takes as much, so that none is refused for this alone. Neither side can do without them: arrow-rs
/// ends the process, and so does pyarrow.
fn told_of_buffers(rows: usize) -> usize {
    SMALL + rows / 8 + rows.saturating_mul(128).min(4 * SMALL)
}

/// What pyarrow makes of a Series of pandas: an array, or a chunked array.
fn of_pandas<'py>(series: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = series.py();
    let because = |error: PyErr, cause: PyErr| {
        error.set_cause(py, Some(cause));
        error
    };
    let pyarrow = py.import(intern!(py, "pyarrow")).map_err(|error| {
        if !error.is_instance_of::<PyImportError>(py) {
            return error;
        }
        because(PyImportError::new_err("a pandas Series is read through pyarrow: pip install pyarrow"), error)
    })?;
    let array = pyarrow.getattr(intern!(py, "Array"))?;
    array.call_method1(intern!(py, "from_pandas"), (series,)).map_err(|error| {
        // ArrowInvalid is a ValueError, and others are the other two. A lone surrogate has an error of its own.
        let refused = error.is_instance_of::<PyValueError>(py) && !error.is_instance_of::<PyUnicodeError>(py);
        if !refused && !error.is_instance_of::<PyTypeError>(py) && !error.is_instance_of::<PyNotImplementedError>(py) {
            return error;
        }
        let words = format!("pyarrow cannot make a column of this pandas Series: {}", error.value(py));
        because(PyTypeError::new_err(words), error)
    })
}

/// What the items of a column are, if it is of strings, binary or nulls; which nulls have none of.
///
/// # Errors
///
/// A `TypeError` for any other column.
pub(super) fn items(data_type: &DataType) -> PyResult<Option<Kind>> {
    items_of(data_type, true).ok_or_else(|| {
        let type_name = type_name(data_type);
        PyTypeError::new_err(format!("expected a column of strings or binary, got {type_name}"))
    })
}

fn items_of(data_type: &DataType, nested: bool) -> Option<Option<Kind>> {
    match data_type {
        DataType::Null => Some(None),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Some(Some(Kind::Character)),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            Some(Some(Kind::OF_BYTES))
        }
        DataType::Dictionary(_, values) if nested => items_of(values, false),
        DataType::RunEndEncoded(_, values) if nested => match values.data_type() {
            DataType::Dictionary(_, values) => items_of(values, false),
            values => items_of(values, false),
        },
        _ => None,
    }
}

/// What pyarrow calls a type, or nearly; without what it is made of.
pub(super) fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Dictionary(_, values) => format!("a dictionary of {}", type_name(values)),
        DataType::RunEndEncoded(_, values) => format!("run-end encoded {}", type_name(values.data_type())),
        DataType::Boolean => "bool".into(),
        DataType::Utf8 => "string".into(),
        DataType::LargeUtf8 => "large_string".into(),
        DataType::Utf8View => "string_view".into(),
        DataType::LargeBinary => "large_binary".into(),
        DataType::BinaryView => "binary_view".into(),
        other => other.to_string().split('(').next().unwrap_or_default().to_lowercase(),
    }
}
