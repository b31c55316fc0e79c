//! `logs.bytes_by_path` for PyO3.

use std::collections::HashMap;

use pyo3::prelude::*;

#[pyfunction]
fn bytes_by_path(log: &str) -> HashMap<&str, u64> {
    let mut sent = HashMap::new();
    for (path, size) in log.split('\n').filter_map(request) {
        *sent.entry(path).or_insert(0) += size;
    }
    sent
}

/// The path and the size of a request, if it succeeded.
fn request(line: &str) -> Option<(&str, u64)> {
    let (_, rest) = line.split_once("] \"")?;
    let (request, rest) = rest.split_once('"')?;
    let path = request.split(' ').nth(1)?;
    let (status, rest) = rest.strip_prefix(' ')?.split_once(' ')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let size = rest[..digits].parse().ok()?;
    (status.len() == 3 && status.starts_with('2')).then_some((path, size))
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::bytes_by_path;
}
