//! Which instruction set runs: chosen and named in one place.

use core::fmt;
use core::sync::atomic::{AtomicU8, Ordering};

use crate::Element;
use crate::arch::{self, Kind};
use crate::short;

/// The place in `Kind::ALL` of the backend that was detected. Before that it is none.
static DETECTED: AtomicU8 = AtomicU8::new(u8::MAX);

/// An instruction set that this CPU has: a value of this type is the proof.
///
/// ```
/// use doubles_core::Backend;
///
/// for backend in Backend::available() {
///     assert_eq!(backend.count_bytes(b"aabccc"), 3, "{backend}");
/// }
/// assert_eq!(Backend::by_name("scalar").map(Backend::name), Some("scalar"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Backend(Kind);

impl Backend {
    /// Every backend that this CPU can run, fastest first. The last is always `scalar`.
    ///
    /// ```
    /// use doubles_core::Backend;
    /// assert_eq!(Backend::available().next(), Some(Backend::detect()));
    /// assert_eq!(Backend::available().last().map(Backend::name), Some("scalar"));
    /// ```
    pub fn available() -> impl Iterator<Item = Self> {
        Kind::ALL.iter().filter(|kind| kind.detected()).map(|kind| Self(*kind))
    }

    /// The fastest backend that this CPU can run. It is found once; after that this is one load.
    ///
    /// ```
    /// let backend = doubles_core::Backend::detect();
    /// assert_eq!(backend.count_bytes(b"aabccc"), 3, "{backend}");
    /// ```
    #[must_use]
    #[inline]
    pub fn detect() -> Self {
        Self::known().unwrap_or_else(Self::find)
    }

    /// The backend that [`detect`](Self::detect) has found, if it has.
    #[inline]
    pub(crate) fn known() -> Option<Self> {
        Kind::ALL.get(usize::from(DETECTED.load(Ordering::Relaxed))).map(|kind| Self(*kind))
    }

    /// A kind that was detected.
    pub(crate) fn kind(self) -> Kind {
        self.0
    }

    #[cold]
    #[inline(never)]
    fn find() -> Self {
        let (index, kind) =
            (0..).zip(Kind::ALL).find(|(_, kind)| kind.detected()).expect("`scalar` is always available");
        // Threads that race here find the same.
        DETECTED.store(index, Ordering::Relaxed);
        Self(*kind)
    }

    /// The names of every backend of this build, fastest first, whether or not this CPU can run it.
    ///
    /// ```
    /// assert_eq!(doubles_core::Backend::names().last(), Some("scalar"));
    /// ```
    pub fn names() -> impl Iterator<Item = &'static str> {
        Kind::ALL.iter().map(|kind| kind.name())
    }

    /// The backend of this [`name`](Self::name), if there is one that this CPU can run.
    ///
    /// ```
    /// use doubles_core::Backend;
    /// for backend in Backend::available() {
    ///     assert_eq!(Backend::by_name(backend.name()), Some(backend));
    /// }
    /// assert_eq!(Backend::by_name("abacus"), None);
    /// ```
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::available().find(|backend| backend.name() == name)
    }

    /// `"avx512vbmi"`, `"avx512"`, `"avx2"`, `"sse2"`, `"neon"` or `"scalar"`.
    ///
    /// ```
    /// use doubles_core::Backend;
    /// assert!(Backend::names().any(|name| name == Backend::detect().name()));
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// [`count_chars`](crate::count_chars) with this backend.
    ///
    /// ```
    /// assert_eq!(doubles_core::Backend::detect().count_chars("bookkeeper"), 3);
    /// ```
    #[must_use]
    #[inline]
    pub fn count_chars(self, haystack: &str) -> usize {
        count_chars(haystack, || Some(self))
    }

    /// [`count_bytes`](crate::count_bytes) with this backend.
    ///
    /// ```
    /// assert_eq!(doubles_core::Backend::detect().count_bytes(b"\0\0\0"), 2);
    /// ```
    #[must_use]
    #[inline]
    pub fn count_bytes(self, haystack: &[u8]) -> usize {
        self.count_unaligned::<u8>(haystack)
    }

    /// [`count_elements`](crate::count_elements) with this backend.
    ///
    /// ```
    /// assert_eq!(doubles_core::Backend::detect().count_elements(&[1u64, 1, 2, 2, 2]), 3);
    /// ```
    #[must_use]
    #[inline]
    pub fn count_elements<T: Element>(self, haystack: &[T]) -> usize {
        self.count_unaligned::<T>(T::as_bytes(haystack))
    }

    /// [`count_unaligned`](crate::count_unaligned) with this backend.
    ///
    /// ```
    /// assert_eq!(doubles_core::Backend::detect().count_unaligned::<u16>(&[1, 2, 1, 2]), 1);
    /// ```
    ///
    /// # Panics
    ///
    /// If the length is not a multiple of the element's size.
    #[must_use]
    #[inline]
    pub fn count_unaligned<T: Element>(self, haystack: &[u8]) -> usize {
        count_unaligned::<T>(haystack, || Some(self))
    }
}

/// Characters with the `backend`, which short text does not ask for: a dispatch would be most of its cost.
///
/// `backend` gives `None` where none was detected yet. That, and all that is not short, is left to functions which are
/// called last: then short input needs no registers saved.
#[inline]
pub(crate) fn count_chars(haystack: &str, backend: impl FnOnce() -> Option<Backend>) -> usize {
    if haystack.len() > short::LIMIT {
        match backend() {
            // SAFETY: a `Backend` holds only kinds that were detected.
            Some(Backend(kind)) => unsafe { kind.count_chars(haystack) },
            None => detect_and_count_chars(haystack),
        }
    } else if haystack.is_ascii() {
        short::count_elements::<1, false>(haystack.as_bytes())
    } else {
        arch::count_chars_scalar(haystack)
    }
}

#[cold]
#[inline(never)]
fn detect_and_count_chars(haystack: &str) -> usize {
    Backend::detect().count_chars(haystack)
}

/// Elements with the `backend`, which short input does not ask for.
///
/// # Panics
///
/// If the length is not a multiple of the element's size.
#[inline]
pub(crate) fn count_unaligned<T: Element>(haystack: &[u8], backend: impl FnOnce() -> Option<Backend>) -> usize {
    assert!(haystack.len().is_multiple_of(size_of::<T>()), "the last element is cut");
    match (size_of::<T>(), T::FLOAT) {
        (1, _) => count_wide::<1, false>(haystack, backend),
        (2, false) => count_wide::<2, false>(haystack, backend),
        (4, false) => count_wide::<4, false>(haystack, backend),
        (_, false) => count_wide::<8, false>(haystack, backend),
        (2, true) => count_wide::<2, true>(haystack, backend),
        (4, true) => count_wide::<4, true>(haystack, backend),
        (_, true) => count_wide::<8, true>(haystack, backend),
    }
}

#[inline]
fn count_wide<const W: usize, const FLOAT: bool>(haystack: &[u8], backend: impl FnOnce() -> Option<Backend>) -> usize {
    if haystack.len() <= short::LIMIT {
        return short::count_elements::<W, FLOAT>(haystack);
    }
    match backend() {
        // SAFETY: a `Backend` holds only kinds that were detected.
        Some(Backend(kind)) => unsafe { kind.count_elements::<W, FLOAT>(haystack) },
        None => detect_and_count_elements::<W, FLOAT>(haystack),
    }
}

#[cold]
#[inline(never)]
fn detect_and_count_elements<const W: usize, const FLOAT: bool>(haystack: &[u8]) -> usize {
    count_wide::<W, FLOAT>(haystack, || Some(Backend::detect()))
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
