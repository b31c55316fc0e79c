//! What the items of a value are to Python, and `values=`: the ones that a call is about.

use doubles_core::{Element, Half};
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyByteArray, PyBytes, PyComplex, PyString};

use crate::buffer::refuse_masked;
use crate::objects::{imported, no_memory, owned};

/// What an item is to Python.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// A str of one character.
    Character,
    /// An int of this many bytes.
    Integer { size: usize, signed: bool, swapped: bool },
    /// A float of this many bytes.
    Float { size: usize, swapped: bool },
    /// A bool: any byte but 0 is true.
    Bool,
    /// A bytes object of length one.
    Byte,
}

impl Kind {
    /// What the items of a bytes object are.
    pub(crate) const OF_BYTES: Self = Self::Integer { size: 1, signed: false, swapped: false };

    /// What `values` are called that are of this kind.
    fn name(self) -> &'static str {
        match self {
            Self::Character => "characters",
            Self::Integer { .. } => "integers",
            Self::Float { .. } => "numbers",
            Self::Bool => "bools",
            Self::Byte => "single bytes",
        }
    }

    /// The item of this [`key`](Element::key) as Python has it.
    pub(crate) fn object(self, py: Python<'_>, key: u64) -> PyResult<Bound<'_, PyAny>> {
        // SAFETY: the GIL is held; what comes back is a new reference, or null with an exception set.
        unsafe {
            owned(
                py,
                match self {
                    // Of any code point, also of a surrogate.
                    Self::Character => ffi::PyUnicode_FromOrdinal(key as std::ffi::c_int),
                    Self::Bool => ffi::PyBool_FromLong((key != 0).into()),
                    Self::Byte => ffi::PyBytes_FromStringAndSize([key as u8].as_ptr().cast(), 1),
                    Self::Float { size, .. } => ffi::PyFloat_FromDouble(float_of(size, key)),
                    Self::Integer { size, signed, swapped } => {
                        let above = 64 - 8 * size as u32;
                        let item = if swapped { key.swap_bytes() >> above } else { key };
                        if signed {
                            ffi::PyLong_FromLongLong((item << above).cast_signed() >> above)
                        } else {
                            ffi::PyLong_FromUnsignedLongLong(item)
                        }
                    }
                },
            )
        }
    }

    /// The [`key`](Element::key) of the items that equal one of `values`, if there can be such items.
    fn key(self, value: &Bound<'_, PyAny>) -> PyResult<Option<u64>> {
        match self {
            Self::Character => match value.cast::<PyString>() {
                Ok(character) => match length(character) {
                    1 => Ok(Some(character_at(character, 0).into())),
                    length => Err(self.refused(format_args!("a str of length {length}"))),
                },
                Err(_) => Err(self.refused(value.get_type().name()?)),
            },
            Self::Byte => match value.cast::<PyBytes>() {
                Ok(bytes) => match bytes.as_bytes() {
                    [byte] => Ok(Some((*byte).into())),
                    bytes => Err(self.refused(format_args!("bytes of length {}", bytes.len()))),
                },
                Err(_) => Err(self.refused(value.get_type().name()?)),
            },
            Self::Bool => {
                let of_numpy = imported(value.py(), c"numpy", c"bool_")?;
                if value.is_instance_of::<PyBool>() || of_numpy.is_some_and(|kind| is_of_type(value, &kind)) {
                    return Ok(Some(value.is_truthy()?.into()));
                }
                Ok(self.index(value)?.extract::<u64>().ok().filter(|number| *number < 2))
            }
            Self::Float { size, .. } => self.key_of_float(value, size),
            Self::Integer { size, signed, swapped } => {
                let number = self.index(value)?;
                let above = 64 - 8 * size as u32;
                let number = if signed {
                    let number = number.extract::<i64>().ok();
                    number.filter(|number| number << above >> above == *number).map(i64::cast_unsigned)
                } else {
                    number.extract::<u64>().ok().filter(|number| number << above >> above == *number)
                };
                let number = number.map(|number| number << above >> above);
                Ok(number.map(|number| if swapped { number.swap_bytes() >> above } else { number }))
            }
        }
    }

    /// A value as an int, if it has `__index__`.
    fn index<'py>(self, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        // SAFETY: `value` is a live object and shows that the GIL is held; what comes back is a new reference, or null with an
        // exception set.
        unsafe {
            if ffi::PyIndex_Check(value.as_ptr()) == 0 {
                return Err(self.refused(value.get_type().name()?));
            }
            owned(value.py(), ffi::PyNumber_Index(value.as_ptr()))
        }
    }

    /// The key of the floats that equal a number: none for a NaN, and for what no float of this size is.
    fn key_of_float(self, value: &Bound<'_, PyAny>, size: usize) -> PyResult<Option<u64>> {
        // SAFETY: `value` is a live object and shows that the GIL is held.
        if unsafe { ffi::PyNumber_Check(value.as_ptr()) } == 0 || value.is_instance_of::<PyComplex>() {
            return Err(self.refused(value.get_type().name()?));
        }
        let number = match value.extract::<f64>() {
            Ok(number) => number,
            // An int that is larger than any float.
            Err(error) if error.is_instance_of::<PyOverflowError>(value.py()) => return Ok(None),
            Err(error) => return Err(error),
        };
        let key = match size {
            2 => half_of(number).key(),
            4 => (number as f32).key(),
            _ => number.key(),
        };
        // Rounded, or a NaN.
        let equal = self.object(value.py(), key)?.eq(value)?;
        Ok(equal.then_some(key))
    }

    #[cold]
    fn refused(self, what: impl std::fmt::Display) -> PyErr {
        PyTypeError::new_err(format!("values must be {}, got {what}", self.name()))
    }
}

