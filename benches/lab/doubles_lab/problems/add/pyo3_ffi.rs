//! The C API by hand, in Rust. No panic can cross into C, since nothing here panics.

use std::ffi::c_longlong;
use std::ptr::{addr_of_mut, null_mut};

use pyo3_ffi::*;

/// An argument as a machine integer. `None` with the exception set if it is none.
///
/// # Safety
///
/// The GIL is held, and `value` is an object that the caller keeps alive.
unsafe fn integer(value: *mut PyObject) -> Option<c_longlong> {
    // SAFETY: the GIL is held and `value` is an object.
    unsafe {
        let integer = PyLong_AsLongLong(value);
        if integer == -1 && !PyErr_Occurred().is_null() { None } else { Some(integer) }
    }
}

/// # Safety
///
/// The interpreter calls this: the GIL is held, and `args` are `nargs` objects.
unsafe extern "C" fn add(_: *mut PyObject, args: *mut *mut PyObject, nargs: Py_ssize_t) -> *mut PyObject {
    // SAFETY: the GIL is held; two arguments are read where there are two.
    unsafe {
        if nargs != 2 {
            PyErr_SetString(PyExc_TypeError, c"add() takes exactly 2 arguments".as_ptr());
            return null_mut();
        }
        let (Some(a), Some(b)) = (integer(*args), integer(*args.add(1))) else { return null_mut() };
        match a.checked_add(b) {
            Some(sum) => PyLong_FromLongLong(sum),
            None => {
                PyErr_SetString(PyExc_OverflowError, c"the sum does not fit in 64 bits".as_ptr());
                null_mut()
            }
        }
    }
}

// The interpreter takes both by pointers to what may change; nothing in Rust reads them.
static mut METHODS: [PyMethodDef; 2] = [
    PyMethodDef {
        ml_name: c"add".as_ptr(),
        ml_meth: PyMethodDefPointer { PyCFunctionFast: add },
        ml_flags: METH_FASTCALL,
        ml_doc: c"The sum of two ints.".as_ptr(),
    },
    PyMethodDef::zeroed(),
];

static mut MODULE: PyModuleDef = PyModuleDef {
    m_base: PyModuleDef_HEAD_INIT,
    m_name: c"native".as_ptr(),
    m_doc: c"".as_ptr(),
    m_size: 0,
    m_methods: addr_of_mut!(METHODS).cast(),
    m_slots: null_mut(),
    m_traverse: None,
    m_clear: None,
    m_free: None,
};

/// What `import native` calls.
#[allow(non_snake_case, reason = "the interpreter looks for this name")]
#[unsafe(no_mangle)]
pub extern "C" fn PyInit_native() -> *mut PyObject {
    // SAFETY: the interpreter calls this with the GIL held. The definition and its methods are static.
    unsafe { PyModuleDef_Init(addr_of_mut!(MODULE)) }
}
