//! The arguments of a call, in PyO3's words where they are wrong; and numbers among them: anything with `__index__`, however
//! large, that is at least 1.
//!
//! `py_fn!` could take arguments apart, but not say that one is positional only and the other a keyword. It accepts names that
//! PyO3 does not, and takes a reference to each argument, only to drop it through `PyGILState_Ensure`.

use std::ffi::CStr;
use std::ops::Deref;
use std::ptr;

use cpython::{ObjectProtocol, PyBytes, PyDict, PyErr, PyObject, PyResult, PyTuple, Python, PythonObject, exc};
use python3_sys as ffi;

use crate::objects::{owned, raised, refused, type_name};

/// What a function takes: one argument that it needs, and others.
pub(crate) struct Signature<const OTHERS: usize> {
    pub(crate) function: &'static str,
    pub(crate) first: &'static CStr,
    pub(crate) others: [&'static CStr; OTHERS],
    /// Whether the first is given by position only, and the others by name only.
    pub(crate) apart: bool,
}

/// An argument of a call.
pub(crate) enum Argument<'a> {
    /// One that a tuple holds as long as the call.
    Positional(&'a PyObject),
    /// One from a dict, which others may have and change meanwhile.
    Named(PyObject),
}

impl Deref for Argument<'_> {
    type Target = PyObject;

    #[inline]
    fn deref(&self) -> &PyObject {
        match self {
            Self::Positional(object) => object,
            Self::Named(object) => object,
        }
    }
}

impl<const OTHERS: usize> Signature<OTHERS> {
    /// Takes the arguments of a call apart: the one that is needed, and the others as far as they are given.
    #[inline]
    pub(crate) fn read<'a>(
        &self,
        py: Python<'_>,
        args: &'a PyTuple,
        kwargs: Option<&PyDict>,
    ) -> PyResult<(Argument<'a>, [Option<Argument<'a>>; OTHERS])> {
        let mut others = [const { None }; OTHERS];
        let (mut first, rest) = match args.as_slice(py) {
            [] => (None, [].as_slice()),
            [first, rest @ ..] => (Some(Argument::Positional(first)), rest),
        };
        if let Some(kwargs) = kwargs {
            check_names(py, kwargs)?;
        }
        if rest.len() > if self.apart { 0 } else { OTHERS } {
            return Err(self.too_many(py, args.len(py)));
        }
        others.iter_mut().zip(rest).for_each(|(other, given)| *other = Some(Argument::Positional(given)));
        if let Some(kwargs) = kwargs {
            self.read_named(py, kwargs, &mut first, &mut others)?;
        }
        match first {
            Some(first) => Ok((first, others)),
            None => Err(self.error(py, format_args!("missing 1 required positional argument: {}", quoted(self.first)))),
        }
    }

    /// Adds the arguments that are given by name.
    fn read_named<'a>(
        &self,
        py: Python<'_>,
        kwargs: &PyDict,
        first: &mut Option<Argument<'a>>,
        others: &mut [Option<Argument<'a>>; OTHERS],
    ) -> PyResult<()> {
        let mut first_by_name = false;
        for (name, value) in named(kwargs) {
            // SAFETY: the name is a live str, and `py` shows that the GIL is held; the other is a C string.
            let is = |known: &CStr| unsafe { ffi::PyUnicode_CompareWithASCIIString(name, known.as_ptr()) == 0 };
            let place = if is(self.first) && self.apart {
                first_by_name = true;
                continue;
            } else if is(self.first) {
                &mut *first
            } else if let Some(i) = self.others.iter().position(|known| is(known)) {
                &mut others[i]
            } else {
                return Err(self.unexpected(py, name));
            };
            // SAFETY: the value is a live object.
            let value = unsafe { PyObject::from_borrowed_ptr(py, value) };
            if place.replace(Argument::Named(value)).is_some() {
                let names = [self.first].into_iter().chain(self.others);
                let name = names.into_iter().find(|known| is(known)).unwrap_or(self.first);
                return Err(self.error(py, format_args!("got multiple values for argument {}", quoted(name))));
            }
        }
        if first_by_name {
            let problem = "got some positional-only arguments passed as keyword arguments: ";
            return Err(self.error(py, format_args!("{problem}{}", quoted(self.first))));
        }
        Ok(())
    }

    #[cold]
    fn too_many(&self, py: Python<'_>, given: usize) -> PyErr {
        let takes = if self.apart || OTHERS == 0 {
            "1 positional arguments".to_owned()
        } else {
            format!("from 1 to {} positional arguments", 1 + OTHERS)
        };
        self.error(py, format_args!("takes {takes} but {given} were given"))
    }

    #[cold]
    fn unexpected(&self, py: Python<'_>, name: *mut ffi::PyObject) -> PyErr {
        // SAFETY: the name is a live str, and `py` shows that the GIL is held. What comes back is a new reference, or null
        // with an exception set.
        let utf8 = unsafe {
            let name = owned(py, ffi::PyObject_Str(name));
            name.and_then(|name| {
                let (encoding, errors) = (c"utf-8".as_ptr(), c"surrogatepass".as_ptr());
                owned(py, ffi::PyUnicode_AsEncodedString(name.as_ptr(), encoding, errors))
            })
        };
        match utf8.and_then(|utf8| Ok(utf8.cast_into::<PyBytes>(py)?)) {
            Ok(utf8) => {
                let name = String::from_utf8_lossy(utf8.data(py));
                self.error(py, format_args!("got an unexpected keyword argument '{name}'"))
            }
            Err(error) => error,
        }
    }

    #[cold]
    fn error(&self, py: Python<'_>, problem: std::fmt::Arguments<'_>) -> PyErr {
        refused(py, format!("{}() {problem}", self.function))
    }
}

