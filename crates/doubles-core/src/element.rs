//! The integers whose neighbours can be compared.

use core::hash::Hash;

/// An unsigned integer whose neighbours can be compared: `u8`, `u16`, `u32` or `u64`.
///
/// Signed integers, whose equality is the same, can be read through these. The trait is sealed: the kernels know these
/// widths only.
///
/// ```
/// fn doubled<T: doubles_core::Element>(sample: &[T]) -> bool {
///     doubles_core::has_elements(sample)
/// }
/// assert!(doubled(&[1u8, 1]) && !doubled(&[1u64, 2]));
/// ```
pub trait Element: Copy + Ord + Hash + Into<u64> + From<u8> + private::Bytes {}

pub(crate) mod private {
    use core::mem::MaybeUninit;

    /// A type whose values are their bytes: no padding, and equal exactly when their bytes are.
    pub trait Bytes: Sized {
        /// The elements' bytes, as they lie in memory.
        #[inline]
        fn as_bytes(elements: &[Self]) -> &[u8] {
            // SAFETY: this trait is only implemented for integers, all of whose bytes are initialised; a byte needs no
            // alignment; the length in bytes is that of the slice, and so is the lifetime.
            unsafe { core::slice::from_raw_parts(elements.as_ptr().cast(), size_of_val(elements)) }
        }

        /// The bytes of elements that are not there yet.
        #[inline]
        fn as_room(elements: &mut [MaybeUninit<Self>]) -> &mut [MaybeUninit<u8>] {
            // SAFETY: as above; what is written is any bytes, and any bytes are an element.
            unsafe { core::slice::from_raw_parts_mut(elements.as_mut_ptr().cast(), size_of_val(elements)) }
        }

        /// The element at an index of those in bytes.
        fn at(bytes: &[u8], index: usize) -> Self;
    }
}

macro_rules! elements {
    ($($integer:ty),+) => {
        $(impl Element for $integer {}
        impl private::Bytes for $integer {
            #[inline]
            fn at(bytes: &[u8], index: usize) -> Self {
                Self::from_ne_bytes(bytes.as_chunks().0[index])
            }
        })+
    };
}

elements!(u8, u16, u32, u64);
