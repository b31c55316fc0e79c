//! What a kernel asks of an instruction set.

use core::mem::MaybeUninit;

/// A register of bytes, and what the kernels do with it.
///
/// Three associated types keep the kernels the same where instruction sets differ: the outcome of a comparison is a
/// vector of all-ones lanes on AVX2, SSE2 and NEON but a bit mask on AVX-512, and it is cheapest to count in byte
/// lanes on the former but by `popcnt` on the latter.
///
/// Methods that compare elements take their width in bytes as `W`, which is 1, 2, 4 or 8.
///
/// # Safety of every method
///
/// The CPU must have the instruction set. That is proved once, where a `Backend` is made: the kernels are only
/// instantiated inside functions that enable the features, and those are only called through a `Backend`.
/// All methods are `#[inline(always)]`, since they must be compiled inside such a function. Pointers may have any
/// alignment; all `BYTES` bytes behind them must be readable.
pub(crate) trait Vector: Copy {
    /// The size of the register.
    const BYTES: usize;

    /// The next smaller register, for input shorter than this one; `Self` where there is none.
    type Half: Vector;

    /// Lanes that hold or do not hold.
    type Lanes: Copy;

    /// A running count of lanes that hold.
    type Tally: Copy;

    /// How many `Lanes` a `Tally` can take before [`Vector::total`] must be asked: 255 where a lane counts in 8 bits.
    const TALLY_LIMIT: usize;

    /// The `BYTES` bytes at `ptr`.
    unsafe fn load(ptr: *const u8) -> Self;

    /// The same byte in each lane.
    unsafe fn splat(byte: u8) -> Self;

    /// The last `BYTES` of the bytes of `self` followed by the first `W` of `next`: what a load `W` bytes further
    /// on would give, without touching a second cache line. `W` is 1, 2, 3, 4 or 8.
    unsafe fn shifted<const W: usize>(self, next: Self) -> Self;

    /// The lanes of `W` bytes that are equal: as floats if `FLOAT`, of which there are none of one byte.
    unsafe fn eq<const W: usize, const FLOAT: bool>(self, other: Self) -> Self::Lanes;

    /// Lanes that hold in both.
    unsafe fn and(a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;

    /// Lanes that hold in either.
    unsafe fn or(a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;

    /// Whether any lane holds.
    unsafe fn any(lanes: Self::Lanes) -> bool;

    /// A bit for each lane of `W` bytes, the first lane the lowest; the bits above them are zero.
    unsafe fn bits<const W: usize>(lanes: Self::Lanes) -> u64;

    /// Byte lanes moved down by `N`: lane `i` of the result is lane `i + N`, the last ones from `next`. 1, 2 or 3.
    unsafe fn after<const N: usize>(lanes: Self::Lanes, next: Self::Lanes) -> Self::Lanes;

    /// An empty count.
    unsafe fn tally() -> Self::Tally;

    /// Adds the lanes that hold.
    unsafe fn add(tally: Self::Tally, lanes: Self::Lanes) -> Self::Tally;

    /// How many lanes of `W` bytes were added to all of them together.
    unsafe fn total<const W: usize, const N: usize>(tallies: [Self::Tally; N]) -> usize;

    /// How many lanes of `W` bytes hold within the first `bytes` bytes, a multiple of `W` up to `BYTES`.
    unsafe fn count_first<const W: usize>(lanes: Self::Lanes, bytes: usize) -> usize;

    /// How many lanes of `W` bytes hold within the last `bytes` bytes, a multiple of `W` up to `BYTES`.
    unsafe fn count_last<const W: usize>(lanes: Self::Lanes, bytes: usize) -> usize;

    /// The bits that differ.
    unsafe fn xor(self, other: Self) -> Self;

    /// The larger byte of each lane, unsigned.
    unsafe fn max(self, other: Self) -> Self;

    /// Whether any byte is at least `limit`, unsigned.
    unsafe fn any_at_least<const LIMIT: u8>(self) -> bool;

    /// The bytes that begin a UTF-8 character: all but `0b10xx_xxxx`.
    unsafe fn starts_char(self) -> Self::Lanes;

    /// `set` in the byte lanes whose bit `BIT` is 1, `clear` in the others. `BIT` is 7, 5 or 4.
    unsafe fn select<const BIT: u32>(self, clear: Self::Lanes, set: Self::Lanes) -> Self::Lanes;

    /// Writes the places of the bits that are set in these marks, in order, and gives how many there are.
    ///
    /// # Panics
    ///
    /// If there is not room for as many as there are bits, set or not, and [`MORE`](crate::arch::MORE).
    #[inline(always)]
    unsafe fn place(marks: &[u64], places: &mut [MaybeUninit<u16>]) -> usize {
        crate::arch::place_bits(marks, places)
    }

    /// Writes where the bits are that are set in the marks from the element `start` on, in order, and gives how many there
    /// are.
    ///
    /// # Panics
    ///
    /// If there is not room for as many and [`MORE`](crate::arch::MORE).
    #[inline(always)]
    unsafe fn locate(marks: &[u64], start: usize, positions: &mut [MaybeUninit<usize>]) -> usize {
        crate::arch::locate_bits(marks, start, positions)
    }
}
