//! [`doubles_core`] for Python through UniFFI, whose bindings are Python over ctypes.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::undocumented_unsafe_blocks,
    reason = "in what UniFFI's macros expand to"
)]

uniffi::setup_scaffolding!();

/// How many characters of a text equal the next one.
#[uniffi::export]
#[must_use]
pub fn count_str(val: &str) -> u64 {
    doubles_core::count_chars(val) as u64
}
