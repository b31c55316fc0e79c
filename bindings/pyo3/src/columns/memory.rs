//! Memory that grows with a column: either there is enough of it, or the call ends in a `MemoryError`.

use std::collections::TryReserveError;
use std::hint::black_box;

use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};
use pyo3::PyErr;

use crate::objects::no_memory;

/// Memory ran out. It is an error of no size, so that a closure that is called for each row can return it.
pub(super) struct NoMemory;

impl From<TryReserveError> for NoMemory {
    #[cold]
    fn from(_: TryReserveError) -> Self {
        Self
    }
}

impl From<NoMemory> for PyErr {
    #[cold]
    fn from(error: NoMemory) -> Self {
        no_memory(error)
    }
}

/// An empty vector with room for `len` items.
///
/// Large ones are in huge pages: with pages of 4 KiB the kernel takes as long to provide 80 MB as it takes to count 10 million
/// short rows. NumPy does the same.
pub(super) fn vec_of<T>(len: usize) -> Result<Vec<T>, NoMemory> {
    let mut vec = Vec::<T>::new();
    vec.try_reserve_exact(len)?;
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
    Ok(vec)
}

/// Fails unless there is room for so many bytes, and leaves it.
///
/// It comes before allocations that cannot fail without ending the process.
pub(super) fn room(bytes: usize) -> Result<(), NoMemory> {
    // The compiler may leave out memory that nobody looks at.
    black_box(vec_of::<u8>(bytes)?);
    Ok(())
}

/// One bit for each row: a column of bools, or which rows are valid.
pub(super) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// None yet, with room for `len`.
    pub(super) fn new(len: usize) -> Result<Self, NoMemory> {
        Ok(Self { words: vec_of(len.div_ceil(64))?, len: 0 })
    }

    /// So many bits that are not set.
    pub(super) fn unset(len: usize) -> Result<Self, NoMemory> {
        let mut bits = Self::new(len)?;
        bits.words.resize(len.div_ceil(64), 0);
        bits.len = len;
        Ok(bits)
    }

    /// Appends the bits of the next `len` rows. Only the last call may have a `len` that is no multiple of 64.
    #[inline]
    pub(super) fn extend(&mut self, len: usize, mut bit: impl FnMut(usize) -> bool) {
        debug_assert_eq!(self.len % 64, 0);
        for start in (0..len).step_by(64) {
            let word = (start..len.min(start + 64)).fold(0, |word, at| word | u64::from(bit(at)) << (at - start));
            self.words.push(word.to_le());
        }
        self.len += len;
    }

    pub(super) fn finish(self) -> BooleanBuffer {
        BooleanBuffer::new(Buffer::from_vec(self.words), 0, self.len)
    }

    /// The rows that are valid, unless all are.
    pub(super) fn validity(self) -> Option<NullBuffer> {
        Some(NullBuffer::new(self.finish())).filter(|nulls| nulls.null_count() != 0)
    }
}
