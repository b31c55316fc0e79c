//! As the C by hand, in Rust.
use std::ptr;

use pyo3_ffi::*;

/// The sum of a list of floats.
///
/// # Safety
///
/// The interpreter calls it, with an object that lives until it returns.
unsafe extern "C" fn sum_floats(_module: *mut PyObject, values: *mut PyObject) -> *mut PyObject {
    // SAFETY: `values` is an object and looked at first; the GIL is held. An item that is not a float is kept alive while
    // it is asked for its value, which may change the list: so the length is read anew each time.
    unsafe {
        if PyList_Check(values) == 0 {
            PyErr_SetString(PyExc_TypeError, c"the argument must be a list".as_ptr());
            return ptr::null_mut();
        }
        let mut total = 0.0;
        let mut i = 0;
        while i < PyList_GET_SIZE(values) {
            let value = PyList_GET_ITEM(values, i);
            i += 1;
            if PyFloat_CheckExact(value) != 0 {
                total += PyFloat_AS_DOUBLE(value);
                continue;
            }
            Py_INCREF(value);
            let converted = PyFloat_AsDouble(value);
            Py_DECREF(value);
            if converted == -1.0 && !PyErr_Occurred().is_null() {
                return ptr::null_mut();
            }
            total += converted;
        }
        PyFloat_FromDouble(total)
    }
}

/// One entry, and the one that ends the table.
struct Methods([PyMethodDef; 2]);

// SAFETY: nobody writes to it, and its pointers are to constants.
unsafe impl Sync for Methods {}

static METHODS: Methods = Methods([
    PyMethodDef {
        ml_name: c"sum_floats".as_ptr(),
        ml_meth: PyMethodDefPointer { PyCFunction: sum_floats },
        ml_flags: METH_O,
        ml_doc: c"The sum of a list of floats.".as_ptr(),
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
