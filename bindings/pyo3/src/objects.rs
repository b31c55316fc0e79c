//! Python objects that a call makes: each is either made or a `MemoryError`.
//!
//! PyO3's own conversions panic where there is no memory. What the garbage collector sees is whole: it calls Python code
//! (`gc.callbacks`), which may look at any object that is tracked.

use std::ffi::{CStr, c_int};
use std::{mem, ptr};

use pyo3::exceptions::{PyAttributeError, PyMemoryError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyList};

/// A number that becomes an int.
pub(crate) struct Number(pub(crate) u64);

impl From<usize> for Number {
    #[inline]
    fn from(number: usize) -> Self {
        Self(number as u64)
    }
}

impl<'py> IntoPyObject<'py> for Number {
    type Target = PyInt;
    type Output = Bound<'py, PyInt>;
    type Error = PyErr;

    #[inline]
    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        // SAFETY: the GIL is held; what comes back is a new reference to an int, or null with an exception set.
        unsafe { Ok(owned(py, ffi::PyLong_FromUnsignedLongLong(self.0))?.cast_into_unchecked()) }
    }
}

/// The object of a new reference, or the exception that is set where there is none.
///
/// # Safety
///
/// It is one of these, with the GIL held.
#[inline]
pub(crate) unsafe fn owned(py: Python<'_>, object: *mut ffi::PyObject) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: the caller's promise.
    unsafe { Bound::from_owned_ptr_or_err(py, object) }
}

/// What is raised where Rust has no memory.
#[cold]
pub(crate) fn no_memory<E>(_: E) -> PyErr {
    PyMemoryError::new_err(())
}

/// A tuple of two ints.
pub(crate) fn pair(py: Python<'_>, first: usize, second: usize) -> PyResult<Bound<'_, PyAny>> {
    let (first, second) = (Number::from(first).into_pyobject(py)?, Number::from(second).into_pyobject(py)?);
    tuple(first.into_any(), second.into_any())
}

/// A tuple of two objects.
pub(crate) fn tuple<'py>(first: Bound<'py, PyAny>, second: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    #[cfg(not(feature = "abi3"))]
    use ffi::PyTuple_SET_ITEM as set;
    #[cfg(feature = "abi3")]
    use ffi::PyTuple_SetItem as set;

    // SAFETY: the GIL is held; the tuple is new or null with an exception set, and has two places, each of which takes over
    // a reference. No object is made before both are filled, and so the collector does not run.
    unsafe {
        let tuple = owned(first.py(), ffi::PyTuple_New(2))?;
        set(tuple.as_ptr(), 0, first.into_ptr());
        set(tuple.as_ptr(), 1, second.into_ptr());
        Ok(tuple)
    }
}

/// A list of `len` objects, which are no fewer.
pub(crate) fn list<'py>(
    py: Python<'py>,
    len: usize,
    objects: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>,
) -> PyResult<Bound<'py, PyList>> {
    #[cfg(not(feature = "abi3"))]
    use ffi::PyList_SET_ITEM as set;
    #[cfg(feature = "abi3")]
    use ffi::PyList_SetItem as set;

    // SAFETY: the GIL is held; the list is new or null with an exception set, and has `len` places, which are null at first
    // and take over a reference each. The collector does not know of it before the last one has. A list that is
    // untracked, and has places that are null, can be dropped.
    unsafe {
        let list = owned(py, ffi::PyList_New(len.cast_signed()))?;
        ffi::PyObject_GC_UnTrack(list.as_ptr().cast());
        let mut filled = 0;
        for object in objects.take(len) {
            set(list.as_ptr(), filled, object?.into_ptr());
            filled += 1;
        }
        assert_eq!(filled, len.cast_signed(), "as many objects as places");
        ffi::PyObject_GC_Track(list.as_ptr().cast());
        Ok(list.cast_into_unchecked())
    }
}

/// A list of what `each` gives for each value, which may be Python code.
pub(crate) fn list_of_each<'py>(
    values: &Bound<'py, PyAny>,
    mut each: impl FnMut(&Bound<'py, PyAny>) -> PyResult<Number>,
) -> PyResult<Bound<'py, PyList>> {
    /// The values after which signals (Ctrl-C) are looked for, since an iterator need not run Python code.
    const OFTEN: usize = 1024;

    let py = values.py();
    // SAFETY: the GIL is held; what comes back is a new list, or null with an exception set, which nobody else knows of as
    // long as it is not tracked.
    let list = unsafe {
        let list = owned(py, ffi::PyList_New(0))?;
        ffi::PyObject_GC_UnTrack(list.as_ptr().cast());
        list.cast_into_unchecked::<PyList>()
    };
    for (i, value) in values.try_iter()?.enumerate() {
        if i % OFTEN == OFTEN - 1 {
            py.check_signals()?;
        }
        list.append(each(&value?)?.into_pyobject(py)?)?;
    }
    // SAFETY: the list is not tracked, and its items are all there.
    unsafe { ffi::PyObject_GC_Track(list.as_ptr().cast()) };
    Ok(list)
}

