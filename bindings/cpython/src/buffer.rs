//! Bytes-like objects: what they say of their items through the buffer protocol, and reading these where they lie.
//!
//! They can change, so they are read with the GIL held, and asked for again when Python code may have run
//! (docs/safety.md says what that does and does not protect from). rust-cpython's own `PyBuffer` is not used: it takes
//! memory for each buffer, and panics for those without strides (ctypes arrays) and of no dimension.

use std::ffi::{CStr, c_char, c_long};
use std::fmt::{self, Write};
use std::mem::MaybeUninit;
use std::ops::Range;
use std::{ptr, slice};

use cpython::{PyErr, PyObject, PyResult, Python, exc};
use doubles_core::{Element, Half, count_unaligned, scalar};
use python3_sys as ffi;

use crate::objects::{imported, raised, refused, type_name};
use crate::operations::{Question, Source, Stop, in_parts};
use crate::values::{Kind, is_of_type};
use crate::{PART, count_by_threads, count_in_parts};

/// The items with gaps between them that are counted before a look for signals. When each is a cache miss of its own
/// they take some 50 ms.
const STRIDED_PART: usize = 1 << 20;

/// Room for copies of items that do not lie as they are compared, on the stack: less than the fastest cache has.
type Copies = [MaybeUninit<u64>; 1 << 11];

/// The items that are copied first. Each time after that they are twice as many, as far as there is room.
const FIRST_COPIES: usize = 64;

/// Counts the doubles of any object but a `str`.
pub(crate) fn count(py: Python<'_>, val: &PyObject, threads: usize) -> PyResult<usize> {
    let mut room = MaybeUninit::uninit();
    let mut buffer = Buffer::get(py, val, &mut room)?;
    match buffer.items.kind {
        Kind::Bool => buffer.count_bools(threads),
        Kind::Float { size: 2, .. } => buffer.count::<Half>(threads),
        Kind::Float { size: 4, .. } => buffer.count::<f32>(threads),
        Kind::Float { .. } => buffer.count::<f64>(threads),
        Kind::Integer { size: 2, .. } => buffer.count::<u16>(threads),
        Kind::Integer { size: 4, .. } => buffer.count::<u32>(threads),
        Kind::Integer { size: 8, .. } => buffer.count::<u64>(threads),
        Kind::Integer { .. } | Kind::Byte | Kind::Character => buffer.count::<u8>(threads),
    }
}

/// Asks a question of the items of any object but a `str`.
pub(crate) fn ask<Q: Question>(py: Python<'_>, val: &PyObject, question: Q) -> PyResult<Q::Answer> {
    let mut room = MaybeUninit::uninit();
    let mut buffer = Buffer::get(py, val, &mut room)?;
    match buffer.items.kind {
        Kind::Float { size: 2, .. } => question.ask::<Half>(&mut buffer),
        Kind::Float { size: 4, .. } => question.ask::<f32>(&mut buffer),
        Kind::Float { .. } => question.ask::<f64>(&mut buffer),
        Kind::Integer { size: 2, .. } => question.ask::<u16>(&mut buffer),
        Kind::Integer { size: 4, .. } => question.ask::<u32>(&mut buffer),
        Kind::Integer { size: 8, .. } => question.ask::<u64>(&mut buffer),
        Kind::Integer { .. } | Kind::Bool | Kind::Byte | Kind::Character => question.ask::<u8>(&mut buffer),
    }
}

/// Refuses a `numpy.ma.MaskedArray`: its buffer does not show which of its items are masked.
#[inline]
pub(crate) fn refuse_masked(py: Python<'_>, val: &PyObject) -> PyResult<()> {
    // SAFETY: `val` is a live object. What is made of a class statement, as that type is, is on the heap, and most types are
    // not.
    let on_heap = unsafe { ffi::PyType_HasFeature(ffi::Py_TYPE(val.as_ptr()), ffi::Py_TPFLAGS_HEAPTYPE) };
    if on_heap == 0 || !is_masked(py, val)? {
        return Ok(());
    }
    Err(refused(py, "masked arrays are not supported: pass val.compressed() or val.filled(...)"))
}

