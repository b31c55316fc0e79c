//! Bytes-like objects: what they say of their items through the buffer protocol, and reading these where they lie.
//!
//! They can change, so they are read with the GIL held, and asked for again when Python code may have run
//! (docs/safety.md says what that does and does not protect from). PyO3's own `PyBuffer` is not used: it takes memory for each
//! buffer, and refuses those without strides (ctypes arrays) and of no dimension with a `BufferError`.

use std::ffi::{CStr, c_long};
use std::mem::MaybeUninit;
use std::ops::Range;
use std::{ptr, slice};

use doubles_core::{Element, scalar};
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;

use crate::operations::{Operation, Reading, bytes_of, in_parts};
use crate::{PART, count_by_threads, count_in_parts};

/// The items with gaps between them that are counted before a look for signals. When each is a cache miss of its own
/// they take some 50 ms.
const STRIDED_PART: usize = 1 << 20;

/// Counts the doubles of any object but a `str`.
pub(crate) fn count(val: &Bound<'_, PyAny>, threads: usize) -> PyResult<usize> {
    let mut room = MaybeUninit::uninit();
    let mut buffer = Buffer::get(val, &mut room)?;
    match buffer.items.item {
        Item::Bool => buffer.count_bools(threads),
        Item::Integer1 => buffer.count::<u8>(threads),
        Item::Integer2 => buffer.count::<u16>(threads),
        Item::Integer4 => buffer.count::<u32>(threads),
        Item::Integer8 => buffer.count::<u64>(threads),
    }
}

/// Hands the items of any object but a `str` to `operation`, part by part, and says what they are.
pub(crate) fn read(val: &Bound<'_, PyAny>, operation: &mut impl Operation) -> PyResult<Reading> {
    let mut room = MaybeUninit::uninit();
    let mut buffer = Buffer::get(val, &mut room)?;
    match buffer.items.item {
        Item::Bool => buffer.read_bools(operation)?,
        Item::Integer1 => buffer.read::<u8>(operation)?,
        Item::Integer2 => buffer.read::<u16>(operation)?,
        Item::Integer4 => buffer.read::<u32>(operation)?,
        Item::Integer8 => buffer.read::<u64>(operation)?,
    }
    Ok(buffer.items.reading)
}

/// What an item is, of those that can be compared by their bytes.
#[derive(Clone, Copy, PartialEq)]
enum Item {
    Bool,
    Integer1,
    Integer2,
    Integer4,
    Integer8,
}

impl Item {
    /// Reads a format of the `struct` module: what an item is, which is all that matters to equality, and what it is
    /// to Python.
    fn of(format: &CStr) -> Option<(Self, Reading)> {
        let (native, swapped, code) = match format.to_bytes() {
            [code] | [b'@', code] => (true, false, code),
            [b'=', code] => (false, false, code),
            [b'<', code] => (false, cfg!(target_endian = "big"), code),
            [b'>' | b'!', code] => (false, cfg!(target_endian = "little"), code),
            _ => return None,
        };
        let size = match code {
            b'?' => return Some((Self::Bool, Reading::Bool)),
            b'b' | b'B' | b'c' => 1,
            b'h' | b'H' => 2,
            b'i' | b'I' => 4,
            b'l' | b'L' if native => size_of::<c_long>(),
            b'l' | b'L' => 4,
            b'q' | b'Q' => 8,
            b'n' | b'N' if native => size_of::<usize>(),
            _ => return None,
        };
        let item = match size {
            1 => Self::Integer1,
            2 => Self::Integer2,
            4 => Self::Integer4,
            8 => Self::Integer8,
            _ => return None,
        };
        let signed = code.is_ascii_lowercase();
        Some((item, if *code == b'c' { Reading::Byte } else { Reading::Integer { size, signed, swapped } }))
    }

    fn size(self) -> usize {
        match self {
            Self::Bool | Self::Integer1 => 1,
            Self::Integer2 => 2,
            Self::Integer4 => 4,
            Self::Integer8 => 8,
        }
    }
}

/// Items in memory, at any address and any distance: the next one, none (all are one), or backwards.
#[derive(Clone, Copy)]
struct Items {
    first: *const u8,
    len: usize,
    stride: isize,
    item: Item,
    reading: Reading,
}

// SAFETY: an address is no more than a number until it is read from, and `Buffer` says why that may be done.
unsafe impl Sync for Items {}

