//! The C ABI of [`doubles_core`]: what any language that can call C calls. `include/doubles.h` declares it.
//!
//! Every function takes a pointer and a length, so that NULs count like anything else, and gives the count as a
//! `ptrdiff_t`: a negative one is an error. Nothing is allocated, kept or written, and functions may be called by any
//! number of threads at once.
//!
//! No panic crosses into C. The counting has none: it neither allocates nor indexes outside of what it was given. If
//! one happened all the same, `extern "C"` would end the process rather than unwind into the caller.

use std::ffi::c_char;
use std::slice;
use std::sync::OnceLock;

use doubles_core::{Backend, Element, Half};

/// The pointer is null and the length is not 0.
pub const DOUBLES_NULL: isize = -1;
/// The length is more than memory can hold: more than `PTRDIFF_MAX` bytes.
pub const DOUBLES_TOO_LONG: isize = -2;
/// The text is not UTF-8.
pub const DOUBLES_NOT_UTF8: isize = -3;

/// How many bytes equal the next one, or `DOUBLES_NULL` or `DOUBLES_TOO_LONG`.
///
/// # Safety
///
/// `bytes` is null or points to `length` bytes that nothing changes until this returns. Null with length 0 is empty.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn doubles_count_bytes(bytes: *const u8, length: usize) -> isize {
    // SAFETY: what `count` asks for is what the caller promises.
    unsafe { count::<u8>(bytes, length) }
}

/// How many 16-bit items equal the next one, or `DOUBLES_NULL` or `DOUBLES_TOO_LONG`.
///
/// # Safety
///
/// `items` is null or points to `length` items, aligned or not, that nothing changes until this returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn doubles_count_u16(items: *const u16, length: usize) -> isize {
    // SAFETY: what `count` asks for is what the caller promises.
    unsafe { count::<u16>(items.cast(), length) }
}

/// How many 32-bit items equal the next one, or `DOUBLES_NULL` or `DOUBLES_TOO_LONG`.
///
/// # Safety
///
/// `items` is null or points to `length` items, aligned or not, that nothing changes until this returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn doubles_count_u32(items: *const u32, length: usize) -> isize {
    // SAFETY: what `count` asks for is what the caller promises.
    unsafe { count::<u32>(items.cast(), length) }
}

/// How many 64-bit items equal the next one, or `DOUBLES_NULL` or `DOUBLES_TOO_LONG`.
///
/// # Safety
///
/// `items` is null or points to `length` items, aligned or not, that nothing changes until this returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn doubles_count_u64(items: *const u64, length: usize) -> isize {
    // SAFETY: what `count` asks for is what the caller promises.
    unsafe { count::<u64>(items.cast(), length) }
}

/// How many 16-bit floats (IEEE 754 binary16, as their bits) equal the next one, or `DOUBLES_NULL` or `DOUBLES_TOO_LONG`.
/// A NaN equals nothing, and -0.0 equals 0.0.
///
/// # Safety
///
/// `items` is null or points to `length` items, aligned or not, that nothing changes until this returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn doubles_count_f16(items: *const u16, length: usize) -> isize {
    // SAFETY: what `count` asks for is what the caller promises.
    unsafe { count::<Half>(items.cast(), length) }
}

/// How many 32-bit floats equal the next one, or `DOUBLES_NULL` or `DOUBLES_TOO_LONG`. A NaN equals nothing, and -0.0 equals
/// 0.0.
///
/// # Safety
///
/// `items` is null or points to `length` items, aligned or not, that nothing changes until this returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn doubles_count_f32(items: *const f32, length: usize) -> isize {
    // SAFETY: what `count` asks for is what the caller promises.
    unsafe { count::<f32>(items.cast(), length) }
}

