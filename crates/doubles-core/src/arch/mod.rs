//! One file an instruction set. Each is a [`Vector`](crate::vector::Vector) and a line that names its CPU features.

/// The functions that a `Backend` dispatches to, for a vector type and the features it needs.
///
/// The features stand here once, and serve both detection and compilation. The functions are never inlined: where the
/// features are those of the whole build they would be, and the registers they need be saved for short input too.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
macro_rules! vector_backend {
    ($vector:ty, $($feature:tt),+) => {
        /// Whether this CPU has every feature.
        pub(crate) fn detected() -> bool {
            $(super::has_feature!($feature))&&+
        }

        /// # Safety
        ///
        /// [`detected`] must hold.
        $(#[target_feature(enable = $feature)])+
        #[inline(never)]
        pub(crate) unsafe fn count_elements<const W: usize>(haystack: &[u8]) -> usize {
            // SAFETY: the features are enabled here, and the caller's CPU has them.
            unsafe { crate::kernel::count_elements::<$vector, W>(haystack) }
        }

        /// # Safety
        ///
        /// [`detected`] must hold.
        $(#[target_feature(enable = $feature)])+
        #[inline(never)]
        pub(crate) unsafe fn count_chars(haystack: &str) -> usize {
            // SAFETY: the features are enabled here, and the caller's CPU has them.
            unsafe { crate::kernel::count_chars::<$vector>(haystack) }
        }
    };
}

/// Whether the CPU has a feature; without `std`, whether the build may assume it.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
macro_rules! has_feature {
    ($feature:tt) => {{
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        let has = std::is_x86_feature_detected!($feature);
        #[cfg(all(feature = "std", target_arch = "aarch64"))]
        let has = std::arch::is_aarch64_feature_detected!($feature);
        #[cfg(not(feature = "std"))]
        let has = cfg!(target_feature = $feature);
        has
    }};
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use {has_feature, vector_backend};

/// Makes a backend of each line: a module of that name, for CPUs of that architecture if one is named.
macro_rules! backends {
    ($($name:ident $(on $arch:literal)?),+ $(,)?) => {
        $($(#[cfg(target_arch = $arch)])? mod $name;)+

        /// The backends of this build. Each is the name of its module, and the name that callers know.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(non_camel_case_types)]
        #[repr(u8)]
        pub(crate) enum Kind {
            $($(#[cfg(target_arch = $arch)])? $name,)+
        }

        impl Kind {
            /// All of them, in the order of the list.
            pub(crate) const ALL: &'static [Self] = &[$($(#[cfg(target_arch = $arch)])? Self::$name,)+];

            pub(crate) fn name(self) -> &'static str {
                match self {
                    $($(#[cfg(target_arch = $arch)])? Self::$name => stringify!($name),)+
                }
            }

            /// Whether this CPU can run it.
            pub(crate) fn detected(self) -> bool {
                match self {
                    $($(#[cfg(target_arch = $arch)])? Self::$name => $name::detected(),)+
                }
            }

            /// # Safety
            ///
            /// It must be detected.
            #[inline]
            #[allow(unused_unsafe)]
            pub(crate) unsafe fn count_elements<const W: usize>(self, haystack: &[u8]) -> usize {
                // SAFETY: the caller's promise.
                unsafe {
                    match self {
                        $($(#[cfg(target_arch = $arch)])? Self::$name => $name::count_elements::<W>(haystack),)+
                    }
                }
            }

            /// # Safety
            ///
            /// It must be detected.
            #[inline]
            #[allow(unused_unsafe)]
            pub(crate) unsafe fn count_chars(self, haystack: &str) -> usize {
                // SAFETY: the caller's promise.
                unsafe {
                    match self {
                        $($(#[cfg(target_arch = $arch)])? Self::$name => $name::count_chars(haystack),)+
                    }
                }
            }
        }
    };
}

// A line a backend, the fastest first. rustfmt does not see these modules: `make fmt` names their files.
backends! {
    avx512vbmi on "x86_64",
    avx512 on "x86_64",
    avx2 on "x86_64",
    sse2 on "x86_64",
    neon on "aarch64",
    scalar,
}

pub(crate) use scalar::{count_chars as count_chars_scalar, count_equal};