fn is_masked(py: Python<'_>, val: &PyObject) -> PyResult<bool> {
    // Names first: they are at hand.
    // SAFETY: the GIL is held. A type that has objects has a tuple of types in which an attribute is looked for, and each of
    // them has a name, a C string.
    let may_be = unsafe {
        let types = (*ffi::Py_TYPE(val.as_ptr())).tp_mro;
        (0..ffi::PyTuple_GET_SIZE(types)).any(|i| {
            let kind = ffi::PyTuple_GET_ITEM(types, i).cast::<ffi::PyTypeObject>();
            CStr::from_ptr((*kind).tp_name) == c"MaskedArray"
        })
    };
    Ok(may_be && imported(py, c"numpy.ma", c"MaskedArray")?.is_some_and(|kind| is_of_type(val, &kind)))
}

/// A format of the `struct` module: the byte order in front, if it has one, and the type of the items. They are ASCII.
#[derive(Clone, Copy)]
pub(crate) struct Format {
    pub(crate) order: Option<u8>,
    pub(crate) code: u8,
}

impl Format {
    fn of(format: &CStr) -> Option<Self> {
        match *format.to_bytes() {
            [code] => Some(Self { order: None, code }),
            [order, code] => Some(Self { order: Some(order), code }),
            _ => None,
        }
    }

    /// As a C string.
    pub(crate) fn text(self) -> [c_char; 3] {
        match self.order {
            None => [self.code, 0, 0],
            Some(order) => [order, self.code, 0],
        }
        .map(|byte| byte as c_char)
    }

    /// What an item is, if it can be compared.
    fn kind(self) -> Option<Kind> {
        let (native, swapped) = match self.order {
            None | Some(b'@') => (true, false),
            Some(b'=') => (false, false),
            Some(b'<') => (false, cfg!(target_endian = "big")),
            Some(b'>' | b'!') => (false, cfg!(target_endian = "little")),
            Some(_) => return None,
        };
        let integer = |size| Some(Kind::Integer { size, signed: self.code.is_ascii_lowercase(), swapped });
        match self.code {
            b'?' => Some(Kind::Bool),
            b'c' => Some(Kind::Byte),
            b'e' => Some(Kind::Float { size: 2, swapped }),
            b'f' => Some(Kind::Float { size: 4, swapped }),
            b'd' => Some(Kind::Float { size: 8, swapped }),
            b'b' | b'B' => integer(1),
            b'h' | b'H' => integer(2),
            b'i' | b'I' => integer(4),
            b'l' | b'L' if native => integer(size_of::<c_long>()),
            b'l' | b'L' => integer(4),
            b'q' | b'Q' => integer(8),
            b'n' | b'N' if native => integer(size_of::<usize>()),
            _ => None,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.order.iter().chain([&self.code]).try_for_each(|byte| f.write_char(char::from(*byte)))
    }
}

impl Kind {
    /// The bytes of an item in a buffer.
    fn size(self) -> usize {
        match self {
            Self::Integer { size, .. } | Self::Float { size, .. } => size,
            Self::Bool | Self::Byte | Self::Character => 1,
        }
    }
}

/// Items in memory, at any address and any distance: the next one, none (all are one), or backwards.
#[derive(Clone, Copy)]
struct Items {
    first: *const u8,
    len: usize,
    stride: isize,
    format: Format,
    kind: Kind,
}

// SAFETY: an address is no more than a number until it is read from, and `Buffer` says why that may be done.
unsafe impl Sync for Items {}

impl Items {
    /// What a buffer says of its items, or why they cannot be counted.
    fn of(py: Python<'_>, view: &ffi::Py_buffer) -> PyResult<Self> {
        if view.ndim != 1 {
            return Err(raised::<exc::ValueError>(py, format!("expected one dimension, got {}", view.ndim)));
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
        match Format::of(format).and_then(|format| Some((format, format.kind()?))) {
            // An empty ctypes array says 0, up to Python 3.9.
            Some((format, kind)) if view.itemsize as usize == kind.size() || len == 0 => {
                Ok(Self { first: view.buf.cast(), len, stride, format, kind })
            }
            // Up to Python 3.9 a ctypes array that was resized says that its items have another size.
            Some(_) => Err(refused(
                py,
                format!(
                    "expected items of the size of their format, got items of format '{}' and {} bytes",
                    format.to_string_lossy(),
                    view.itemsize
                ),
            )),
            None => Err(refused(
                py,
                format!(
                    "expected items that are integers, floats or bools, got items of format '{}'",
                    format.to_string_lossy()
                ),
            )),
        }
    }

    /// The address of an item.
    fn at(&self, index: usize) -> *const u8 {
        at(self.first, index, self.stride)
    }

    /// Whether the items lie one after the other, in the bytes that are compared.
    fn lie_as_compared(&self) -> bool {
        let changed = matches!(self.kind, Kind::Bool | Kind::Float { swapped: true, .. });
        self.stride == self.kind.size() as isize && !changed
    }

    fn same_layout(&self, other: &Self) -> bool {
        (self.len, self.stride, self.kind) == (other.len, other.stride, other.kind)
    }
}

/// A buffer that an object lends, until this is dropped, and the items in it.
///
/// What makes it sound to read them: they are there as long as the buffer is held and no Python code runs, since all that
/// frees lent memory all the same needs the GIL; and after each look for signals, which may run any code, the object is
/// asked again. Their values may still be written meanwhile, by a thread that has let go of the GIL or by another process.
/// Values only decide what is counted, never where is read.
struct Buffer<'a, 'py> {
    py: Python<'py>,
    val: &'a PyObject,
    /// Does not move, since what it says may point into itself.
    view: *mut ffi::Py_buffer,
    items: Items,
}

impl<'a, 'py> Buffer<'a, 'py> {
    /// Asks an object for its items, if it has the buffer protocol.
    fn get(py: Python<'py>, val: &'a PyObject, room: &'a mut MaybeUninit<ffi::Py_buffer>) -> PyResult<Self> {
        // SAFETY: `val` is a live object, and `py` shows that the GIL is held.
        if unsafe { ffi::PyObject_CheckBuffer(val.as_ptr()) } == 0 {
            let type_name = type_name(py, val, c"__name__")?;
            return Err(refused(py, format!("expected str or a bytes-like object, got {type_name}")));
        }
        refuse_masked(py, val)?;
        // A view without an object is one that holds nothing.
        room.write(ffi::Py_buffer::default());
        let format = Format { order: None, code: b'B' };
        let nothing = Items { first: ptr::null(), len: 0, stride: 0, format, kind: Kind::OF_BYTES };
        let mut buffer = Self { py, val, view: room.as_mut_ptr(), items: nothing };
        buffer.items = buffer.ask()?;
        Ok(buffer)
    }

