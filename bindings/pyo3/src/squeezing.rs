//! `squeeze`, which writes what is left to where it will be.

#[cfg(not(feature = "abi3"))]
use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::{ptr, slice};

use doubles_core::{Element, Squeezer};
use pyo3::exceptions::{PyMemoryError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyMemoryView, PyString};

use crate::arguments;
use crate::buffer::Format;
use crate::objects::{array, attribute, call_method1, imported, owned};
use crate::operations::{Question, Source, ask};
use crate::values::{Chosen, Kind, is_of_type};

#[doc = doc!(squeeze)]
#[pyfunction]
#[pyo3(signature = (val, max_run = 1, values = None))]
pub(crate) fn squeeze<'py>(
    val: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = arguments::max_run)] max_run: usize,
    values: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    ask(val, Squeeze { val, max_run, values })
}

struct Squeeze<'a, 'py> {
    val: &'a Bound<'py, PyAny>,
    max_run: usize,
    values: Option<&'a Bound<'py, PyAny>>,
}

impl<'py> Question for Squeeze<'_, 'py> {
    type Answer = Bound<'py, PyAny>;

    fn ask<T: Element>(self, items: &mut impl Source<T>) -> PyResult<Bound<'py, PyAny>> {
        let kind = items.kind();
        let chosen = Chosen::of(kind, self.values)?;
        let like = Like::of(self.val, kind, items.format())?;
        items.find_again()?;
        let (new, mut room) = like.room(self.val, items.len(), size_of::<T>())?;
        let mut squeezer = Squeezer::<T>::new(self.max_run);
        items.read(|part| {
            let written = squeezer.push_into(part, |item| chosen.has(|| item), room.rest());
            room.written += written;
            Ok(())
        })?;
        if let Kind::Float { swapped: true, .. } = kind {
            // They were swapped to be compared.
            room.written().chunks_exact_mut(size_of::<T>()).for_each(<[u8]>::reverse);
        }
        like.made_of(new, room.written / size_of::<T>(), size_of::<T>())
    }
}

/// The memory of an object that is being made, which nobody else has yet.
struct Room {
    data: *mut MaybeUninit<u8>,
    len: usize,
    written: usize,
}

// SAFETY: the memory is used by one thread at a time, whichever it is.
unsafe impl Send for Room {}

impl Room {
    /// What is not written.
    fn rest(&mut self) -> &mut [MaybeUninit<u8>] {
        // SAFETY: the new object has `len` bytes, of which so many are written.
        unsafe { slice::from_raw_parts_mut(self.data.add(self.written), self.len - self.written) }
    }

    fn written(&mut self) -> &mut [u8] {
        // SAFETY: so many bytes are written.
        unsafe { slice::from_raw_parts_mut(self.data.cast(), self.written) }
    }
}

/// What an object is made of that is like a value.
enum Like<'py> {
    Text,
    Bytes,
    ByteArray,
    /// An `array.array` of this type code.
    Array(u8),
    /// A memoryview of this format.
    View(Format),
    /// A NumPy array of this type of items, which this function makes.
    NumPy {
        from_buffer: Bound<'py, PyAny>,
        dtype: Bound<'py, PyAny>,
    },
}

impl<'py> Like<'py> {
    fn of(val: &Bound<'py, PyAny>, kind: Kind, format: Format) -> PyResult<Self> {
        let of = |module, name| Ok::<_, PyErr>(imported(val.py(), module, name)?.filter(|kind| is_of_type(val, kind)));
        if val.is_instance_of::<PyString>() {
            Ok(Self::Text)
        } else if val.is_instance_of::<PyByteArray>() {
            Ok(Self::ByteArray)
        } else if val.is_instance_of::<PyMemoryView>() {
            Ok(Self::View(native(kind, format)?))
        } else if of(c"array", c"array")?.is_some() {
            Ok(Self::Array(format.code))
        } else if let Some(ndarray) = of(c"numpy", c"ndarray")?
            && let Some(from_buffer) = imported(val.py(), c"numpy", c"frombuffer")?
        {
            // As the class itself has it: a subclass may have another attribute of this name.
            let dtype = call_method1(&attribute(&ndarray, c"dtype")?, c"__get__", val)?;
            Ok(Self::NumPy { from_buffer, dtype })
        } else {
            Ok(Self::Bytes)
        }
    }

    /// Makes what `len` items of `size` bytes are written to.
    fn room(&self, val: &Bound<'py, PyAny>, len: usize, size: usize) -> PyResult<(Bound<'py, PyAny>, Room)> {
        let py = val.py();
        // Items that all have one place in memory may be more than there can be.
        let bytes = len.checked_mul(size).and_then(|bytes| isize::try_from(bytes).ok());
        let bytes = bytes.ok_or_else(|| PyMemoryError::new_err(()))?;
        // SAFETY: the GIL is held, and `val` is a live object: a str that is ready, if it is one. What comes back is a new
        // reference to an object with memory of `bytes` bytes, or null with an exception set.
        unsafe {
            let (new, data) = match self {
                #[cfg(not(feature = "abi3"))]
                Self::Text => {
                    // Each of its characters is left, so that it is stored as the whole one is.
                    let largest = match size {
                        1 if ffi::PyUnicode_IS_ASCII(val.as_ptr()) != 0 => 0x7f,
                        1 => 0xff,
                        2 => 0xffff,
                        _ => 0x10_ffff,
                    };
                    let new = owned(py, ffi::PyUnicode_New(len.cast_signed(), largest))?;
                    let data = ffi::PyUnicode_DATA(new.as_ptr()).cast();
                    (new, data)
                }
                #[cfg(not(feature = "abi3"))]
                Self::Bytes | Self::View(_) => {
                    let new = owned(py, ffi::PyBytes_FromStringAndSize(ptr::null(), bytes))?;
                    let data = ffi::PyBytes_AsString(new.as_ptr()).cast();
                    (new, data)
                }
                _ => {
                    let new = owned(py, ffi::PyByteArray_FromStringAndSize(ptr::null(), bytes))?;
                    let data = ffi::PyByteArray_AsString(new.as_ptr()).cast();
                    (new, data)
                }
            };
            Ok((new, Room { data, len: bytes.unsigned_abs(), written: 0 }))
        }
    }

