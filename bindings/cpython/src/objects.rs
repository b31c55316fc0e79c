//! Python objects that a call makes: each is either made or a `MemoryError`.
//!
//! rust-cpython's own conversions panic where there is no memory. What the garbage collector sees is whole: it calls Python
//! code (`gc.callbacks`), which may look at any object that is tracked.

use std::ffi::{CStr, c_int};
use std::{mem, ptr};

use cpython::{
    ObjectProtocol, PyErr, PyObject, PyResult, PyType, Python, PythonObject, PythonObjectWithTypeObject, exc,
};
use python3_sys as ffi;

/// The object of a new reference, or the exception that is set where there is none.
///
/// # Safety
///
/// It is one of these.
#[inline]
pub(crate) unsafe fn owned(py: Python<'_>, object: *mut ffi::PyObject) -> PyResult<PyObject> {
    // SAFETY: the caller's promise.
    unsafe { PyObject::from_owned_ptr_opt(py, object).ok_or_else(|| PyErr::fetch(py)) }
}

/// What is raised where Rust has no memory.
#[cold]
pub(crate) fn no_memory(py: Python<'_>) -> PyErr {
    // SAFETY: `py` shows that the GIL is held.
    unsafe { ffi::PyErr_NoMemory() };
    PyErr::fetch(py)
}

/// A `TypeError` of this text.
#[cold]
pub(crate) fn refused(py: Python<'_>, text: impl AsRef<str>) -> PyErr {
    raised::<exc::TypeError>(py, text)
}

/// An exception of this text, or a `MemoryError` where there is no memory for it.
#[cold]
pub(crate) fn raised<T: PythonObjectWithTypeObject>(py: Python<'_>, text: impl AsRef<str>) -> PyErr {
    let text = text.as_ref();
    // SAFETY: the GIL is held, and so many bytes are there. What comes back is a new reference, or null with an exception set.
    match unsafe { owned(py, ffi::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len().cast_signed())) } {
        Ok(text) => {
            // SAFETY: the GIL is held, and both are live objects.
            unsafe { ffi::PyErr_SetObject(py.get_type::<T>().as_object().as_ptr(), text.as_ptr()) };
            PyErr::fetch(py)
        }
        Err(error) => error,
    }
}

/// The name of a value's type, for messages: its `__name__` or its `__qualname__`.
///
/// As `type` itself has it: a metaclass may have another attribute of this name.
pub(crate) fn type_name(py: Python<'_>, val: &PyObject, attribute: &CStr) -> PyResult<String> {
    let of_type = self::attribute(py, py.get_type::<PyType>().as_object(), c"__dict__")?;
    // SAFETY: the GIL is held, and the object is a mapping; what comes back is a new reference, or null with an exception set.
    let descriptor =
        unsafe { owned(py, ffi::PyMapping_GetItemString(of_type.as_ptr(), attribute.as_ptr().cast_mut()))? };
    call_method1(py, &descriptor, c"__get__", val.get_type(py).as_object())?.extract(py)
}

/// An int.
#[inline]
pub(crate) fn number(py: Python<'_>, number: u64) -> PyResult<PyObject> {
    // SAFETY: the GIL is held; what comes back is a new reference, or null with an exception set.
    unsafe { owned(py, ffi::PyLong_FromUnsignedLongLong(number)) }
}

/// A tuple of two ints.
pub(crate) fn pair(py: Python<'_>, first: usize, second: usize) -> PyResult<PyObject> {
    tuple(py, number(py, first as u64)?, number(py, second as u64)?)
}

/// A tuple of two objects.
pub(crate) fn tuple(py: Python<'_>, first: PyObject, second: PyObject) -> PyResult<PyObject> {
    // SAFETY: the GIL is held; the tuple is new or null with an exception set, and has two places, each of which takes over
    // a reference. No object is made before both are filled, and so the collector does not run.
    unsafe {
        let tuple = owned(py, ffi::PyTuple_New(2))?;
        ffi::PyTuple_SET_ITEM(tuple.as_ptr(), 0, first.steal_ptr());
        ffi::PyTuple_SET_ITEM(tuple.as_ptr(), 1, second.steal_ptr());
        Ok(tuple)
    }
}

