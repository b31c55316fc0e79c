//! Input that fits in two general registers: no dispatch, no loop, hardly a branch.
//!
//! Most real strings are this short, and for them the fixed cost is the whole cost.

use crate::arch::{count_equal, equal};

/// The longest input in bytes that [`count_elements`] takes.
pub(crate) const LIMIT: usize = 16;

/// The elements of `W` bytes that equal the next one, in at most [`LIMIT`] bytes of whole elements.
///
/// # Panics
///
/// If the input is longer.
#[inline(always)]
pub(crate) fn count_elements<const W: usize, const FLOAT: bool>(haystack: &[u8]) -> usize {
    if FLOAT && cfg!(target_endian = "big") {
        // The lanes below have the byte order of little-endian floats.
        return count_equal(haystack.as_chunks().0, equal::<W, FLOAT>);
    }
    // Comparisons start in the first `bytes` bytes.
    let bytes = haystack.len().saturating_sub(W);
    if bytes == 0 {
        return 0;
    }
    if bytes < 8 {
        let all = gather(haystack);
        return count_lanes::<W>(equal_lanes::<W, FLOAT>(all, all >> (8 * W % 64)) & !(u64::MAX << (8 * bytes)));
    }
    // The first 8 bytes, and what they do not cover from the last 8.
    assert!(bytes <= LIMIT, "too long");
    let first = equal_lanes::<W, FLOAT>(load(haystack), load(&haystack[W..]));
    let last = equal_lanes::<W, FLOAT>(load(&haystack[bytes - 8..]), load(&haystack[haystack.len() - 8..]));
    count_lanes::<W>(first) + count_lanes::<W>(last >> (8 * (15 - bytes)) >> 8)
}

/// 1 to 8 bytes as a little-endian number, zeros above.
#[inline(always)]
fn gather(bytes: &[u8]) -> u64 {
    let len = bytes.len();
    if let (Some(low), Some(high)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        // Where the two overlap they have the same bits.
        u64::from(u32::from_le_bytes(*low)) | u64::from(u32::from_le_bytes(*high)) << (8 * (len - 4))
    } else {
        let byte = |at: usize| u64::from(bytes[at]) << (8 * at);
        byte(0) | byte(len / 2) | byte(len - 1)
    }
}

/// The first 8 bytes as a little-endian number.
#[inline(always)]
fn load(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(*bytes.first_chunk().expect("8 bytes at least"))
}

/// The highest bit of each lane of `W` bytes in which `a` and `b` are equal, as floats if `FLOAT`; all other bits are zero.
#[inline(always)]
fn equal_lanes<const W: usize, const FLOAT: bool>(a: u64, b: u64) -> u64 {
    let high = lowest_bits::<W>() << (8 * W - 1);
    let differ = a ^ b;
    // Adding carries into the highest bit of a lane from any other bit, and never out of the lane.
    let differ = ((differ & !high) + !high) | differ;
    if !FLOAT {
        return !differ & high;
    }
    // All bits of a float but the sign are a number, which is above that of infinity if it is a NaN.
    let infinity = lowest_bits::<W>()
        * if W == 2 {
            0x7c00
        } else if W == 4 {
            0x7f80_0000
        } else {
            0x7ff0 << 48
        };
    let is_nan = (a & !high) + (!high - infinity);
    let nonzero = ((a | b) & !high) + !high;
    !((differ | is_nan) & nonzero) & high
}

/// How many lanes have their highest bit, the only one that may be, set.
#[inline(always)]
fn count_lanes<const W: usize>(lanes: u64) -> usize {
    // The product's highest lane is the sum of all lanes. A number of at most 8 fits in any lane.
    ((lanes >> (8 * W - 1)).wrapping_mul(lowest_bits::<W>()) >> (64 - 8 * W)) as usize
}

/// The lowest bit of each lane of `W` bytes.
#[inline(always)]
const fn lowest_bits<const W: usize>() -> u64 {
    u64::MAX / (u64::MAX >> (64 - 8 * W))
}