    /// Makes an object of what [`room`](Self::room) gave and `len` items of `size` bytes that were written there.
    fn made_of(self, new: Bound<'py, PyAny>, len: usize, size: usize) -> PyResult<Bound<'py, PyAny>> {
        let (py, bytes) = (new.py(), (len * size).cast_signed());
        // SAFETY: the GIL is held. Nobody else knows of the object, which is of the type that is cut and no shorter.
        let new = unsafe {
            match self {
                #[cfg(not(feature = "abi3"))]
                Self::Text => {
                    let mut new = new.into_ptr();
                    let failed = ffi::PyUnicode_Resize(&raw mut new, len.cast_signed()) != 0;
                    let new = Bound::from_owned_ptr(py, new);
                    return if failed { Err(PyErr::fetch(py)) } else { Ok(new) };
                }
                #[cfg(not(feature = "abi3"))]
                Self::Bytes | Self::View(_) => {
                    // Of the public API, and not declared by PyO3.
                    unsafe extern "C" {
                        fn _PyBytes_Resize(bytes: *mut *mut ffi::PyObject, len: ffi::Py_ssize_t) -> c_int;
                    }

                    let mut new = new.into_ptr();
                    // Where this fails it has let go of the object.
                    _PyBytes_Resize(&raw mut new, bytes);
                    owned(py, new)?
                }
                _ => {
                    if ffi::PyByteArray_Resize(new.as_ptr(), bytes) != 0 {
                        return Err(PyErr::fetch(py));
                    }
                    new
                }
            }
        };
        match self {
            #[cfg(feature = "abi3")]
            // SAFETY: the GIL is held, and `new` is a bytearray of code points of 4 bytes each, in the order of this machine.
            // What comes back is a new reference, or null with an exception set.
            Self::Text => unsafe {
                let mut order = if cfg!(target_endian = "big") { 1 } else { -1 };
                let data = ffi::PyByteArray_AsString(new.as_ptr());
                owned(py, ffi::PyUnicode_DecodeUTF32(data, bytes, ptr::null(), &raw mut order))
            },
            #[cfg(feature = "abi3")]
            // SAFETY: the GIL is held; what comes back is a new reference, or null with an exception set.
            Self::Bytes => unsafe { owned(py, ffi::PyBytes_FromObject(new.as_ptr())) },
            Self::View(format) => view(&new, format),
            Self::Array(code) => array(py, code, &new),
            Self::NumPy { from_buffer, dtype } => from_buffer.call1((new, dtype)),
            _ => Ok(new),
        }
    }
}

/// The format of a memoryview that is made of items of a format: the same one, or what the machine calls items that are the
/// same in a format of a standard size.
fn native(kind: Kind, format: Format) -> PyResult<Format> {
    let code = match (format.order, kind) {
        (None | Some(b'@'), _) => return Ok(format),
        (_, Kind::Integer { size: 2.., swapped: true, .. } | Kind::Float { swapped: true, .. }) => {
            return Err(no_view(format));
        }
        (_, Kind::Integer { size: 4, signed: true, .. }) => b'i',
        (_, Kind::Integer { size: 4, .. }) => b'I',
        _ => format.code,
    };
    Ok(Format { order: None, code })
}

#[cold]
fn no_view(format: Format) -> PyErr {
    PyTypeError::new_err(format!("cannot make a memoryview of format '{format}': pass numpy.asarray(val)"))
}

/// A memoryview of a format over the memory of an object.
fn view<'py>(object: &Bound<'py, PyAny>, format: Format) -> PyResult<Bound<'py, PyAny>> {
    #[cfg(feature = "abi3")]
    // SAFETY: as below.
    let object = &unsafe { owned(object.py(), ffi::PyBytes_FromObject(object.as_ptr()))? };
    // SAFETY: the GIL is held, the objects are live, and the format says what follows it. What comes back is a new reference,
    // or null with an exception set.
    let cast = unsafe {
        let view = owned(object.py(), ffi::PyMemoryView_FromObject(object.as_ptr()))?;
        let (cast, one_string) = (c"cast".as_ptr(), c"s".as_ptr());
        owned(object.py(), ffi::PyObject_CallMethod(view.as_ptr(), cast, one_string, format.text().as_ptr()))
    };
    // Before Python 3.12 it makes none of floats of 16 bits.
    cast.map_err(|error| if error.is_instance_of::<PyValueError>(object.py()) { no_view(format) } else { error })
}
