//! Which instruction set runs, chosen and named in one place.

use crate::Element;
use crate::scalar;

/// An instruction set that this CPU has: a value of this type is the proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Backend(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Scalar,
}

impl Backend {
    /// Every backend that this CPU can run, fastest first. The last is always `scalar`.
    pub fn available() -> impl Iterator<Item = Self> {
        core::iter::once(Self(Kind::Scalar))
    }

    /// The fastest backend that this CPU can run.
    #[must_use]
    pub fn detect() -> Self {
        Self(Kind::Scalar)
    }

    /// The backend of this name, if this CPU can run it.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::available().find(|backend| backend.name() == name)
    }

    /// `"avx512"`, `"avx2"`, `"sse2"`, `"neon"` or `"scalar"`.
    #[must_use]
    pub fn name(self) -> &'static str {
        "scalar"
    }

    /// [`crate::count_chars`] with this backend.
    #[must_use]
    pub fn count_chars(self, haystack: &str) -> usize {
        scalar::count_pairs(haystack.chars())
    }

    /// [`crate::count_elements`] with this backend.
    #[must_use]
    pub fn count_elements<T: Element>(self, haystack: &[T]) -> usize {
        scalar::count_pairs(haystack)
    }

    /// [`crate::count_unaligned`] with this backend.
    #[must_use]
    pub fn count_unaligned<T: Element>(self, haystack: &[u8]) -> usize {
        scalar::count_pairs(haystack.chunks_exact(size_of::<T>()))
    }
}
