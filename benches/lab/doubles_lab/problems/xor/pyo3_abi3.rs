use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

fn checked(key: &[u8]) -> PyResult<&[u8]> {
    if key.is_empty() { Err(PyValueError::new_err("the key is empty")) } else { Ok(key) }
}

/// A short key is repeated to a block, so that the compiler takes many bytes at once.
fn xor_into(out: &mut [u8], data: &[u8], key: &[u8]) {
    let mut block = [0; 512];
    let mut mask = key;
    if key.len() <= block.len() / 2 && data.len() >= block.len() {
        let mut size = key.len();
        block[..size].copy_from_slice(key);
        while 2 * size <= block.len() {
            block.copy_within(..size, size);
            size *= 2;
        }
        mask = &block[..size];
    }
    for (out, data) in out.chunks_mut(mask.len()).zip(data.chunks(mask.len())) {
        for ((out, byte), key) in out.iter_mut().zip(data).zip(mask) {
            *out = byte ^ key;
        }
    }
}

/// The result is copied.
#[pyfunction]
fn xor_slice(data: &[u8], key: &[u8]) -> PyResult<Vec<u8>> {
    let mut result = vec![0; data.len()];
    xor_into(&mut result, data, checked(key)?);
    Ok(result)
}

/// Nothing is copied: the result is written into the bytes that Python allocates.
#[pyfunction]
fn xor<'py>(py: Python<'py>, data: &[u8], key: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    let key = checked(key)?;
    PyBytes::new_with(py, data.len(), |out| {
        xor_into(out, data, key);
        Ok(())
    })
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::{xor, xor_slice};
}
