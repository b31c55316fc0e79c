//! One file an instruction set. Each is a [`Vector`](crate::vector::Vector) and a line that names its CPU features.

use core::mem::MaybeUninit;

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
        pub(crate) unsafe fn count_elements<const W: usize, const FLOAT: bool>(haystack: &[u8]) -> usize {
            // SAFETY: the features are enabled here, and the caller's CPU has them.
            unsafe { crate::kernel::count_elements::<$vector, W, FLOAT>(haystack) }
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

        $(#[target_feature(enable = $feature)])+
        unsafe fn place(marks: &[u64], places: &mut [core::mem::MaybeUninit<u16>]) -> usize {
            // SAFETY: the features are enabled here, and the caller's CPU has them.
            unsafe { <$vector as crate::vector::Vector>::place(marks, places) }
        }

        $(#[target_feature(enable = $feature)])+
        unsafe fn locate(marks: &[u64], start: usize, positions: &mut [core::mem::MaybeUninit<usize>]) -> usize {
            // SAFETY: the features are enabled here, and the caller's CPU has them.
            unsafe { <$vector as crate::vector::Vector>::locate(marks, start, positions) }
        }

        pub(crate) const fn elements<const W: usize, const FLOAT: bool>() -> super::Finding {
            $(#[target_feature(enable = $feature)])+
            unsafe fn has<const W: usize, const FLOAT: bool>(haystack: &[u8]) -> bool {
                // SAFETY: the features are enabled here, and the caller's CPU has them.
                unsafe { crate::find_kernel::has_elements::<$vector, W, FLOAT>(haystack) }
            }
            $(#[target_feature(enable = $feature)])+
            unsafe fn mark<const W: usize, const FLOAT: bool>(haystack: &[u8], marks: &mut [u64]) {
                // SAFETY: the features are enabled here, and the caller's CPU has them.
                unsafe { crate::find_kernel::mark_elements::<$vector, W, FLOAT>(haystack, marks) }
            }
            $(#[target_feature(enable = $feature)])+
            #[cfg(feature = "std")]
            unsafe fn located<const W: usize, const FLOAT: bool, const EDGES: bool>(
                haystack: &[u8],
                start: usize,
                before: &mut bool,
                positions: &mut [core::mem::MaybeUninit<usize>],
            ) -> (usize, usize) {
                // SAFETY: the features are enabled here, and the caller's CPU has them.
                unsafe {
                    crate::find_kernel::locate_elements::<$vector, W, FLOAT, EDGES>(haystack, start, before, positions)
                }
            }
            super::Finding {
                has: has::<W, FLOAT>,
                mark: mark::<W, FLOAT>,
                place,
                locate,
                #[cfg(feature = "std")]
                doubles: located::<W, FLOAT, false>,
                #[cfg(feature = "std")]
                edges: located::<W, FLOAT, true>,
            }
        }

        pub(crate) const fn chars() -> super::Finding {
            $(#[target_feature(enable = $feature)])+
            unsafe fn has(haystack: &[u8]) -> bool {
                // SAFETY: the features are enabled here, and the caller's CPU has them.
                unsafe { crate::find_kernel::has_chars::<$vector>(haystack) }
            }
            $(#[target_feature(enable = $feature)])+
            unsafe fn mark(haystack: &[u8], marks: &mut [u64]) {
                // SAFETY: the features are enabled here, and the caller's CPU has them.
                unsafe { crate::find_kernel::mark_chars::<$vector>(haystack, marks) }
            }
            super::Finding::by_marks(has, mark, place, locate)
        }
    };
}

/// How a backend finds the doubles of elements of one width, or of characters. The haystack is of whole elements, or
/// valid UTF-8.
///
/// # Safety of all
///
/// The backend must be detected.
#[derive(Clone, Copy)]
pub(crate) struct Finding {
    /// Whether there is a double.
    pub(crate) has: unsafe fn(&[u8]) -> bool,
    /// Sets a bit for each element that equals the next one, or for the first byte of each such character: bit `i % 64`
    /// of mark `i / 64`, for as many as there are marks for. All other bits are cleared.
    pub(crate) mark: unsafe fn(haystack: &[u8], marks: &mut [u64]),
    /// Writes the places of the bits that are set in these marks, in order, and gives how many there are. There must be
    /// room for [`MORE`] after those of all bits.
    pub(crate) place: unsafe fn(marks: &[u64], places: &mut [MaybeUninit<u16>]) -> usize,
    /// Writes where the bits are that are set in the marks from the element `start` on, in order, and gives how many there
    /// are. There must be room for [`MORE`] after as many.
    #[cfg_attr(not(feature = "std"), expect(dead_code, reason = "only a `Vec` takes all at once"))]
    pub(crate) locate: unsafe fn(marks: &[u64], start: usize, positions: &mut [MaybeUninit<usize>]) -> usize,
    /// Both at once, of what there is room for; the rest, and with some kinds all, is left to marks. The haystack, where it
    /// begins, whether what lies before it equals its first element, and the room; how many elements were looked at, and
    /// how many positions written: those of doubles.
    #[cfg(feature = "std")]
    pub(crate) doubles: Located,
    /// The same of the first and the last element of each run.
    #[cfg(feature = "std")]
    pub(crate) edges: Located,
}

/// What [`Finding::doubles`] and [`Finding::edges`] are.
#[cfg(feature = "std")]
pub(crate) type Located = unsafe fn(&[u8], usize, &mut bool, &mut [MaybeUninit<usize>]) -> (usize, usize);

impl Finding {
    /// Of a kind that has marks alone.
    const fn by_marks(
        has: unsafe fn(&[u8]) -> bool,
        mark: unsafe fn(&[u8], &mut [u64]),
        place: unsafe fn(&[u64], &mut [MaybeUninit<u16>]) -> usize,
        locate: unsafe fn(&[u64], usize, &mut [MaybeUninit<usize>]) -> usize,
    ) -> Self {
        #[cfg(feature = "std")]
        fn none(_: &[u8], _: usize, _: &mut bool, _: &mut [MaybeUninit<usize>]) -> (usize, usize) {
            (0, 0)
        }
        Self {
            has,
            mark,
            place,
            locate,
            #[cfg(feature = "std")]
            doubles: none,
            #[cfg(feature = "std")]
            edges: none,
        }
    }
}

/// How many places or positions more than there are bits may be written.
pub(crate) const MORE: usize = 32;

/// What [`Finding::place`] does, compiled for each backend.
#[inline(always)]
pub(crate) fn place_bits(marks: &[u64], places: &mut [MaybeUninit<u16>]) -> usize {
    assert!(places.len() >= 64 * marks.len() + MORE, "too little room");
    // SAFETY: the room was looked at.
    unsafe { write_bits(marks, places, |mark, bit| (64 * mark) as u16 | bit as u16) }
}

/// What [`Finding::locate`] does, compiled for each backend.
#[inline(always)]
pub(crate) fn locate_bits(marks: &[u64], start: usize, positions: &mut [MaybeUninit<usize>]) -> usize {
    assert!(has_room_for(marks, positions), "too little room");
    // SAFETY: the room was looked at.
    unsafe { write_bits(marks, positions, |mark, bit| start + (64 * mark + bit as usize)) }
}

/// Whether there is room for as many as there are bits that are set, and [`MORE`]. They are only counted if they must be.
#[inline(always)]
pub(crate) fn has_room_for(marks: &[u64], positions: &[MaybeUninit<usize>]) -> bool {
    positions.len() >= 64 * marks.len() + MORE || positions.len() >= set_bits(marks) + MORE
}

/// How many bits are set in these marks.
#[inline(always)]
pub(crate) fn set_bits(marks: &[u64]) -> usize {
    marks.iter().map(|mark| mark.count_ones() as usize).sum()
}

/// Writes what `place` makes of the mark and the bit, for each bit that is set, in order, and gives how many there are.
///
/// # Safety
///
/// There must be room for as many, and [`MORE`].
#[inline(always)]
unsafe fn write_bits<P>(marks: &[u64], places: &mut [MaybeUninit<P>], place: impl Fn(usize, u32) -> P) -> usize {
    /// The bits that are taken out of a mark before a look at whether there are more: most marks have no more.
    const GROUP: usize = 4;
    let mut placed = 0;
    for (at, mark) in marks.iter().enumerate() {
        let mut mark = *mark;
        let count = mark.count_ones() as usize;
        let mut taken = 0;
        loop {
            // As many are written each time, which is cheaper than to look whether each is there.
            for i in 0..GROUP {
                // SAFETY: less than `GROUP` after as many as there are bits, of which the room is.
                unsafe { places.get_unchecked_mut(placed + taken + i) }.write(place(at, mark.trailing_zeros()));
                mark &= mark.wrapping_sub(1);
            }
            taken += GROUP;
            if taken >= count {
                break;
            }
        }
        placed += count;
    }
    placed
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
            pub(crate) unsafe fn count_elements<const W: usize, const FLOAT: bool>(self, haystack: &[u8]) -> usize {
                // SAFETY: the caller's promise.
                unsafe {
                    match self {
                        $($(#[cfg(target_arch = $arch)])? Self::$name => $name::count_elements::<W, FLOAT>(haystack),)+
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

            /// How it finds elements of `W` bytes.
            pub(crate) fn elements<const W: usize, const FLOAT: bool>(self) -> Finding {
                match self {
                    $($(#[cfg(target_arch = $arch)])? Self::$name => $name::elements::<W, FLOAT>(),)+
                }
            }

            /// How it finds characters.
            pub(crate) fn chars(self) -> Finding {
                match self {
                    $($(#[cfg(target_arch = $arch)])? Self::$name => $name::chars(),)+
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

pub(crate) use scalar::{count_chars as count_chars_scalar, count_equal, equal, has_equal, length_of_char};
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
pub(crate) use scalar::{doubled_chars, mark_chars as mark_chars_scalar, mark_elements as mark_elements_scalar};

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::*;

    #[test]
    fn room_that_is_too_little_is_seen() {
        for marks in [&[][..], &[0], &[0b1011], &[u64::MAX], &[1, 1 << 63], &[u64::MAX; 2], &[u64::MAX, 0, 7]] {
            let needed = set_bits(marks) + MORE;
            for room in 0..needed + 200 {
                let positions = vec![MaybeUninit::uninit(); room];
                assert_eq!(has_room_for(marks, &positions), room >= needed, "{marks:?}, room for {room}");
            }
        }
    }

    #[test]
    #[should_panic(expected = "too little room")]
    fn nothing_is_located_without_room() {
        locate_bits(&[0b1011], 0, &mut [MaybeUninit::uninit(); 2 + MORE]);
    }

    #[test]
    #[should_panic(expected = "too little room")]
    fn nothing_is_placed_without_room() {
        place_bits(&[0b1011], &mut [MaybeUninit::uninit(); 63 + MORE]);
    }
}
