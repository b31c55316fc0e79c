use cpython::{PyBytes, PyErr, PyResult, Python, exc, py_fn, py_module_initializer};

fn checked<'a>(py: Python<'_>, key: &'a [u8]) -> PyResult<&'a [u8]> {
    if key.is_empty() { Err(PyErr::new::<exc::ValueError, _>(py, "the key is empty")) } else { Ok(key) }
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

/// The arguments are converted byte by byte, and the result is copied.
fn xor_vec(py: Python<'_>, data: Vec<u8>, key: Vec<u8>) -> PyResult<PyBytes> {
    let mut result = vec![0; data.len()];
    xor_into(&mut result, &data, checked(py, &key)?);
    Ok(PyBytes::new(py, &result))
}

/// The result is copied: rust-cpython makes no bytes that can be written to.
fn xor(py: Python<'_>, data: &PyBytes, key: &PyBytes) -> PyResult<PyBytes> {
    let data = data.data(py);
    let mut result = vec![0; data.len()];
    xor_into(&mut result, data, checked(py, key.data(py))?);
    Ok(PyBytes::new(py, &result))
}

py_module_initializer!(native, |py, module| {
    module.add(py, "xor", py_fn!(py, xor(data: &PyBytes, key: &PyBytes)))?;
    module.add(py, "xor_vec", py_fn!(py, xor_vec(data: Vec<u8>, key: Vec<u8>)))?;
    Ok(())
});
