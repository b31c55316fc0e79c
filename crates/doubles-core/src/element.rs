//! The integers and floats whose neighbours can be compared.

use core::cmp::Ordering;
use core::fmt::Debug;

/// A number whose neighbours can be compared: an integer of 8, 16, 32 or 64 bits, [`Half`], [`f32`] or [`f64`].
///
/// Equality is that of the type: a NaN equals nothing, and -0.0 equals 0.0. Integers are compared in either byte order;
/// floats that are not in the byte order of this machine must be swapped first. The trait is sealed: the kernels know these
/// types only.
///
/// ```
/// fn doubled<T: doubles_core::Element>(sample: &[T]) -> bool {
///     doubles_core::has_elements(sample)
/// }
/// assert!(doubled(&[1u8, 1]) && !doubled(&[1i64, 2]));
/// assert!(doubled(&[0.0, -0.0]) && !doubled(&[f32::NAN; 2]));
/// ```
pub trait Element: Copy + PartialEq + Send + Sync + Debug + 'static + private::Bytes {
    /// A number that two elements share exactly when they are equal, or are both NaN.
    ///
    /// The bits of an integer, with zeros above them; the bits of a float, but those of 0.0 for -0.0, and of one NaN for
    /// every NaN.
    ///
    /// ```
    /// use doubles_core::Element;
    /// assert_eq!((-1i8).key(), 255);
    /// assert_eq!((-0.0f64).key(), 0.0f64.key());
    /// ```
    fn key(self) -> u64;

    /// The element of this [`key`](Self::key). Bits above those of an element are ignored.
    ///
    /// ```
    /// use doubles_core::Element;
    /// assert_eq!(f32::from_key(1.5f32.key()), 1.5);
    /// ```
    #[must_use]
    fn from_key(key: u64) -> Self;

    /// The element at an index of those in `bytes`, which may have any address, in the byte order of this machine.
    ///
    /// ```
    /// use doubles_core::Element;
    /// assert_eq!(u16::at(&[0, 0, 7, 7], 1), 0x0707);
    /// ```
    ///
    /// # Panics
    ///
    /// If there are not so many whole elements.
    #[must_use]
    fn at(bytes: &[u8], index: usize) -> Self;

    /// The elements' bytes, as they lie in memory.
    ///
    /// ```
    /// use doubles_core::Element;
    /// assert_eq!(u16::as_bytes(&[0x0707]), [7, 7]);
    /// ```
    #[must_use]
    #[inline]
    fn as_bytes(elements: &[Self]) -> &[u8] {
        // SAFETY: the trait is sealed and implemented for types without padding, so that all bytes are initialised; a byte
        // needs no alignment; the length in bytes is that of the slice, and so is the lifetime.
        unsafe { core::slice::from_raw_parts(elements.as_ptr().cast(), size_of_val(elements)) }
    }
}

/// The bits of a float of 16 bits (IEEE 754 binary16), with the equality of floats.
///
/// ```
/// use doubles_core::Half;
/// let [zero, minus_zero, one, nan] = [0, 0x8000, 0x3c00, 0x7e00].map(Half);
/// assert!(zero == minus_zero && zero != one && nan != nan);
/// assert_eq!(f32::from(one), 1.0);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[repr(transparent)]
pub struct Half(pub u16);

impl Half {
    /// All bits but the sign.
    const MAGNITUDE: u16 = 0x7fff;

    /// The bits of infinity: those of a NaN are above them.
    const INFINITY: u16 = 0x7c00;
}

impl PartialEq for Half {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        let is_nan = self.0 & Self::MAGNITUDE > Self::INFINITY;
        (self.0 == other.0 && !is_nan) || (self.0 | other.0) & Self::MAGNITUDE == 0
    }
}