/// The float of a [`key`](Element::key), of this many bytes.
fn float_of(size: usize, key: u64) -> f64 {
    match size {
        2 => Half::from_key(key).into(),
        4 => f32::from_key(key).into(),
        _ => f64::from_key(key),
    }
}

/// The largest float of 16 bits that is no farther from zero than a number: the number itself, if it is one.
fn half_of(number: f64) -> Half {
    const INFINITY: u16 = 0x7c00;
    // The bits of those that are not negative are in the order of the numbers.
    let (mut magnitude, mut above) = (0, INFINITY + 1);
    while above - magnitude > 1 {
        let between = magnitude.midpoint(above);
        if f64::from(Half(between)) <= number.abs() { magnitude = between } else { above = between }
    }
    Half(magnitude | if number.is_sign_negative() { 1 << 15 } else { 0 })
}

/// Whether an object is of a type, or of a subclass, by what it is and not by what it says.
pub(crate) fn is_of_type(object: &Bound<'_, PyAny>, kind: &Bound<'_, PyAny>) -> bool {
    // SAFETY: both are live objects, and show that the GIL is held; a type is only taken for one when it is one.
    unsafe {
        ffi::PyType_Check(kind.as_ptr()) != 0 && ffi::PyObject_TypeCheck(object.as_ptr(), kind.as_ptr().cast()) != 0
    }
}

/// The characters of a str.
fn length(text: &Bound<'_, PyString>) -> usize {
    // SAFETY: `text` is a live str, and shows that the GIL is held.
    unsafe { ffi::PyUnicode_GetLength(text.as_ptr()).unsigned_abs() }
}

/// The code point of a character of a str, which has it.
fn character_at(text: &Bound<'_, PyString>, index: usize) -> u32 {
    // SAFETY: `text` is a live str, and shows that the GIL is held.
    unsafe { ffi::PyUnicode_ReadChar(text.as_ptr(), index.cast_signed()) }
}

/// The items that a call is about: all, or those that equal one of `values`.
pub(crate) struct Chosen {
    /// Without the first of these all are chosen; in order, each once.
    keys: Option<Vec<u64>>,
}

impl Chosen {
    /// Reads the `values` of a call whose items are of a kind.
    pub(crate) fn of(kind: Kind, values: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        /// The values after which signals (Ctrl-C) are looked for, since an iterator need not run Python code.
        const OFTEN: usize = 1024;

        let Some(values) = values else { return Ok(Self { keys: None }) };
        let py = values.py();
        refuse_masked(values)?;
        let mut keys = Vec::new();
        let mut add = |i: usize, key: Option<u64>| {
            if i % OFTEN == OFTEN - 1 {
                py.check_signals()?;
            }
            let Some(key) = key else { return Ok(()) };
            if keys.len() == keys.capacity() {
                // Only the distinct ones take memory.
                sort(&mut keys);
                keys.try_reserve(keys.len().max(4)).map_err(no_memory)?;
            }
            keys.push(key);
            Ok::<_, PyErr>(())
        };
        // A bytes-like object is an iterable of integers.
        let is_bytes = values.is_instance_of::<PyBytes>() || values.is_instance_of::<PyByteArray>();
        let kind = if kind == Kind::Byte && is_bytes { Kind::OF_BYTES } else { kind };
        // Its own content, also of a subclass.
        match values.cast::<PyString>() {
            Ok(text) if kind == Kind::Character => {
                for i in 0..length(text) {
                    add(i, Some(character_at(text, i).into()))?;
                }
            }
            _ => {
                for (i, value) in values.try_iter()?.enumerate() {
                    let value = value?;
                    refuse_masked(&value)?;
                    add(i, kind.key(&value)?)?;
                }
            }
        }
        sort(&mut keys);
        Ok(Self { keys: Some(keys) })
    }

    /// Whether an item is chosen, which is only looked at if not all are.
    #[inline]
    pub(crate) fn has<T: Element>(&self, item: impl FnOnce() -> T) -> bool {
        self.keys.as_ref().is_none_or(|keys| keys.binary_search(&item().key()).is_ok())
    }
}

fn sort(keys: &mut Vec<u64>) {
    keys.sort_unstable();
    keys.dedup();
}
