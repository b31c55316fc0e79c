//! What the items of a value are to Python, and `values=`: the ones that a call is about.

use cpython::{ObjectProtocol, PyErr, PyObject, PyResult, Python, exc};
use doubles_core::{Element, Half};
use python3_sys as ffi;

use crate::buffer::refuse_masked;
use crate::objects::{imported, no_memory, owned, refused, type_name};

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
    pub(crate) fn object(self, py: Python<'_>, key: u64) -> PyResult<PyObject> {
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
    fn key(self, py: Python<'_>, value: &PyObject) -> PyResult<Option<u64>> {
        match self {
            // SAFETY: `value` is a live object, and the GIL is held.
            Self::Character => match unsafe { ffi::PyUnicode_Check(value.as_ptr()) } {
                0 => Err(self.refuse(py, value)),
                // SAFETY: it is a str.
                _ => match unsafe { length(value) } {
                    // SAFETY: it has a character.
                    1 => Ok(Some(unsafe { character_at(value, 0) }.into())),
                    length => Err(self.refused(py, &format!("a str of length {length}"))),
                },
            },
            // SAFETY: as above; and a bytes object has this many bytes from there on.
            Self::Byte => unsafe {
                if ffi::PyBytes_Check(value.as_ptr()) == 0 {
                    return Err(self.refuse(py, value));
                }
                match ffi::PyBytes_Size(value.as_ptr()) {
                    1 => Ok(Some((*ffi::PyBytes_AsString(value.as_ptr()).cast::<u8>()).into())),
                    length => Err(self.refused(py, &format!("bytes of length {length}"))),
                }
            },
            Self::Bool => {
                let of_numpy = imported(py, c"numpy", c"bool_")?;
                // SAFETY: `value` is a live object.
                let is_bool = unsafe { ffi::PyBool_Check(value.as_ptr()) } != 0;
                if is_bool || of_numpy.is_some_and(|kind| is_of_type(value, &kind)) {
                    return Ok(Some(value.is_true(py)?.into()));
                }
                Ok(self.index(py, value)?.extract::<u64>(py).ok().filter(|number| *number < 2))
            }
            Self::Float { size, .. } => self.key_of_float(py, value, size),
            Self::Integer { size, signed, swapped } => {
                let number = self.index(py, value)?;
                let above = 64 - 8 * size as u32;
                let number = if signed {
                    let number = number.extract::<i64>(py).ok();
                    number.filter(|number| number << above >> above == *number).map(i64::cast_unsigned)
                } else {
                    number.extract::<u64>(py).ok().filter(|number| number << above >> above == *number)
                };
                let number = number.map(|number| number << above >> above);
                Ok(number.map(|number| if swapped { number.swap_bytes() >> above } else { number }))
            }
        }
    }

    /// A value as an int, if it has `__index__`.
    fn index(self, py: Python<'_>, value: &PyObject) -> PyResult<PyObject> {
        // SAFETY: `value` is a live object and the GIL is held; what comes back is a new reference, or null with an exception
        // set.
        unsafe {
            if ffi::PyIndex_Check(value.as_ptr()) == 0 {
                return Err(self.refuse(py, value));
            }
            owned(py, ffi::PyNumber_Index(value.as_ptr()))
        }
    }

    /// The key of the floats that equal a number: none for a NaN, and for what no float of this size is.
    fn key_of_float(self, py: Python<'_>, value: &PyObject, size: usize) -> PyResult<Option<u64>> {
        // SAFETY: `value` is a live object and the GIL is held.
        let number = unsafe {
            if ffi::PyNumber_Check(value.as_ptr()) == 0 || ffi::PyComplex_Check(value.as_ptr()) != 0 {
                return Err(self.refuse(py, value));
            }
            ffi::PyFloat_AsDouble(value.as_ptr())
        };
        if number == -1.0 && PyErr::occurred(py) {
            let error = PyErr::fetch(py);
            // An int that is larger than any float.
            return if error.matches(py, py.get_type::<exc::OverflowError>()) { Ok(None) } else { Err(error) };
        }
        let key = match size {
            2 => half_of(number).key(),
            4 => (number as f32).key(),
            _ => number.key(),
        };
        // Rounded, or a NaN.
        let float = self.object(py, key)?;
        // SAFETY: both are live objects, and the GIL is held.
        match unsafe { ffi::PyObject_RichCompareBool(float.as_ptr(), value.as_ptr(), ffi::Py_EQ) } {
            -1 => Err(PyErr::fetch(py)),
            equal => Ok((equal != 0).then_some(key)),
        }
    }

    #[cold]
    fn refuse(self, py: Python<'_>, value: &PyObject) -> PyErr {
        match type_name(py, value, c"__name__") {
            Ok(name) => self.refused(py, &name),
            Err(error) => error,
        }
    }

    #[cold]
    fn refused(self, py: Python<'_>, what: &str) -> PyErr {
        refused(py, format!("values must be {}, got {what}", self.name()))
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
pub(crate) fn is_of_type(object: &PyObject, kind: &PyObject) -> bool {
    // SAFETY: both are live objects; a type is only taken for one when it is one.
    unsafe {
        ffi::PyType_Check(kind.as_ptr()) != 0 && ffi::PyObject_TypeCheck(object.as_ptr(), kind.as_ptr().cast()) != 0
    }
}

/// The characters of a str.
///
/// # Safety
///
/// It is one, with the GIL held.
unsafe fn length(text: &PyObject) -> usize {
    // SAFETY: the caller's promise.
    unsafe { ffi::PyUnicode_GetLength(text.as_ptr()) as usize }
}

/// The code point of a character of a str.
///
/// # Safety
///
/// It is one, and has it, with the GIL held.
unsafe fn character_at(text: &PyObject, index: usize) -> u32 {
    // SAFETY: the caller's promise.
    unsafe { ffi::PyUnicode_ReadChar(text.as_ptr(), index as ffi::Py_ssize_t) }
}

/// The items that a call is about: all, or those that equal one of `values`.
pub(crate) struct Chosen {
    /// Without the first of these all are chosen; in order, each once.
    keys: Option<Vec<u64>>,
}

impl Chosen {
    /// Reads the `values` of a call whose items are of a kind.
    pub(crate) fn of(py: Python<'_>, kind: Kind, values: Option<&PyObject>) -> PyResult<Self> {
        /// The values after which signals (Ctrl-C) are looked for, since an iterator need not run Python code.
        const OFTEN: usize = 1024;

        let Some(values) = values else { return Ok(Self { keys: None }) };
        refuse_masked(py, values)?;
        let mut keys = Vec::new();
        let mut add = |i: usize, key: Option<u64>| {
            if i % OFTEN == OFTEN - 1 {
                crate::check_signals(py)?;
            }
            let Some(key) = key else { return Ok(()) };
            if keys.len() == keys.capacity() {
                // Only the distinct ones take memory.
                sort(&mut keys);
                keys.try_reserve(keys.len().max(4)).map_err(|_| no_memory(py))?;
            }
            keys.push(key);
            Ok::<_, PyErr>(())
        };
        // A bytes-like object is an iterable of integers.
        // SAFETY: `values` is a live object.
        let is_bytes = unsafe { ffi::PyBytes_Check(values.as_ptr()) | ffi::PyByteArray_Check(values.as_ptr()) } != 0;
        let kind = if kind == Kind::Byte && is_bytes { Kind::OF_BYTES } else { kind };
        // Its own content, also of a subclass.
        // SAFETY: `values` is a live object.
        if kind == Kind::Character && unsafe { ffi::PyUnicode_Check(values.as_ptr()) } != 0 {
            // SAFETY: it is a str, and the GIL is held.
            for i in 0..unsafe { length(values) } {
                // SAFETY: as above.
                add(i, Some(unsafe { character_at(values, i) }.into()))?;
            }
        } else {
            for (i, value) in values.iter(py)?.enumerate() {
                let value = value?;
                refuse_masked(py, &value)?;
                add(i, kind.key(py, &value)?)?;
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
