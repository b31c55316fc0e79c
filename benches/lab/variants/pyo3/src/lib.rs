//! [`doubles_core`] for Python through PyO3, once for each way to take the argument, for the version of Python that it is
//! built for or (feature `abi3`) for the stable ABI. The shipped binding is the one that reads a `str` in place, for
//! which that ABI has no functions.

use pyo3::prelude::*;

/// How many characters of a `str` equal the next one, by the UTF-8 that the `str` keeps.
#[pyfunction]
fn count_str(val: &str) -> usize {
    doubles_core::count_chars(val)
}

/// How many bytes of a `bytes` equal the next one, in place.
#[pyfunction]
fn count_bytes(val: &[u8]) -> usize {
    doubles_core::count_bytes(val)
}

/// doubles-core through PyO3, once for each way to take the argument.
#[pymodule(gil_used = true)]
mod doubles_variants_pyo3 {
    #[pymodule_export]
    use super::{count_bytes, count_str};
}