impl From<Half> for f32 {
    /// The same number: each one of 16 bits is one of 32.
    fn from(half: Half) -> Self {
        /// The distance between two subnormal numbers, 2⁻²⁴.
        const LEAST: f32 = 1.0 / (1 << 24) as f32;
        let [sign, magnitude] = [half.0 & !Half::MAGNITUDE, half.0 & Half::MAGNITUDE].map(u32::from);
        let magnitude = match magnitude {
            0..0x400 => (magnitude as f32 * LEAST).to_bits(),
            0x400..0x7c00 => (magnitude << 13) + ((127 - 15) << 23),
            // Infinity and NaN.
            _ => (magnitude << 13) | 0x7f80_0000,
        };
        Self::from_bits(sign << 16 | magnitude)
    }
}

impl From<Half> for f64 {
    /// The same number: each one of 16 bits is one of 64.
    fn from(half: Half) -> Self {
        f32::from(half).into()
    }
}

pub(crate) mod private {
    use core::cmp::Ordering;
    use core::mem::MaybeUninit;

    /// A type without padding, of which any bytes are a value.
    pub trait Bytes: Sized {
        /// Whether equality is that of floats, and not that of the bytes.
        const FLOAT: bool;

        /// The bytes of elements that are not there yet.
        #[inline]
        fn as_room(elements: &mut [MaybeUninit<Self>]) -> &mut [MaybeUninit<u8>] {
            // SAFETY: a byte needs no alignment, and the length in bytes and the lifetime are those of the slice. What is
            // written is any bytes, and any bytes are an element.
            unsafe { core::slice::from_raw_parts_mut(elements.as_mut_ptr().cast(), size_of_val(elements)) }
        }

        /// The order of numbers, that of `total_cmp` for floats.
        fn order(&self, other: &Self) -> Ordering;
    }
}

macro_rules! integers {
    ($($integer:ty, $unsigned:ty;)+) => {
        $(impl Element for $integer {
            #[inline]
            fn key(self) -> u64 {
                self as $unsigned as u64
            }

            #[inline]
            fn from_key(key: u64) -> Self {
                key as Self
            }

            #[inline]
            fn at(bytes: &[u8], index: usize) -> Self {
                Self::from_ne_bytes(bytes.as_chunks().0[index])
            }
        }

        impl private::Bytes for $integer {
            const FLOAT: bool = false;

            #[inline]
            fn order(&self, other: &Self) -> Ordering {
                self.cmp(other)
            }
        })+
    };
}

integers!(u8, u8; u16, u16; u32, u32; u64, u64; i8, u8; i16, u16; i32, u32; i64, u64;);

macro_rules! floats {
    ($($float:ty, $bits:ty;)+) => {
        $(impl Element for $float {
            #[inline]
            fn key(self) -> u64 {
                if self == 0.0 {
                    0
                } else if self.is_nan() {
                    Self::NAN.to_bits().into()
                } else {
                    self.to_bits().into()
                }
            }

            #[inline]
            fn from_key(key: u64) -> Self {
                Self::from_bits(key as $bits)
            }

            #[inline]
            fn at(bytes: &[u8], index: usize) -> Self {
                Self::from_ne_bytes(bytes.as_chunks().0[index])
            }
        }

        impl private::Bytes for $float {
            const FLOAT: bool = true;

            #[inline]
            fn order(&self, other: &Self) -> Ordering {
                self.total_cmp(other)
            }
        })+
    };
}

floats!(f32, u32; f64, u64;);

impl Element for Half {
    #[inline]
    fn key(self) -> u64 {
        match self.0 & Self::MAGNITUDE {
            0 => 0,
            magnitude if magnitude > Self::INFINITY => 0x7e00,
            _ => self.0.into(),
        }
    }

    #[inline]
    fn from_key(key: u64) -> Self {
        Self(key as u16)
    }

    #[inline]
    fn at(bytes: &[u8], index: usize) -> Self {
        Self(u16::at(bytes, index))
    }
}

impl private::Bytes for Half {
    const FLOAT: bool = true;

    #[inline]
    fn order(&self, other: &Self) -> Ordering {
        f32::from(*self).total_cmp(&f32::from(*other))
    }
}
