//! Counts adjacent equal items.
#![cfg_attr(not(feature = "std"), no_std)]

mod arch;
mod backend;
mod element;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod kernel;
pub mod scalar;
mod short;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod vector;

pub use backend::Backend;
pub use element::Element;

/// The characters (code points) equal to the next one.
#[must_use]
pub fn count_chars(haystack: &str) -> usize {
    Backend::detect().count_chars(haystack)
}

/// The bytes equal to the next one.
#[must_use]
pub fn count_bytes(haystack: &[u8]) -> usize {
    Backend::detect().count_bytes(haystack)
}

/// The elements equal to the next one.
#[must_use]
pub fn count_elements<T: Element>(haystack: &[T]) -> usize {
    Backend::detect().count_elements(haystack)
}

/// [`count_elements`] of `T`s that lie in a byte buffer at any address.
/// # Panics
/// If the length is not a multiple of the element's size.
#[must_use]
pub fn count_unaligned<T: Element>(haystack: &[u8]) -> usize {
    Backend::detect().count_unaligned::<T>(haystack)
}

/// The booleans equal to the next one; each byte is one, and any nonzero byte is true.
#[must_use]
pub fn count_bools(haystack: &[u8]) -> usize {
    scalar::count_pairs(haystack.iter().map(|byte| *byte != 0))
}

/// The bytes equal to `byte` whose next one is also.
#[must_use]
pub fn count_byte_doubles_of(byte: u8, haystack: &[u8]) -> usize {
    memchr::memchr_iter(byte, haystack).filter(|i| haystack.get(i + 1) == Some(&byte)).count()
}