impl Items {
    /// What a buffer says of its items, or why they cannot be counted.
    fn of(view: &ffi::Py_buffer) -> PyResult<Self> {
        if view.ndim != 1 {
            return Err(PyValueError::new_err(format!("expected one dimension, got {}", view.ndim)));
        }
        // SAFETY: each of these is null or points to what the protocol says as long as the buffer is held: a C string,
        // and as many lengths and strides as there are dimensions. Null stands for unsigned bytes, and for no gaps.
        let (format, len, stride) = unsafe {
            (
                if view.format.is_null() { c"B" } else { CStr::from_ptr(view.format) },
                if view.shape.is_null() { view.len / view.itemsize.max(1) } else { *view.shape } as usize,
                if view.strides.is_null() { view.itemsize } else { *view.strides },
            )
        };
        match Item::of(format) {
            // An empty ctypes array says 0, up to Python 3.9.
            Some((item, reading)) if view.itemsize as usize == item.size() || len == 0 => {
                Ok(Self { first: view.buf.cast(), len, stride, item, reading })
            }
            // Up to Python 3.9 a ctypes array that was resized says that its items have another size.
            Some(_) => Err(PyTypeError::new_err(format!(
                "expected items of the size of their format, got items of format '{}' and {} bytes",
                format.to_string_lossy(),
                view.itemsize
            ))),
            None => Err(PyTypeError::new_err(format!(
                "expected items that are integers or bools, got items of format '{}'",
                format.to_string_lossy()
            ))),
        }
    }

    /// The address of an item.
    fn at(&self, index: usize) -> *const u8 {
        self.first.wrapping_offset(index as isize * self.stride)
    }

    fn same_layout(&self, other: &Self) -> bool {
        (self.len, self.stride, self.item) == (other.len, other.stride, other.item)
    }
}

/// A buffer that an object lends, until this is dropped, and the items in it.
///
/// What makes it sound to read them: they are there as long as the buffer is held and no Python code runs, since all that
/// frees lent memory all the same needs the GIL; and after each look for signals, which may run any code, the object is
/// asked again. Their values may still be written meanwhile, by a thread that has let go of the GIL or by another process.
/// Values only decide what is counted, never where is read.
struct Buffer<'a, 'py> {
    val: &'a Bound<'py, PyAny>,
    /// Does not move, since what it says may point into itself.
    view: *mut ffi::Py_buffer,
    items: Items,
}

impl<'a, 'py> Buffer<'a, 'py> {
    /// Asks an object for its items, if it has the buffer protocol.
    fn get(val: &'a Bound<'py, PyAny>, room: &'a mut MaybeUninit<ffi::Py_buffer>) -> PyResult<Self> {
        // SAFETY: `val` is a live object, and shows that the GIL is held.
        if unsafe { ffi::PyObject_CheckBuffer(val.as_ptr()) } == 0 {
            let type_name = val.get_type().name()?;
            return Err(PyTypeError::new_err(format!("expected str or a bytes-like object, got {type_name}")));
        }
        // A view without an object is one that holds nothing.
        room.write(ffi::Py_buffer::new());
        let nothing = Items { first: ptr::null(), len: 0, stride: 0, item: Item::Bool, reading: Reading::Bool };
        let mut buffer = Self { val, view: room.as_mut_ptr(), items: nothing };
        buffer.items = buffer.ask()?;
        Ok(buffer)
    }

    /// Fills the view, which holds nothing.
    fn ask(&mut self) -> PyResult<Items> {
        // SAFETY: `val` is a live object and shows that the GIL is held; the view has room for what is written, and is
        // read when that has been done. These flags leave strides in, and indirect items (suboffsets) to be refused by
        // the object itself.
        unsafe {
            if ffi::PyObject_GetBuffer(self.val.as_ptr(), self.view, ffi::PyBUF_RECORDS_RO) != 0 {
                return Err(PyErr::fetch(self.val.py()));
            }
            Items::of(&*self.view)
        }
    }

    /// Finds the items again after Python code may have run.
    ///
    /// `ndarray.resize(refcheck=False)` and `ctypes.resize` move memory that is lent out. What an object lends of another
    /// (a memoryview, or `__buffer__` in Python) cannot be found again through it.
    ///
    /// # Errors
    ///
    /// A `RuntimeError` if they are others now, as when a dict changes its size during an iteration.
    fn ask_again(&mut self) -> PyResult<()> {
        // SAFETY: the view was filled, and nothing else has the pointer.
        if unsafe { (*self.view).obj } != self.val.as_ptr() {
            return Ok(());
        }
        // SAFETY: as above, with the GIL held. From here on the view holds nothing, until it is filled anew.
        unsafe { ffi::PyBuffer_Release(self.view) };
        let now = self.ask()?;
        if !now.same_layout(&self.items) {
            return Err(PyRuntimeError::new_err("val changed its size or its format during the count"));
        }
        self.items = now;
        Ok(())
    }