/// A dict of these items.
pub(crate) fn dict<'py>(
    py: Python<'py>,
    items: impl Iterator<Item = PyResult<(Bound<'py, PyAny>, Number)>>,
) -> PyResult<Bound<'py, PyDict>> {
    // SAFETY: the GIL is held; what comes back is a new dict, or null with an exception set, which nobody else knows of as
    // long as it is not tracked. That neither keys nor values are containers leaves it so.
    unsafe {
        let dict = owned(py, ffi::PyDict_New())?.cast_into_unchecked::<PyDict>();
        ffi::PyObject_GC_UnTrack(dict.as_ptr().cast());
        for item in items {
            let (key, value) = item?;
            dict.set_item(key, value)?;
        }
        ffi::PyObject_GC_Track(dict.as_ptr().cast());
        Ok(dict)
    }
}

/// An `array.array` of type code "q".
pub(crate) fn array_of_numbers(py: Python<'_>, numbers: Vec<usize>) -> PyResult<Bound<'_, PyAny>> {
    // A usize of 64 bits is below the largest "q": it is a position, or a length.
    #[cfg(not(target_pointer_width = "64"))]
    let numbers: Vec<u64> = {
        let mut wide = Vec::new();
        wide.try_reserve_exact(numbers.len()).map_err(no_memory)?;
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
    let released = call_method0(&view, c"release");
    // SAFETY: the view is not tracked, and the GIL is held. One that is dropped must be tracked.
    unsafe { ffi::PyObject_GC_Track(view.as_ptr().cast()) };
    if let Err(error) = released {
        mem::forget(numbers);
        return Err(error);
    }
    array
}

/// An `array.array` of this type code, of the items in a bytes-like object.
pub(crate) fn array<'py>(py: Python<'py>, code: u8, items: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let (make, one_character) = (c"array".as_ptr(), c"C".as_ptr());
    // SAFETY: the GIL is held, and the format says what follows it. What comes back is a new reference, or null with an
    // exception set.
    let array = unsafe {
        let module = owned(py, ffi::PyImport_ImportModule(c"array".as_ptr()))?;
        owned(py, ffi::PyObject_CallMethod(module.as_ptr(), make, one_character, c_int::from(code)))?
    };
    call_method1(&array, c"frombytes", items)?;
    Ok(array)
}

/// An attribute of an object.
pub(crate) fn attribute<'py>(object: &Bound<'py, PyAny>, name: &CStr) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the object is live, and shows that the GIL is held; what comes back is a new reference, or null with an
    // exception set.
    unsafe { owned(object.py(), ffi::PyObject_GetAttrString(object.as_ptr(), name.as_ptr())) }
}

/// What a method gives for no arguments.
pub(crate) fn call_method0<'py>(object: &Bound<'py, PyAny>, name: &CStr) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: the object is live, and shows that the GIL is held; no format is one of no arguments. What comes back is a new
    // reference, or null with an exception set.
    unsafe { owned(object.py(), ffi::PyObject_CallMethod(object.as_ptr(), name.as_ptr(), ptr::null())) }
}

/// What a method gives for one argument.
pub(crate) fn call_method1<'py>(
    object: &Bound<'py, PyAny>,
    name: &CStr,
    argument: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let one_object = c"(O)".as_ptr();
    // SAFETY: the objects are live, and show that the GIL is held; the format says what follows it. What comes back is a new
    // reference, or null with an exception set.
    unsafe {
        let result = ffi::PyObject_CallMethod(object.as_ptr(), name.as_ptr(), one_object, argument.as_ptr());
        owned(object.py(), result)
    }
}

/// The attribute `name` of a module that somebody has imported, if one has.
pub(crate) fn imported<'py>(py: Python<'py>, module: &CStr, name: &CStr) -> PyResult<Option<Bound<'py, PyAny>>> {
    // SAFETY: the GIL is held. What comes back is a new str, or null with an exception set; then a borrowed reference to a
    // module, or null, with an exception set or without.
    let module = unsafe {
        let module = owned(py, ffi::PyUnicode_FromString(module.as_ptr()))?;
        let found = ffi::PyDict_GetItemWithError(ffi::PyImport_GetModuleDict(), module.as_ptr());
        Bound::from_borrowed_ptr_or_opt(py, found)
    };
    let Some(module) = module else { return PyErr::take(py).map_or(Ok(None), Err) };
    match attribute(&module, name) {
        Err(error) if error.is_instance_of::<PyAttributeError>(py) => Ok(None),
        found => found.map(Some),
    }
}
