//! The smallest module through PyO3.

use std::borrow::Cow;

use pyo3::prelude::*;

const STEP: usize = 1;

/// Counts adjacent equal bytes of a text in UTF-8.
#[pyfunction]
fn count_doubles(val: Cow<'_, str>) -> usize {
    val.as_bytes().windows(2).filter(|pair| pair[0] == pair[1]).count() * STEP
}

#[pyfunction]
fn fail() {
    panic!("planted");
}

#[pymodule]
mod lab_pyo3 {
    #[pymodule_export]
    use super::{count_doubles, fail};
}
