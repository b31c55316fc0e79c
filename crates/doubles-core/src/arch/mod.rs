//! One file an instruction set. Each is a [`Vector`](crate::vector::Vector) and a line that names its CPU features.

/// The functions that a `Backend` dispatches to, for a vector type and the features it needs.
///
/// The features stand here once, and serve both detection and compilation.
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
        pub(crate) unsafe fn count_elements<const W: usize>(haystack: &[u8]) -> usize {
            // SAFETY: the features are enabled here, and the caller's CPU has them.
            unsafe { crate::kernel::count_elements::<$vector, W>(haystack) }
        }

        /// # Safety
        ///
        /// [`detected`] must hold.
        $(#[target_feature(enable = $feature)])+
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

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) mod avx512;
#[cfg(target_arch = "aarch64")]
pub(crate) mod neon;
pub(crate) mod scalar;
#[cfg(target_arch = "x86_64")]
pub(crate) mod sse2;
