//! Counts *doubles*: positions where an item equals the next one. `"aabccc"` has three.
//!
//! ```
//! assert_eq!(doubles_core::count_chars("aabccc"), 3);
//! assert_eq!(doubles_core::count_chars("ёё, 文文文, 😀😀"), 4);
//! assert_eq!(doubles_core::count_bytes(b"x\n\ny"), 1);
//! assert_eq!(doubles_core::count_elements(&[7u32, 7, 1, 7]), 1);
//! assert_eq!(doubles_core::count_elements(&[0.5, 0.5, f64::NAN, f64::NAN]), 1);
//! ```
//!
//! # Which function
//!
//! | of | function | counts |
//! |---|---|---|
//! | `&str` | [`count_chars`] | characters (code points), without decoding UTF-8 |
//! | `&[u8]` | [`count_bytes`] | bytes |
//! | integers of 8 to 64 bits, [`f32`], [`f64`], [`Half`] | [`count_elements`] | elements |
//! | elements at any address | [`count_unaligned`] | elements |
//! | bytes that stand for booleans | [`count_bools`] | truth values |
//! | one byte value | [`count_byte_doubles_of`] | doubles of that byte: blank lines, `//` |
//! | anything | [`scalar::count_pairs`] | items of an iterator, slowly |
//!
//! # What else can be asked
//!
//! Each of these is there for characters (`…_chars`), bytes (`…_bytes`), elements (`…_elements`) and elements at any
//! address (`…_unaligned`), where that makes sense:
//!
//! | question | function |
//! |---|---|
//! | is there a double? | [`has_chars`], [`has_bytes`], … |
//! | where are they? | [`find_chars`], [`find_bytes`], …: iterators |
//! | how long does each run? | [`runs_of_chars`], [`runs_of_bytes`], …: iterators; [`RunFinder`] for what comes in parts |
//! | which run is the longest? | [`longest_run_of_chars`], … |
//! | what is left when runs are cut? | `squeeze_chars`, …; [`Squeezer`] for what comes in parts |
//! | which values are doubled? | `count_chars_by_value`, …; `ValueCounter` for what comes in parts |
//! | what of a stream or a file? | `ByteCounter`, `CharCounter`; `count_bytes_of`, `count_chars_of`; `FileCounter` |
//! | what of chunks that others counted? | [`Summary`], which joins |
//!
//! Characters and bytes differ as soon as text is not ASCII: `"éé"` is four bytes of which no two neighbours are
//! equal, and one doubled character. And an `é` written as two code points (a letter and a combining accent) doubles to
//! nothing, since equality is by code point.
//!
//! Floats are equal as `==` has it: a NaN equals nothing, and -0.0 equals 0.0, in every function.
//!
//! Every function takes any length, and never panics unless it says so. None allocates but those whose result is in
//! memory of its own, and those that read streams: they need the feature `std`.
//!
//! # Why it exists
//!
//! Comparing each item with the next looks like a loop that any compiler would turn into vector instructions, and the
//! loops that people write, one that keeps the item before or one over `windows(2)`, are not: they stay at a small part
//! of the speed at which a core can read memory. In this crate each algorithm is written once over a small set of vector
//! operations, and compiled for AVX-512, AVX2, SSE2 and NEON. The one that the CPU can run is chosen when the program
//! runs, and found once. `make bench` in the repository shows each beside the speed of memory.
//!
//! [`Backend`] names that choice. Programs need not; benchmarks and tests use it to run each:
//!
//! ```
//! use doubles_core::Backend;
//! for backend in Backend::available() {
//!     println!("{backend}: {}", backend.count_bytes(b"mississippi"));
//! }
//! ```
//!
//! The loops of the article that started this, and the oracle of all tests, are in [`scalar`].
//!
//! # Features
//!
//! - `rayon`: the counts by several threads, in the module `parallel`. Without it, and by default, one thread counts;
//!   [`part`] and [`part_of_str`] cut a haystack for threads or chunks of one's own.
//! - `simdutf8`: checks the UTF-8 of streams by that crate, several times as fast where text is not ASCII.
//! - `std` (default): choose the instruction set at run time. Without it the crate is `no_std`, and runs what the build
//!   enables (`-C target-feature` or `target-cpu`): on x86-64 SSE2, on aarch64 NEON.
#![cfg_attr(not(feature = "std"), no_std)]
// On docs.rs, each item says which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod arch;
mod backend;
#[cfg(feature = "std")]
mod by_value;
mod element;
#[cfg(feature = "std")]
mod file;
mod find;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod find_kernel;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod kernel;
#[cfg(feature = "rayon")]
pub mod parallel;
mod parts;
pub mod scalar;
mod short;
mod squeeze;
#[cfg(feature = "std")]
mod stream;
mod summary;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod vector;