/// A list of `len` objects, which are no fewer.
pub(crate) fn list(
    py: Python<'_>,
    len: usize,
    objects: impl Iterator<Item = PyResult<PyObject>>,
) -> PyResult<PyObject> {
    // SAFETY: the GIL is held; the list is new or null with an exception set, and has `len` places, which are null at first
    // and take over a reference each. The collector does not know of it before the last one has. A list that is
    // untracked, and has places that are null, can be dropped.
    unsafe {
        let list = owned(py, ffi::PyList_New(len.cast_signed()))?;
        ffi::PyObject_GC_UnTrack(list.as_ptr().cast());
        let mut filled = 0;
        for object in objects.take(len) {
            ffi::PyList_SetItem(list.as_ptr(), filled, object?.steal_ptr());
            filled += 1;
        }
        assert_eq!(filled, len.cast_signed(), "as many objects as places");
        ffi::PyObject_GC_Track(list.as_ptr().cast());
        Ok(list)
    }
}

/// A list of what `each` gives for each value, which may be Python code.
pub(crate) fn list_of_each(
    py: Python<'_>,
    values: &PyObject,
    mut each: impl FnMut(&PyObject) -> PyResult<PyObject>,
) -> PyResult<PyObject> {
    /// The values after which signals (Ctrl-C) are looked for, since an iterator need not run Python code.
    const OFTEN: usize = 1024;

    // SAFETY: the GIL is held; what comes back is a new list, or null with an exception set, which nobody else knows of as
    // long as it is not tracked.
    let list = unsafe {
        let list = owned(py, ffi::PyList_New(0))?;
        ffi::PyObject_GC_UnTrack(list.as_ptr().cast());
        list
    };
    for (i, value) in values.iter(py)?.enumerate() {
        if i % OFTEN == OFTEN - 1 {
            crate::check_signals(py)?;
        }
        let object = each(&value?)?;
        // SAFETY: the GIL is held, and both objects are live.
        if unsafe { ffi::PyList_Append(list.as_ptr(), object.as_ptr()) } != 0 {
            return Err(PyErr::fetch(py));
        }
    }
    // SAFETY: the list is not tracked, and its items are all there.
    unsafe { ffi::PyObject_GC_Track(list.as_ptr().cast()) };
    Ok(list)
}

/// A dict of these items.
pub(crate) fn dict(py: Python<'_>, items: impl Iterator<Item = PyResult<(PyObject, PyObject)>>) -> PyResult<PyObject> {
    // SAFETY: the GIL is held; what comes back is a new dict, or null with an exception set, which nobody else knows of as
    // long as it is not tracked. That neither keys nor values are containers leaves it so.
    unsafe {
        let dict = owned(py, ffi::PyDict_New())?;
        ffi::PyObject_GC_UnTrack(dict.as_ptr().cast());
        for item in items {
            let (key, value) = item?;
            if ffi::PyDict_SetItem(dict.as_ptr(), key.as_ptr(), value.as_ptr()) != 0 {
                return Err(PyErr::fetch(py));
            }
        }
        ffi::PyObject_GC_Track(dict.as_ptr().cast());
        Ok(dict)
    }
}

