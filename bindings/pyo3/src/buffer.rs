//! Bytes-like objects: what they say of their items through the buffer protocol, and reading these where they lie.
//!
//! They can change, so they are read with the GIL held. PyO3's own `PyBuffer` is not used: it takes memory for each
//! buffer, and refuses those without strides (ctypes arrays) and of no dimension with a `BufferError`.

use std::ffi::{CStr, c_long};
use std::mem::MaybeUninit;
use std::ops::Range;
use std::slice;

use doubles_core::{Element, scalar};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;

use crate::{PART, count_by_threads, count_in_parts};

/// The items with gaps between them that are counted before a look for signals. When each is a cache miss of its own
/// they take some 50 ms.
const STRIDED_PART: usize = 1 << 20;

/// Counts the doubles of any object but a `str`.
pub(crate) fn count(val: &Bound<'_, PyAny>, threads: usize) -> PyResult<usize> {
    let py = val.py();
    // SAFETY: `val` is a live object, and `py` shows that the GIL is held.
    if unsafe { ffi::PyObject_CheckBuffer(val.as_ptr()) } == 0 {
        let type_name = val.get_type().name()?;
        return Err(PyTypeError::new_err(format!("expected str or a bytes-like object, got {type_name}")));
    }
    let mut view = MaybeUninit::uninit();
    // SAFETY: as above; `view` has room for what is written, and does not move while it is in use. These flags leave
    // strides in, and indirect items (suboffsets) to be refused by the object itself.
    if unsafe { ffi::PyObject_GetBuffer(val.as_ptr(), view.as_mut_ptr(), ffi::PyBUF_RECORDS_RO) } != 0 {
        return Err(PyErr::fetch(py));
    }
    let view = Held(view.as_mut_ptr());
    // SAFETY: the call above filled it in, and nothing else has the pointer.
    let layout = unsafe { &*view.0 };

    if layout.ndim != 1 {
        return Err(PyValueError::new_err(format!("expected one dimension, got {}", layout.ndim)));
    }
    // SAFETY: either of these is null or points to what the protocol says as long as the buffer is held: a C string,
    // and as many lengths and strides as there are dimensions. Null stands for unsigned bytes, and for no gaps.
    let (format, len, stride) = unsafe {
        (
            if layout.format.is_null() { c"B" } else { CStr::from_ptr(layout.format) },
            if layout.shape.is_null() { layout.len / layout.itemsize.max(1) } else { *layout.shape },
            if layout.strides.is_null() { layout.itemsize } else { *layout.strides },
        )
    };
    let items = Items { first: layout.buf.cast(), len: len as usize, stride };
    // An empty ctypes array says 0, up to Python 3.9.
    let of_size = |size| layout.itemsize == size || len == 0;
    match Item::of(format) {
        Some(Item::Bool) if of_size(1) => items.count_bools(py, threads),
        Some(Item::Integer { size: 1 }) if of_size(1) => items.count::<u8>(py, threads),
        Some(Item::Integer { size: 2 }) if of_size(2) => items.count::<u16>(py, threads),
        Some(Item::Integer { size: 4 }) if of_size(4) => items.count::<u32>(py, threads),
        Some(Item::Integer { size: 8 }) if of_size(8) => items.count::<u64>(py, threads),
        _ => Err(PyTypeError::new_err(format!(
            "expected items that are integers or bools, got items of format '{}'",
            format.to_string_lossy()
        ))),
    }
}

/// A buffer that its object lends, until this is dropped.
struct Held(*mut ffi::Py_buffer);

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: made only from a filled view, in a function that has the GIL to its end.
        unsafe { ffi::PyBuffer_Release(self.0) };
    }
}

/// What an item is, of those that can be compared by their bytes.
enum Item {
    Integer { size: usize },
    Bool,
}

impl Item {
    /// Reads a format of the `struct` module. Byte order does not matter to equality.
    fn of(format: &CStr) -> Option<Self> {
        let (native, code) = match format.to_bytes() {
            [code] | [b'@', code] => (true, code),
            [b'=' | b'<' | b'>' | b'!', code] => (false, code),
            _ => return None,
        };
        let size = match code {
            b'?' => return Some(Self::Bool),
            b'b' | b'B' | b'c' => 1,
            b'h' | b'H' => 2,
            b'i' | b'I' => 4,
            b'l' | b'L' if native => size_of::<c_long>(),
            b'l' | b'L' => 4,
            b'q' | b'Q' => 8,
            b'n' | b'N' if native => size_of::<usize>(),
            _ => return None,
        };
        Some(Self::Integer { size })
    }
}

/// Items in memory that may change, at any address and any distance: the next one, none (all are one), or backwards.
struct Items {
    first: *const u8,
    len: usize,
    stride: isize,
}

// SAFETY: threads that share these only read what they lead to, and nothing writes there meanwhile: the thread that made
// them holds the GIL, and waits for the others.
unsafe impl Sync for Items {}

impl Items {
    fn count<T: Element>(&self, py: Python<'_>, threads: usize) -> PyResult<usize> {
        if self.stride == size_of::<T>() as isize {
            self.count_by(py, PART / size_of::<T>(), threads, |part, len| {
                // SAFETY: `part` and the `len` items from it on are in the buffer, without gaps. They do not change as
                // long as no Python code runs, and none does before this slice is gone.
                doubles_core::count_unaligned::<T>(unsafe { slice::from_raw_parts(part, len * size_of::<T>()) })
            })
        } else {
            let count = |part, len| scalar::count_pairs(self.strided::<T>(part, len));
            self.count_by(py, STRIDED_PART, threads, count)
        }
    }

    /// Any nonzero byte is true, so bytes that differ can be equal.
    fn count_bools(&self, py: Python<'_>, threads: usize) -> PyResult<usize> {
        if self.stride == 1 {
            // SAFETY: as in `count`.
            let count = |part, len| doubles_core::count_bools(unsafe { slice::from_raw_parts(part, len) });
            self.count_by(py, PART, threads, count)
        } else {
            let count = |part, len| scalar::count_pairs(self.strided::<u8>(part, len).map(|byte| byte != 0));
            self.count_by(py, STRIDED_PART, threads, count)
        }
    }

    /// Adds up what `count` finds in each part, given its first item and its length. The GIL stays held.
    fn count_by(
        &self,
        py: Python<'_>,
        part_len: usize,
        threads: usize,
        count: impl Fn(*const u8, usize) -> usize + Sync,
    ) -> PyResult<usize> {
        // One item or none makes no pair; and of none, not even the address is sure to be one.
        if self.len < 2 {
            return Ok(0);
        }
        let count =
            |range: Range<usize>| count(self.first.wrapping_offset(range.start as isize * self.stride), range.len());
        count_in_parts(py, self.len, part_len, |part| count_by_threads(part, threads, &count))
    }

    fn strided<T: Element>(&self, part: *const u8, len: usize) -> impl Iterator<Item = T> {
        let stride = self.stride;
        (0..len).map(move |i| {
            let item = part.wrapping_offset(i as isize * stride).cast::<T>();
            // SAFETY: the buffer has an item of this size at each stride from the first; any bytes are a `T`.
            unsafe { item.read_unaligned() }
        })
    }
}