pub use backend::Backend;
#[cfg(feature = "std")]
pub use by_value::{
    ValueCounter, count_bytes_by_value, count_chars_by_value, count_elements_by_value, count_unaligned_by_value,
};
pub use element::{Element, Half};
#[cfg(feature = "std")]
pub use file::{FileCounter, Unit};
pub use find::{
    CharRuns, Find, RunFinder, Runs, find_bytes, find_chars, find_elements, find_unaligned, has_bytes, has_chars,
    has_elements, has_unaligned, longest_run_of_bytes, longest_run_of_chars, longest_run_of_elements,
    longest_run_unaligned, mark_bytes, mark_chars, runs_of_bytes, runs_of_chars, runs_of_elements, runs_unaligned,
};
pub use parts::{part, part_of_str, part_range};
pub use squeeze::Squeezer;
#[cfg(feature = "std")]
pub use squeeze::{squeeze_bytes, squeeze_chars, squeeze_elements};
#[cfg(feature = "std")]
pub use stream::{ByteCounter, CharCounter, InvalidUtf8, count_bytes_of, count_chars_of};
pub use summary::Summary;

/// How many characters (code points) equal the next one.
///
/// UTF-8 is compared as it is: nothing is decoded and nothing allocated. ASCII costs little more than
/// [`count_bytes`]; text of longer characters a small multiple of it.
///
/// ```
/// assert_eq!(doubles_core::count_chars("bookkeeper"), 3);
/// assert_eq!(doubles_core::count_chars(""), 0);
/// ```
#[must_use]
#[inline]
pub fn count_chars(haystack: &str) -> usize {
    backend::count_chars(haystack, Backend::known)
}

/// How many bytes equal the next one.
///
/// ```
/// assert_eq!(doubles_core::count_bytes(b"\0\0\0"), 2);
/// ```
#[must_use]
#[inline]
pub fn count_bytes(haystack: &[u8]) -> usize {
    count_unaligned::<u8>(haystack)
}

/// How many elements equal the next one.
///
/// ```
/// assert_eq!(doubles_core::count_elements(&[1u64, 1, 2, 2, 2]), 3);
/// ```
#[must_use]
#[inline]
pub fn count_elements<T: Element>(haystack: &[T]) -> usize {
    count_unaligned::<T>(T::as_bytes(haystack))
}

/// How many elements equal the next one, where the elements lie in bytes at any address; integers in either byte order, and
/// floats in that of this machine.
///
/// The same speed as [`count_elements`], or a little less where the address is not a multiple of the element's size.
///
/// ```
/// let bytes = [0, /* a u16 */ 1, 2, /* and another */ 1, 2];
/// assert_eq!(doubles_core::count_unaligned::<u16>(&bytes[1..]), 1);
/// ```
///
/// # Panics
///
/// If the length is not a multiple of the element's size.
#[must_use]
#[inline]
pub fn count_unaligned<T: Element>(haystack: &[u8]) -> usize {
    // What the bindings make of a panic is tested in a build of its own, with `RUSTFLAGS='--cfg doubles_planted_panic'`.
    #[cfg(doubles_planted_panic)]
    assert!(!haystack.starts_with(&[0xfd; 8]), "planted");
    backend::count_unaligned::<T>(haystack, Backend::known)
}

/// How many truth values equal the next one. Each byte is one; any byte but 0 is true, as C and Python read it.
///
/// ```
/// assert_eq!(doubles_core::count_bools(&[0, 1, 2, 0]), 1);
/// ```
#[must_use]
pub fn count_bools(haystack: &[u8]) -> usize {
    arch::count_equal(haystack, |a, b| (*a == 0) == (*b == 0))
}

/// Whether a truth value equals the next one. Each byte is one; any byte but 0 is true. Stops at the first.
///
/// ```
/// assert!(doubles_core::has_bools(&[0, 1, 2]));
/// assert!(!doubles_core::has_bools(&[0, 1, 0]));
/// ```
#[must_use]
pub fn has_bools(haystack: &[u8]) -> bool {
    arch::has_equal(haystack, |a, b| (*a == 0) == (*b == 0))
}

/// How many bytes equal both `byte` and the next byte: the doubles of one byte value.
///
/// `memchr` jumps from one candidate to the next, so this is fast where `byte` is rare. Where it is frequent,
/// [`count_bytes`] is faster, and counts every value.
///
/// ```
/// use doubles_core::count_byte_doubles_of;
/// assert_eq!(count_byte_doubles_of(b'\n', b"one\n\ntwo\n\n\n"), 3); // blank lines
/// assert_eq!(count_byte_doubles_of(b'/', b"https://example.org/"), 1);
/// ```
#[must_use]
pub fn count_byte_doubles_of(byte: u8, haystack: &[u8]) -> usize {
    memchr::memchr_iter(byte, haystack).filter(|at| haystack.get(at + 1) == Some(&byte)).count()
}