/// An `array.array` of type code "q".
pub(crate) fn array_of_numbers(py: Python<'_>, numbers: Vec<usize>) -> PyResult<PyObject> {
    // A usize of 64 bits is below the largest "q": it is a position, or a length.
    #[cfg(not(target_pointer_width = "64"))]
    let numbers: Vec<u64> = {
        let mut wide = Vec::new();
        wide.try_reserve_exact(numbers.len()).map_err(|_| no_memory(py))?;
        wide.extend(numbers.into_iter().map(|number| number as u64));
        wide
    };
    // SAFETY: the GIL is held, and the memory is there as long as `numbers`, whose integers have no padding. What comes back
    // is a new reference, or null with an exception set. Nobody else knows of the view as long as it is not tracked.
    let view = unsafe {
        let (start, bytes) = (numbers.as_ptr().cast_mut().cast(), size_of_val(numbers.as_slice()).cast_signed());
        let view = owned(py, ffi::PyMemoryView_FromMemory(start, bytes, ffi::PyBUF_READ))?;
        ffi::PyObject_GC_UnTrack(view.as_ptr().cast());
        view
    };
    let array = array(py, b'q', &view);
    // Before the memory goes, in case that an `array` module which is not Python's has kept the view.
    let released = call_method0(py, &view, c"release");
    // SAFETY: the view is not tracked, and the GIL is held. One that is dropped must be tracked.
    unsafe { ffi::PyObject_GC_Track(view.as_ptr().cast()) };
    if let Err(error) = released {
        mem::forget(numbers);
        return Err(error);
    }
    array
}

/// An `array.array` of this type code, of the items in a bytes-like object.
pub(crate) fn array(py: Python<'_>, code: u8, items: &PyObject) -> PyResult<PyObject> {
    let (make, one_character) = (c"array".as_ptr(), c"C".as_ptr());
    // SAFETY: the GIL is held, and the format says what follows it. What comes back is a new reference, or null with an
    // exception set.
    let array = unsafe {
        let module = owned(py, ffi::PyImport_ImportModule(c"array".as_ptr()))?;
        owned(py, ffi::PyObject_CallMethod(module.as_ptr(), make, one_character, c_int::from(code)))?
    };
    call_method1(py, &array, c"frombytes", items)?;
    Ok(array)
}

/// An attribute of an object.
pub(crate) fn attribute(py: Python<'_>, object: &PyObject, name: &CStr) -> PyResult<PyObject> {
    // SAFETY: the object is live, and the GIL is held; what comes back is a new reference, or null with an exception set.
    unsafe { owned(py, ffi::PyObject_GetAttrString(object.as_ptr(), name.as_ptr())) }
}

/// What a method gives for no arguments.
pub(crate) fn call_method0(py: Python<'_>, object: &PyObject, name: &CStr) -> PyResult<PyObject> {
    // SAFETY: the object is live, and the GIL is held; no format is one of no arguments. What comes back is a new reference, or
    // null with an exception set.
    unsafe { owned(py, ffi::PyObject_CallMethod(object.as_ptr(), name.as_ptr(), ptr::null())) }
}

/// What a method gives for one argument.
pub(crate) fn call_method1(py: Python<'_>, object: &PyObject, name: &CStr, argument: &PyObject) -> PyResult<PyObject> {
    let one_object = c"(O)".as_ptr();
    // SAFETY: the objects are live, and the GIL is held; the format says what follows it. What comes back is a new reference,
    // or null with an exception set.
    unsafe { owned(py, ffi::PyObject_CallMethod(object.as_ptr(), name.as_ptr(), one_object, argument.as_ptr())) }
}

/// The attribute `name` of a module that somebody has imported, if one has.
pub(crate) fn imported(py: Python<'_>, module: &CStr, name: &CStr) -> PyResult<Option<PyObject>> {
    // SAFETY: the GIL is held. What comes back is a new str, or null with an exception set; then a borrowed reference to a
    // module, or null, with an exception set or without.
    let module = unsafe {
        let module = owned(py, ffi::PyUnicode_FromString(module.as_ptr()))?;
        let found = ffi::PyDict_GetItemWithError(ffi::PyImport_GetModuleDict(), module.as_ptr());
        PyObject::from_borrowed_ptr_opt(py, found)
    };
    let Some(module) = module else {
        return if PyErr::occurred(py) { Err(PyErr::fetch(py)) } else { Ok(None) };
    };
    match attribute(py, &module, name) {
        Err(error) if error.matches(py, py.get_type::<exc::AttributeError>()) => Ok(None),
        found => found.map(Some),
    }
}