    fn count<T: Element>(&mut self, threads: usize) -> PyResult<usize> {
        let stride = self.items.stride;
        if stride == size_of::<T>() as isize {
            self.count_by(PART / size_of::<T>(), threads, |part, len| {
                // SAFETY: `part` and the `len` items from it on are in the buffer, without gaps, as `Buffer` says.
                doubles_core::count_unaligned::<T>(unsafe { slice::from_raw_parts(part, len * size_of::<T>()) })
            })
        } else {
            self.count_by(STRIDED_PART, threads, |part, len| scalar::count_pairs(strided::<T>(part, len, stride)))
        }
    }

    /// Any nonzero byte is true, so bytes that differ can be equal.
    fn count_bools(&mut self, threads: usize) -> PyResult<usize> {
        let stride = self.items.stride;
        if stride == 1 {
            self.count_by(PART, threads, |part, len| {
                // SAFETY: as in `count`.
                doubles_core::count_bools(unsafe { slice::from_raw_parts(part, len) })
            })
        } else {
            self.count_by(STRIDED_PART, threads, |part, len| {
                scalar::count_pairs(strided::<u8>(part, len, stride).map(|byte| byte != 0))
            })
        }
    }

    /// Hands the items to `operation`, in memory one after the other: as they lie, or as copies.
    fn read<T: Element>(&mut self, operation: &mut impl Operation) -> PyResult<()> {
        let stride = self.items.stride;
        let mut copies = Vec::new();
        self.read_by(|part, len| {
            if stride == size_of::<T>() as isize {
                // SAFETY: as in `count`.
                operation.push::<T>(unsafe { slice::from_raw_parts(part, len * size_of::<T>()) });
            } else {
                copies.clear();
                copies.extend(strided::<T>(part, len, stride));
                operation.push::<T>(bytes_of(&copies));
            }
        })
    }

    /// As [`read`](Self::read), each as 0 or 1.
    fn read_bools(&mut self, operation: &mut impl Operation) -> PyResult<()> {
        let stride = self.items.stride;
        let mut copies = Vec::new();
        self.read_by(|part, len| {
            copies.clear();
            copies.extend(strided::<u8>(part, len, stride).map(|byte| u8::from(byte != 0)));
            operation.push::<u8>(&copies);
        })
    }

    /// Hands each part to `read`: its first item, and its length. No item is in two parts.
    fn read_by(&mut self, mut read: impl FnMut(*const u8, usize)) -> PyResult<()> {
        // Of no items, not even the address is sure to be one.
        if self.items.len == 0 {
            return Ok(());
        }
        in_parts(self.val.py(), self.items.len, |part| {
            if part.start != 0 {
                self.ask_again()?;
            }
            read(self.items.at(part.start), part.len());
            Ok(())
        })
    }

    /// Adds up what `count` finds in each part, given its first item and its length. The GIL stays held.
    fn count_by(
        &mut self,
        part_len: usize,
        threads: usize,
        count: impl Fn(*const u8, usize) -> usize + Sync,
    ) -> PyResult<usize> {
        // One item or none makes no pair; and of none, not even the address is sure to be one.
        if self.items.len < 2 {
            return Ok(0);
        }
        count_in_parts(self.val.py(), self.items.len, part_len, |part| {
            if part.start != 0 {
                self.ask_again()?;
            }
            let items = &self.items;
            Ok(count_by_threads(part, threads, &|range: Range<usize>| count(items.at(range.start), range.len())))
        })
    }
}

impl Drop for Buffer<'_, '_> {
    fn drop(&mut self) {
        // SAFETY: the view is filled or holds nothing; and this is dropped in a function that has the GIL to its end.
        unsafe { ffi::PyBuffer_Release(self.view) };
    }
}

/// The items of a part that are `stride` bytes apart.
fn strided<T: Element>(part: *const u8, len: usize, stride: isize) -> impl Iterator<Item = T> {
    (0..len).map(move |i| {
        let item = part.wrapping_offset(i as isize * stride).cast::<T>();
        // SAFETY: the buffer has an item of this size at each stride from the first, as `Buffer` says; any bytes are a `T`.
        unsafe { item.read_unaligned() }
    })
}