    /// Fills the view, which holds nothing.
    fn ask(&mut self) -> PyResult<Items> {
        // SAFETY: `val` is a live object, and `py` shows that the GIL is held; the view has room for what is written, and is
        // read when that has been done. These flags leave strides in, and indirect items (suboffsets) to be refused by
        // the object itself.
        unsafe {
            if ffi::PyObject_GetBuffer(self.val.as_ptr(), self.view, ffi::PyBUF_RECORDS_RO) != 0 {
                return Err(PyErr::fetch(self.py));
            }
            Items::of(self.py, &*self.view)
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
            let text = "val changed its size or its format during the count";
            return Err(raised::<exc::RuntimeError>(self.py, text));
        }
        self.items = now;
        Ok(())
    }

    fn count<T: Element>(&mut self, threads: usize) -> PyResult<usize> {
        let Items { stride, kind, .. } = self.items;
        if self.items.lie_as_compared() {
            self.count_by(PART / size_of::<T>(), threads, |part, len| {
                // SAFETY: `part` and the `len` items from it on are in the buffer, without gaps, as `Buffer` says.
                count_unaligned::<T>(unsafe { slice::from_raw_parts(part, len * size_of::<T>()) })
            })
        } else if matches!(kind, Kind::Float { swapped: true, .. }) {
            self.count_by(STRIDED_PART, threads, |part, len| count_copies::<T>(part, len, stride, kind))
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

    /// Hands each part to `read`: its first item, and its length. No item is in two parts.
    fn read_by(&mut self, mut read: impl FnMut(&Items, *const u8, usize) -> Result<(), Stop>) -> PyResult<()> {
        // Of no items, not even the address is sure to be one.
        if self.items.len == 0 {
            return Ok(());
        }
        in_parts(self.py, self.items.len, |part| {
            if part.start != 0 {
                self.ask_again()?;
            }
            Ok(read(&self.items, self.items.at(part.start), part.len()))
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
        count_in_parts(self.py, self.items.len, part_len, |part| {
            if part.start != 0 {
                self.ask_again()?;
            }
            let items = &self.items;
            Ok(count_by_threads(part, threads, &|range: Range<usize>| count(items.at(range.start), range.len())))
        })
    }
}

impl<T: Element> Source<T> for Buffer<'_, '_> {
    fn len(&self) -> usize {
        self.items.len
    }

    fn kind(&self) -> Kind {
        self.items.kind
    }

    fn format(&self) -> Format {
        self.items.format
    }

    fn find_again(&mut self) -> PyResult<()> {
        self.ask_again()
    }

    fn read(&mut self, mut push: impl FnMut(&[u8]) -> Result<(), Stop> + Send) -> PyResult<()> {
        if self.items.lie_as_compared() {
            // SAFETY: as in `count`.
            return self.read_by(|_, part, len| push(unsafe { slice::from_raw_parts(part, len * size_of::<T>()) }));
        }
        let mut room = [MaybeUninit::uninit(); _];
        let mut at_once = FIRST_COPIES;
        self.read_by(|items, part, len| {
            let mut copied = 0;
            while copied < len {
                let next = at_once.min(len - copied);
                push(copies::<T>(at(part, copied, items.stride), next, items.stride, items.kind, &mut room))?;
                copied += next;
                at_once = (2 * at_once).min(size_of::<Copies>() / size_of::<T>());
            }
            Ok(())
        })
    }
}

impl Drop for Buffer<'_, '_> {
    fn drop(&mut self) {
        // SAFETY: the view is filled or holds nothing; and this is dropped in a function that has the GIL to its end.
        unsafe { ffi::PyBuffer_Release(self.view) };
    }
}

/// The address of the item `index` items of `stride` bytes after one.
fn at(item: *const u8, index: usize, stride: isize) -> *const u8 {
    item.wrapping_offset(index as isize * stride)
}

/// The items of a part that are `stride` bytes apart.
fn strided<T: Copy>(part: *const u8, len: usize, stride: isize) -> impl Iterator<Item = T> {
    (0..len).map(move |i| {
        // SAFETY: the buffer has an item of this size at each stride from the first, as `Buffer` says; any bytes are a `T`,
        // which is an `Element`, or an integer as large as one.
        unsafe { at(part, i, stride).cast::<T>().read_unaligned() }
    })
}

/// Counts the items of a part by way of copies, the last of which is the first of the next ones.
fn count_copies<T: Element>(part: *const u8, len: usize, stride: isize, kind: Kind) -> usize {
    let mut room = [MaybeUninit::uninit(); _];
    let step = size_of::<Copies>() / size_of::<T>() - 1;
    (0..len.saturating_sub(1))
        .step_by(step)
        .map(|start| {
            let next = (step + 1).min(len - start);
            count_unaligned::<T>(copies::<T>(at(part, start, stride), next, stride, kind, &mut room))
        })
        .sum()
}

/// Copies items to where they lie as they are compared: one after the other, bools as 0 or 1, floats in the byte order of
/// this machine.
fn copies<T: Element>(part: *const u8, len: usize, stride: isize, kind: Kind, room: &mut Copies) -> &[u8] {
    /// Copies what is as large as the items; it is an integer, since to move a float can change its bits.
    #[inline(always)]
    fn copy<I: Copy>(part: *const u8, len: usize, stride: isize, room: &mut Copies, change: impl Fn(I) -> I) -> &[u8] {
        // SAFETY: any memory of integers is memory of smaller ones, which have no padding.
        let (_, room, _) = unsafe { room.align_to_mut::<MaybeUninit<I>>() };
        let room = &mut room[..len];
        // Items without gaps are several to an instruction.
        if stride == size_of::<I>() as isize {
            let items = strided::<I>(part, len, size_of::<I>() as isize);
            room.iter_mut().zip(items).for_each(|(to, item)| _ = to.write(change(item)));
        } else {
            room.iter_mut().zip(strided::<I>(part, len, stride)).for_each(|(to, item)| _ = to.write(change(item)));
        }
        // SAFETY: so many were written.
        unsafe { slice::from_raw_parts(room.as_ptr().cast(), size_of_val(room)) }
    }

    match (size_of::<T>(), kind) {
        (1, Kind::Bool) => copy(part, len, stride, room, |byte: u8| u8::from(byte != 0)),
        (1, _) => copy(part, len, stride, room, |item: u8| item),
        (2, Kind::Float { swapped: true, .. }) => copy(part, len, stride, room, u16::swap_bytes),
        (2, _) => copy(part, len, stride, room, |item: u16| item),
        (4, Kind::Float { swapped: true, .. }) => copy(part, len, stride, room, u32::swap_bytes),
        (4, _) => copy(part, len, stride, room, |item: u32| item),
        (_, Kind::Float { swapped: true, .. }) => copy(part, len, stride, room, u64::swap_bytes),
        _ => copy(part, len, stride, room, |item: u64| item),
    }
}
