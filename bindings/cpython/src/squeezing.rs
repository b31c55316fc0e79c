//! `squeeze`, which writes what is left to where it will be.

use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::{ptr, slice};

use cpython::{ObjectProtocol, PyDict, PyErr, PyObject, PyResult, PyTuple, Python, exc};
use doubles_core::{Element, Squeezer};
use python3_sys as ffi;

use crate::arguments::{self, Signature};
use crate::buffer::Format;
use crate::is_ascii;
use crate::objects::{array, attribute, call_method1, imported, no_memory, owned, refused};
use crate::operations::{Question, Source, ask};
use crate::values::{Chosen, Kind, is_of_type};

pub(crate) fn squeeze(py: Python<'_>, args: &PyTuple, kwargs: Option<&PyDict>) -> PyResult<PyObject> {
    let signature = Signature { function: "squeeze", first: c"val", others: [c"max_run", c"values"], apart: false };
    let (val, [max_run, values]) = signature.read(py, args, kwargs)?;
    let max_run = arguments::number(py, "max_run", max_run, 1)?;
    let values = values.as_deref().filter(|values| **values != py.None());
    ask(py, &val, Squeeze { py, val: &val, max_run, values })
}

struct Squeeze<'a, 'py> {
    py: Python<'py>,
    val: &'a PyObject,
    max_run: usize,
    values: Option<&'a PyObject>,
}

impl Question for Squeeze<'_, '_> {
    type Answer = PyObject;

    fn ask<T: Element>(self, items: &mut impl Source<T>) -> PyResult<PyObject> {
        let py = self.py;
        let kind = items.kind();
        let chosen = Chosen::of(py, kind, self.values)?;
        let like = Like::of(py, self.val, kind, items.format())?;
        items.find_again()?;
        let (new, mut room) = like.room(py, self.val, items.len(), size_of::<T>())?;
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
        like.made_of(py, new, room.written / size_of::<T>(), size_of::<T>())
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
enum Like {
    Text,
    Bytes,
    ByteArray,
    /// An `array.array` of this type code.
    Array(u8),
    /// A memoryview of this format.
    View(Format),
    /// A NumPy array of this type of items, which this function makes.
    NumPy {
        from_buffer: PyObject,
        dtype: PyObject,
    },
}

impl Like {
    fn of(py: Python<'_>, val: &PyObject, kind: Kind, format: Format) -> PyResult<Self> {
        let of = |module, name| Ok::<_, PyErr>(imported(py, module, name)?.filter(|kind| is_of_type(val, kind)));
        let object = val.as_ptr();
        // SAFETY: `object` is live.
        let (is_text, is_bytearray, is_view) =
            unsafe { (ffi::PyUnicode_Check(object), ffi::PyByteArray_Check(object), ffi::PyMemoryView_Check(object)) };
        if is_text != 0 {
            Ok(Self::Text)
        } else if is_bytearray != 0 {
            Ok(Self::ByteArray)
        } else if is_view != 0 {
            Ok(Self::View(native(py, kind, format)?))
        } else if of(c"array", c"array")?.is_some() {
            Ok(Self::Array(format.code))
        } else if let Some(ndarray) = of(c"numpy", c"ndarray")?
            && let Some(from_buffer) = imported(py, c"numpy", c"frombuffer")?
        {
            // As the class itself has it: a subclass may have another attribute of this name.
            let dtype = call_method1(py, &attribute(py, &ndarray, c"dtype")?, c"__get__", val)?;
            Ok(Self::NumPy { from_buffer, dtype })
        } else {
            Ok(Self::Bytes)
        }
    }

    /// Makes what `len` items of `size` bytes are written to.
    fn room(&self, py: Python<'_>, val: &PyObject, len: usize, size: usize) -> PyResult<(PyObject, Room)> {
        // Items that all have one place in memory may be more than there can be.
        let bytes = len.checked_mul(size).and_then(|bytes| isize::try_from(bytes).ok());
        let bytes = bytes.ok_or_else(|| no_memory(py))?;
        // SAFETY: the GIL is held, and `val` is a live object: a str that is ready, if it is one. What comes back is a new
        // reference to an object with memory of `bytes` bytes, or null with an exception set.
        unsafe {
            let (new, data) = match self {
                Self::Text => {
                    // Each of its characters is left, so that it is stored as the whole one is.
                    let largest = match size {
                        1 if is_ascii(val) => 0x7f,
                        1 => 0xff,
                        2 => 0xffff,
                        _ => 0x10_ffff,
                    };
                    let new = owned(py, ffi::PyUnicode_New(len.cast_signed(), largest))?;
                    let data = ffi::PyUnicode_DATA(new.as_ptr()).cast();
                    (new, data)
                }
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
    fn made_of(self, py: Python<'_>, new: PyObject, len: usize, size: usize) -> PyResult<PyObject> {
        let bytes = (len * size).cast_signed();
        // SAFETY: the GIL is held. Nobody else knows of the object, which is of the type that is cut and no shorter.
        let new = unsafe {
            match self {
                Self::Text => {
                    let mut new = new.steal_ptr();
                    let failed = ffi::PyUnicode_Resize(&raw mut new, len.cast_signed()) != 0;
                    let new = PyObject::from_owned_ptr(py, new);
                    return if failed { Err(PyErr::fetch(py)) } else { Ok(new) };
                }
                Self::Bytes | Self::View(_) => {
                    // Of the public API, and not declared by python3-sys.
                    unsafe extern "C" {
                        fn _PyBytes_Resize(bytes: *mut *mut ffi::PyObject, len: ffi::Py_ssize_t) -> c_int;
                    }

                    let mut new = new.steal_ptr();
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
            Self::View(format) => view(py, &new, format),
            Self::Array(code) => array(py, code, &new),
            Self::NumPy { from_buffer, dtype } => from_buffer.call(py, (new, dtype), None),
            _ => Ok(new),
        }
    }
}

/// The format of a memoryview that is made of items of a format: the same one, or what the machine calls items that are the
/// same in a format of a standard size.
fn native(py: Python<'_>, kind: Kind, format: Format) -> PyResult<Format> {
    let code = match (format.order, kind) {
        (None | Some(b'@'), _) => return Ok(format),
        (_, Kind::Integer { size: 2.., swapped: true, .. } | Kind::Float { swapped: true, .. }) => {
            return Err(no_view(py, format));
        }
        (_, Kind::Integer { size: 4, signed: true, .. }) => b'i',
        (_, Kind::Integer { size: 4, .. }) => b'I',
        _ => format.code,
    };
    Ok(Format { order: None, code })
}

#[cold]
fn no_view(py: Python<'_>, format: Format) -> PyErr {
    refused(py, format!("cannot make a memoryview of format '{format}': pass numpy.asarray(val)"))
}

/// A memoryview of a format over the memory of an object.
fn view(py: Python<'_>, object: &PyObject, format: Format) -> PyResult<PyObject> {
    // SAFETY: the GIL is held, the objects are live, and the format says what follows it. What comes back is a new reference,
    // or null with an exception set.
    let cast = unsafe {
        let view = owned(py, ffi::PyMemoryView_FromObject(object.as_ptr()))?;
        let (cast, one_string) = (c"cast".as_ptr(), c"s".as_ptr());
        owned(py, ffi::PyObject_CallMethod(view.as_ptr(), cast, one_string, format.text().as_ptr()))
    };
    // Before Python 3.12 it makes none of floats of 16 bits.
    cast.map_err(|error| if error.matches(py, py.get_type::<exc::ValueError>()) { no_view(py, format) } else { error })
}
