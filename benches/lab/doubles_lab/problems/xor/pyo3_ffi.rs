//! As the C by hand, in Rust.
use std::mem::MaybeUninit;
use std::{ptr, slice};

use pyo3_ffi::*;

/// Writes to each byte of `out`, which has as many as `data`. A short key is repeated to a block, so that the compiler
/// takes many bytes at once.
fn xor_into(out: &mut [MaybeUninit<u8>], data: &[u8], key: &[u8]) {
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
            out.write(byte ^ key);
        }
    }
}

/// The bytes of an object; none if it is something else, and an exception is set.
///
/// # Safety
///
/// The GIL is held, and the object lives for as long as the bytes are used.
unsafe fn bytes_of<'a>(object: *mut PyObject) -> Option<&'a [u8]> {
    let (mut data, mut length) = (ptr::null_mut(), 0);
    // SAFETY: bytes are immutable and have `length` bytes from `data` on.
    unsafe {
        (PyBytes_AsStringAndSize(object, &mut data, &mut length) == 0)
            .then(|| slice::from_raw_parts(data.cast::<u8>(), length as usize))
    }
}

/// The data, exclusive or the repeated key.
///
/// # Safety
///
/// The interpreter calls it, with `count` objects that live until it returns.
unsafe extern "C" fn xor(_module: *mut PyObject, args: *mut *mut PyObject, count: Py_ssize_t) -> *mut PyObject {
    // SAFETY: `args` has `count` objects, and the GIL is held. All new bytes are written
    // to, and nobody else sees them before they are returned.
    unsafe {
        if count != 2 {
            PyErr_SetString(PyExc_TypeError, c"xor() takes 2 arguments".as_ptr());
            return ptr::null_mut();
        }
        let (Some(data), Some(key)) = (bytes_of(*args), bytes_of(*args.add(1))) else {
            return ptr::null_mut();
        };
        if key.is_empty() {
            PyErr_SetString(PyExc_ValueError, c"the key is empty".as_ptr());
            return ptr::null_mut();
        }
        let result = PyBytes_FromStringAndSize(ptr::null(), data.len() as Py_ssize_t);
        if !result.is_null() && !data.is_empty() {
            let out = PyBytes_AS_STRING(result).cast::<MaybeUninit<u8>>().cast_mut();
            xor_into(slice::from_raw_parts_mut(out, data.len()), data, key);
        }
        result
    }
}

/// One entry, and the one that ends the table.
struct Methods([PyMethodDef; 2]);

// SAFETY: nobody writes to it, and its pointers are to constants.
unsafe impl Sync for Methods {}

static METHODS: Methods = Methods([
    PyMethodDef {
        ml_name: c"xor".as_ptr(),
        ml_meth: PyMethodDefPointer { PyCFunctionFast: xor },
        ml_flags: METH_FASTCALL,
        ml_doc: c"The data, exclusive or the repeated key.".as_ptr(),
    },
    PyMethodDef::zeroed(),
]);

/// The definition, which Python writes to.
struct Definition(std::cell::UnsafeCell<PyModuleDef>);

// SAFETY: Python alone writes to it, with the GIL held.
unsafe impl Sync for Definition {}

static DEFINITION: Definition = Definition(std::cell::UnsafeCell::new(PyModuleDef {
    m_base: PyModuleDef_HEAD_INIT,
    m_name: c"native".as_ptr(),
    m_doc: ptr::null(),
    m_size: 0,
    m_methods: (&raw const METHODS.0).cast_mut().cast(),
    m_slots: ptr::null_mut(),
    m_traverse: None,
    m_clear: None,
    m_free: None,
}));

/// The module.
///
/// # Safety
///
/// Python calls it once, when it imports the module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInit_native() -> *mut PyObject {
    // SAFETY: the definition lives as long as the process.
    unsafe { PyModule_Create(DEFINITION.0.get()) }
}
