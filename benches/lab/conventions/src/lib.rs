//! [`doubles_core`] for Python by the C API alone: one function over the same core for each calling convention.
//!
//! A binding library chooses the convention by which CPython calls its functions, so a comparison of two libraries is
//! also one of two conventions. Here is each convention without a library: what a library takes beyond that is its own.
//!
//! `count_*` counts a `str` in place; `empty_*` takes the same argument and gives 0; `bare_*` gives 0 for whatever it is
//! called with, so that the cost of a call, of taking its argument and of counting can be told apart.
//!
//! No panic can cross into C. Nothing here panics: counting a slice neither allocates nor indexes outside of it. If
//! something did all the same, `extern "C"` would abort.

use std::ffi::{c_char, c_int};
use std::ptr::{null, null_mut};
use std::slice;

use pyo3_ffi::*;

/// Whether a function counts, or gives 0 for any `str`.
const COUNT: bool = true;
const EMPTY: bool = false;

/// The doubles of a `str` as an `int`, or 0 if it is not to `COUNT`.
///
/// # Safety
///
/// The GIL is held, and `text` is a `str` that the caller keeps alive.
#[inline]
unsafe fn answer<const COUNT: bool>(text: *mut PyObject) -> *mut PyObject {
    let count = if COUNT {
        // SAFETY: what `count` asks for is what the caller promises.
        match unsafe { count(text) } {
            Some(count) => count,
            None => return null_mut(),
        }
    } else {
        0
    };
    // SAFETY: the GIL is held.
    unsafe { PyLong_FromSize_t(count) }
}

/// The doubles of a `str`, read in place. `None` with the exception set if memory runs out, which needs a `str` that
/// old C extensions make of `wchar_t`, before Python 3.12.
///
/// # Safety
///
/// The GIL is held, and `text` is a `str` that the caller keeps alive.
#[inline]
#[allow(non_upper_case_globals, reason = "the C API's names")]
unsafe fn count(text: *mut PyObject) -> Option<usize> {
    // SAFETY: `text` is a str and the GIL is held.
    if unsafe { PyUnicode_READY(text) } != 0 {
        return None;
    }
    // SAFETY: `text` is a str that is ready.
    let (kind, data, len) =
        unsafe { (PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text).unsigned_abs()) };
    // SAFETY: `data` are `len` items as wide as `kind` says, aligned for that and followed by a terminator, so never
    // null. A str does not change, and the caller keeps it alive. UCS1, UCS2 and UCS4 are u8, u16 and u32.
    Some(unsafe {
        match kind {
            PyUnicode_1BYTE_KIND => doubles_core::count_elements(slice::from_raw_parts(data.cast::<u8>(), len)),
            PyUnicode_2BYTE_KIND => doubles_core::count_elements(slice::from_raw_parts(data.cast::<u16>(), len)),
            _ => doubles_core::count_elements(slice::from_raw_parts(data.cast::<u32>(), len)),
        }
    })
}

/// [`answer`] for any object: a `TypeError` if it is no `str`.
///
/// # Safety
///
/// The GIL is held, and `val` is an object that the caller keeps alive.
#[inline]
unsafe fn answer_checked<const COUNT: bool>(val: *mut PyObject) -> *mut PyObject {
    // SAFETY: `val` is an object; it is a str where `answer` is called.
    unsafe { if PyUnicode_Check(val) != 0 { answer::<COUNT>(val) } else { type_error(c"the argument must be str") } }
}

/// Sets a `TypeError` and gives the null that tells of it.
///
/// # Safety
///
/// The GIL is held.
#[cold]
unsafe fn type_error(message: &std::ffi::CStr) -> *mut PyObject {
    // SAFETY: the GIL is held, so the type is there; the message is copied.
    unsafe { PyErr_SetString(PyExc_TypeError, message.as_ptr()) };
    null_mut()
}

// The functions below are called by the interpreter only: each is registered under the convention that its signature
// is of. So the GIL is held, and the arguments are what the convention says, alive until the function returns.

unsafe extern "C" fn o<const COUNT: bool>(_module: *mut PyObject, val: *mut PyObject) -> *mut PyObject {
    // SAFETY: METH_O hands over one object.
    unsafe { answer_checked::<COUNT>(val) }
}

unsafe extern "C" fn fastcall<const COUNT: bool>(
    _module: *mut PyObject,
    args: *mut *mut PyObject,
    nargs: Py_ssize_t,
) -> *mut PyObject {
    // SAFETY: METH_FASTCALL hands over an array of `nargs` objects, of which the first is read if there is one.
    unsafe { if nargs == 1 { answer_checked::<COUNT>(*args) } else { type_error(c"exactly one argument is needed") } }
}

unsafe extern "C" fn fastcall_keywords<const COUNT: bool>(
    _module: *mut PyObject,
    args: *const *mut PyObject,
    nargs: Py_ssize_t,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: METH_FASTCALL | METH_KEYWORDS hands over null or a tuple of names, each a str, and an array of `nargs`
    // objects followed by one for each name. One object is read, where there is exactly one.
    unsafe {
        let named = if names.is_null() { 0 } else { PyTuple_GET_SIZE(names) };
        if nargs + named != 1 {
            return type_error(c"exactly one argument is needed");
        }
        if named == 1 && PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, 0), c"val".as_ptr()) != 0 {
            return type_error(c"the only keyword is 'val'");
        }
        answer_checked::<COUNT>(*args)
    }
}