/// How many 64-bit floats equal the next one, or `DOUBLES_NULL` or `DOUBLES_TOO_LONG`. A NaN equals nothing, and -0.0 equals
/// 0.0.
///
/// # Safety
///
/// `items` is null or points to `length` items, aligned or not, that nothing changes until this returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn doubles_count_f64(items: *const f64, length: usize) -> isize {
    // SAFETY: what `count` asks for is what the caller promises.
    unsafe { count::<f64>(items.cast(), length) }
}

/// How many characters (code points) of a text in UTF-8 equal the next one, or `DOUBLES_NOT_UTF8`, `DOUBLES_NULL` or
/// `DOUBLES_TOO_LONG`.
///
/// The text is checked first, which may take longer than counting: see `doubles_count_utf8_unchecked`.
///
/// # Safety
///
/// `text` is null or points to `length` bytes that nothing changes until this returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn doubles_count_utf8(text: *const u8, length: usize) -> isize {
    // SAFETY: what `bytes` asks for is what the caller promises.
    match unsafe { bytes(text, length, 1) }.map(str::from_utf8) {
        Ok(Ok(text)) => signed(doubles_core::count_chars(text)),
        Ok(Err(_)) => DOUBLES_NOT_UTF8,
        Err(error) => error,
    }
}

/// How many characters (code points) of a text that is known to be valid UTF-8 equal the next one, or `DOUBLES_NULL` or
/// `DOUBLES_TOO_LONG`.
///
/// # Safety
///
/// As `doubles_count_utf8`, and the text is valid UTF-8: of another, the outcome is undefined.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn doubles_count_utf8_unchecked(text: *const u8, length: usize) -> isize {
    // SAFETY: what `bytes` asks for is what the caller promises.
    match unsafe { bytes(text, length, 1) } {
        // SAFETY: the caller promises that it is UTF-8.
        Ok(text) => signed(doubles_core::count_chars(unsafe { str::from_utf8_unchecked(text) })),
        Err(error) => error,
    }
}

/// The version of this library, such as "0.1.0": a string that stays.
#[unsafe(no_mangle)]
pub extern "C" fn doubles_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// The instruction set that counts on this CPU, such as "avx2": a string that stays.
#[unsafe(no_mangle)]
pub extern "C" fn doubles_backend() -> *const c_char {
    /// Longer than any name, so that a NUL is left after it.
    const ROOM: usize = 16;
    static NAME: OnceLock<[u8; ROOM]> = OnceLock::new();
    let name = NAME.get_or_init(|| {
        let mut room = [0; ROOM];
        room.iter_mut().zip(Backend::detect().name().bytes().take(ROOM - 1)).for_each(|(to, byte)| *to = byte);
        room
    });
    name.as_ptr().cast()
}

/// The doubles of `length` elements at `start`, or an error.
///
/// # Safety
///
/// `start` is null or points to `length` elements, aligned or not, that do not change until this returns.
#[inline]
unsafe fn count<T: Element>(start: *const u8, length: usize) -> isize {
    // SAFETY: the caller promises the same.
    unsafe { bytes(start, length, size_of::<T>()) }
        .map_or_else(|error| error, |bytes| signed(doubles_core::count_unaligned::<T>(bytes)))
}

/// The bytes of `length` items of `size` bytes each at `start`, or an error.
///
/// # Safety
///
/// `start` is null or points to that many bytes, which do not change as long as `'a` is.
#[inline]
unsafe fn bytes<'a>(start: *const u8, length: usize, size: usize) -> Result<&'a [u8], isize> {
    if length == 0 {
        return Ok(&[]);
    }
    if start.is_null() {
        return Err(DOUBLES_NULL);
    }
    match length.checked_mul(size) {
        // SAFETY: not null, no longer than an object can be, and the caller promises the rest. Bytes have no alignment.
        Some(length) if isize::try_from(length).is_ok() => Ok(unsafe { slice::from_raw_parts(start, length) }),
        _ => Err(DOUBLES_TOO_LONG),
    }
}

/// A count as a `ptrdiff_t`: it is less than the number of bytes, which [`bytes`] has found to be one.
#[inline]
fn signed(count: usize) -> isize {
    count.cast_signed()
}