/// A name of a parameter, as messages have it.
fn quoted(name: &CStr) -> String {
    format!("'{}'", name.to_string_lossy())
}

/// The names and values of arguments, as borrowed references.
fn named(kwargs: &PyDict) -> impl Iterator<Item = (*mut ffi::PyObject, *mut ffi::PyObject)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (mut name, mut value) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a reference to a `PyDict` is only had with the GIL, and the dict is live. Nothing changes it while its names
        // are compared.
        let more = unsafe { ffi::PyDict_Next(kwargs.as_object().as_ptr(), &raw mut at, &raw mut name, &raw mut value) };
        (more != 0).then_some((name, value))
    })
}

/// Refuses names that are none, as CPython does for functions of another calling convention.
fn check_names(py: Python<'_>, kwargs: &PyDict) -> PyResult<()> {
    // SAFETY: the names are live objects.
    if named(kwargs).all(|(name, _)| unsafe { ffi::PyUnicode_Check(name) != 0 }) {
        return Ok(());
    }
    Err(refused(py, "keywords must be strings"))
}

/// Adds to an exception which argument it is about, where exceptions have notes, as PyO3 does.
#[cold]
pub(crate) fn while_processing(py: Python<'_>, name: &str, mut error: PyErr) -> PyErr {
    // That there are no notes before Python 3.11 is no error.
    let _ = error.instance(py).call_method(py, "add_note", (format!("while processing '{name}'"),), None);
    error
}

/// A number among the arguments, if it is given, or its default.
#[inline]
pub(crate) fn number(py: Python<'_>, name: &str, given: Option<Argument<'_>>, default: usize) -> PyResult<usize> {
    match given {
        Some(number) => at_least_one(py, name, &number).map_err(|error| while_processing(py, name, error)),
        None => Ok(default),
    }
}

/// An int of at least 1. One that is larger than any length is cut to the largest.
///
/// # Errors
///
/// A `ValueError` for a smaller one, a `TypeError` for what has no `__index__`, and what `__index__` raises.
fn at_least_one(py: Python<'_>, name: &str, number: &PyObject) -> PyResult<usize> {
    // SAFETY: `number` is a live object and the GIL is held; what comes back is a new reference, or null with an exception
    // set.
    let number = unsafe { owned(py, ffi::PyNumber_Index(number.as_ptr()))? };
    // SAFETY: as above, and an int: so nothing is raised, and what is too large or too small is cut.
    let cut = unsafe { ffi::PyNumber_AsSsize_t(number.as_ptr(), ptr::null_mut()) };
    let got = match usize::try_from(cut) {
        Ok(value @ 1..) => return Ok(value),
        _ if cut == isize::MIN => digits(py, &number)?,
        _ => cut.to_string(),
    };
    Err(raised::<exc::ValueError>(py, format!("{name} must be at least 1, got {got}")))
}

/// An int as Python writes it: hexadecimal where it has more decimal digits than Python is willing to make.
#[cold]
fn digits(py: Python<'_>, number: &PyObject) -> PyResult<String> {
    // SAFETY: `number` is a live int and the GIL is held; what comes back is a new reference, or null with an exception set.
    let in_base = |base| unsafe { owned(py, ffi::PyNumber_ToBase(number.as_ptr(), base)) };
    in_base(10).or_else(|_| in_base(16))?.extract(py)
}

/// The UTF-8 of a str, which is kept with it.
pub(crate) fn utf8<'a>(py: Python<'_>, name: &str, val: &'a PyObject) -> PyResult<&'a str> {
    let failed = |error| while_processing(py, name, error);
    // SAFETY: `val` is a live object.
    if unsafe { ffi::PyUnicode_Check(val.as_ptr()) } == 0 {
        let what = match val {
            _ if *val == py.None() => "'None' is".to_owned(),
            _ => format!("'{}' object is", type_name(py, val, c"__qualname__")?),
        };
        return Err(failed(refused(py, format!("{what} not an instance of 'str'"))));
    }
    let mut len = 0;
    // SAFETY: `val` is a live str and the GIL is held. What comes back is null with an exception set, or `len` bytes of valid
    // UTF-8 that are the str's, and there as long as it is.
    unsafe {
        let data = ffi::PyUnicode_AsUTF8AndSize(val.as_ptr(), &raw mut len);
        if data.is_null() {
            return Err(failed(PyErr::fetch(py)));
        }
        Ok(str::from_utf8_unchecked(std::slice::from_raw_parts(data.cast(), len as usize)))
    }
}