unsafe extern "C" fn varargs<const COUNT: bool>(_module: *mut PyObject, args: *mut PyObject) -> *mut PyObject {
    let mut text: *mut PyObject = null_mut();
    // SAFETY: METH_VARARGS hands over a tuple. "U" takes the address of one object pointer and sets it to a str, which
    // the tuple keeps alive; otherwise the exception is set.
    unsafe {
        if PyArg_ParseTuple(args, c"U".as_ptr(), &raw mut text) == 0 {
            return null_mut();
        }
        answer::<COUNT>(text)
    }
}

unsafe extern "C" fn varargs_keywords<const COUNT: bool>(
    _module: *mut PyObject,
    args: *mut PyObject,
    kwargs: *mut PyObject,
) -> *mut PyObject {
    let mut text: *mut PyObject = null_mut();
    let names: [*const c_char; 2] = [c"val".as_ptr(), null()];
    // SAFETY: METH_VARARGS | METH_KEYWORDS hands over a tuple, and null or a dict. `names` ends with null, is as long
    // as the format and is only read, whatever the type says before Python 3.13. "U" takes the address of one object
    // pointer and sets it to a str, which the tuple or the dict keeps alive; otherwise the exception is set.
    unsafe {
        if PyArg_ParseTupleAndKeywords(args, kwargs, c"U".as_ptr(), names.as_ptr().cast_mut().cast(), &raw mut text)
            == 0
        {
            return null_mut();
        }
        answer::<COUNT>(text)
    }
}

// The same without a look at the arguments.

unsafe extern "C" fn bare(_module: *mut PyObject, _args: *mut PyObject) -> *mut PyObject {
    // SAFETY: the GIL is held.
    unsafe { PyLong_FromSize_t(0) }
}

unsafe extern "C" fn bare_fastcall(
    _module: *mut PyObject,
    _args: *mut *mut PyObject,
    _nargs: Py_ssize_t,
) -> *mut PyObject {
    // SAFETY: the GIL is held.
    unsafe { PyLong_FromSize_t(0) }
}

unsafe extern "C" fn bare_fastcall_keywords(
    _module: *mut PyObject,
    _args: *const *mut PyObject,
    _nargs: Py_ssize_t,
    _names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: the GIL is held.
    unsafe { PyLong_FromSize_t(0) }
}

unsafe extern "C" fn bare_keywords(
    _module: *mut PyObject,
    _args: *mut PyObject,
    _kwargs: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: the GIL is held.
    unsafe { PyLong_FromSize_t(0) }
}

/// The three functions of a convention: the union's field for it, the functions, the flags and the names.
macro_rules! methods {
    ($($field:ident: $function:ident, $bare:ident, $flags:expr, $count:literal, $empty:literal, $named:literal;)*) => {
        [
            $(
                PyMethodDef {
                    ml_name: $named.as_ptr(),
                    ml_meth: PyMethodDefPointer { $field: $bare },
                    ml_flags: $flags,
                    ml_doc: c"0 for anything.".as_ptr(),
                },
                PyMethodDef {
                    ml_name: $count.as_ptr(),
                    ml_meth: PyMethodDefPointer { $field: $function::<COUNT> },
                    ml_flags: $flags,
                    ml_doc: c"The doubles of a str.".as_ptr(),
                },
                PyMethodDef {
                    ml_name: $empty.as_ptr(),
                    ml_meth: PyMethodDefPointer { $field: $function::<EMPTY> },
                    ml_flags: $flags,
                    ml_doc: c"0 for any str.".as_ptr(),
                },
            )*
            PyMethodDef::zeroed(),
        ]
    };
}

// The interpreter takes both by pointers to what may change; nothing in Rust reads them.
static mut METHODS: [PyMethodDef; 16] = methods! {
    PyCFunction: o, bare, METH_O, c"count_o", c"empty_o", c"bare_o";
    PyCFunctionFast: fastcall, bare_fastcall, METH_FASTCALL, c"count_fastcall", c"empty_fastcall", c"bare_fastcall";
    PyCFunctionFastWithKeywords: fastcall_keywords, bare_fastcall_keywords, FASTCALL_KEYWORDS,
        c"count_fastcall_keywords", c"empty_fastcall_keywords", c"bare_fastcall_keywords";
    PyCFunction: varargs, bare, METH_VARARGS, c"count_varargs", c"empty_varargs", c"bare_varargs";
    PyCFunctionWithKeywords: varargs_keywords, bare_keywords, VARARGS_KEYWORDS,
        c"count_varargs_keywords", c"empty_varargs_keywords", c"bare_varargs_keywords";
};
const FASTCALL_KEYWORDS: c_int = METH_FASTCALL | METH_KEYWORDS;
const VARARGS_KEYWORDS: c_int = METH_VARARGS | METH_KEYWORDS;

static mut MODULE: PyModuleDef = PyModuleDef {
    m_base: PyModuleDef_HEAD_INIT,
    m_name: c"doubles_conventions".as_ptr(),
    m_doc: c"doubles-core by the C API alone, once for each calling convention.".as_ptr(),
    m_size: 0,
    m_methods: (&raw mut METHODS).cast(),
    m_slots: null_mut(),
    m_traverse: None,
    m_clear: None,
    m_free: None,
};

/// What `import doubles_conventions` calls.
#[allow(non_snake_case, reason = "the interpreter looks for this name")]
#[unsafe(no_mangle)]
pub extern "C" fn PyInit_doubles_conventions() -> *mut PyObject {
    // SAFETY: the interpreter calls this with the GIL held. The definition and its methods are static, and nothing in
    // Rust touches them.
    unsafe { PyModuleDef_Init(&raw mut MODULE) }
}
