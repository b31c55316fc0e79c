//! The vector algorithms, each written once over [`Vector`].
//!
//! # Elements
//!
//! Doubles are lanes of `v[i..]` equal to lanes of `v[i + W..]`: two loads a step, of which the second can never be
//! aligned when the first is. A load that crosses a cache line costs two accesses, so what separates variants is how
//! many lines they touch. The main loop therefore loads whole aligned vectors only, and makes each shifted vector from
//! two neighbours in registers; each byte is loaded once.
//!
//! The ends, shorter than a vector, are one unaligned vector each, of which only the lanes that nothing else covers
//! are counted. Nothing is ever read outside the haystack.
//!
//! # Characters
//!
//! UTF-8 is counted without decoding. A character of `L` bytes that starts at `i` is doubled when the `L` bytes at `i`
//! equal the `L` bytes at `i + L`: valid UTF-8 has one encoding a character, and its first byte tells `L`. So, with
//! `e(a, b)` the lanes where `v[i + a] == v[i + b]`:
//!
//! | first byte | doubled when |
//! |---|---|
//! | `0xxx_xxxx` | `e(0,1)` |
//! | `110x_xxxx` | `e(0,2) & e(1,3)` |
//! | `1110_xxxx` | `e(0,3) & e(1,4) & e(2,5)` |
//! | `1111_0xxx` | `e(0,4) & e(1,5) & e(2,6) & e(3,7)` |
//! | `10xx_xxxx` | never: it starts no character |
//!
//! The largest byte of a block tells which rows it needs, so ASCII pays for the first alone.

use crate::short;
use crate::vector::Vector;

/// The vectors a step of a main loop takes. Four hide the latencies; more only lengthen the ends.
const UNROLL: usize = 4;

/// A cache line, in bytes.
const LINE: usize = 64;

/// How far ahead of the loads the main loop asks for a line, in bytes.
const PREFETCH: usize = 2048;

/// The elements of `W` bytes that equal the next one. Bytes after the last whole element are ignored.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set.
#[inline(always)]
pub(crate) unsafe fn count_elements<V: Vector, const W: usize>(haystack: &[u8]) -> usize {
    if haystack.len() <= short::LIMIT {
        return short::count_elements::<W>(haystack);
    }
    let ptr = haystack.as_ptr();
    // Each element but the last is compared with its next one: the comparisons start in the first `bytes` bytes.
    let bytes = (haystack.len() / W).saturating_sub(1) * W;
    // SAFETY: every load starts at most at `bytes - BYTES`, or `W` after that, and `bytes + W` bytes are readable.
    unsafe {
        if bytes < V::BYTES {
            return if bytes >= V::Half::BYTES {
                count_ends::<V::Half, W>(ptr, bytes)
            } else {
                count_ends::<<V::Half as Vector>::Half, W>(ptr, bytes)
            };
        }
        let compare = |at: usize| V::load(ptr.add(at)).eq::<W>(V::load(ptr.add(at + W)));

        let mut total = 0;
        let mut tally = V::tally();
        let mut at = 0;
        if bytes >= LINE + (UNROLL + 1) * V::BYTES {
            // Up to the first aligned line. An address that elements straddle never becomes aligned, and stays as it is.
            let unaligned = ptr.align_offset(LINE);
            if unaligned.is_multiple_of(W) {
                at = unaligned % V::BYTES;
                total += V::count_first::<W>(compare(0), at);
                while at < unaligned {
                    tally = V::add(tally, compare(at));
                    at += V::BYTES;
                }
            }
            let (counted, end) = count_aligned::<V, W>(ptr, at, bytes);
            total += counted;
            at = end;
        }
        while at + V::BYTES <= bytes {
            // With the line above some ten rounds at most: no tally overflows.
            tally = V::add(tally, compare(at));
            at += V::BYTES;
        }
        total += V::total::<W>(tally);
        total + V::count_last::<W>(compare(bytes - V::BYTES), bytes - at)
    }
}

/// The main loop, from `at` while whole steps of `UNROLL` vectors and the vector after them fit: how many, and where it
/// ended.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set, and `bytes` bytes from `ptr` must be readable.
#[inline(always)]
unsafe fn count_aligned<V: Vector, const W: usize>(ptr: *const u8, mut at: usize, bytes: usize) -> (usize, usize) {
    let step = UNROLL * V::BYTES;
    let mut total = 0;
    // SAFETY: vectors are loaded up to `at + step + BYTES <= bytes`.
    unsafe {
        while at + step + V::BYTES <= bytes {
            let steps = ((bytes - V::BYTES - at) / step).min(V::TALLY_LIMIT);
            let end = at + steps * step;
            let mut tallies = [V::tally(); UNROLL];
            while at < end {
                prefetch(ptr.wrapping_add(at + PREFETCH), step);
                for (i, tally) in tallies.iter_mut().enumerate() {
                    let here = ptr.add(at + i * V::BYTES);
                    let vector = V::load(here);
                    let shifted = if crosses_line::<V>(i) {
                        vector.shifted::<W>(V::load(here.add(V::BYTES)))
                    } else {
                        V::load(here.add(W))
                    };
                    *tally = V::add(*tally, vector.eq::<W>(shifted));
                }
                at += step;
            }
            for tally in tallies {
                total += V::total::<W>(tally);
            }
        }
    }
    (total, at)
}

/// Whether, in a step from an aligned address, a load just after vector `i` starts would cross a cache line, and making
/// the vector in registers is cheaper. Where every such load crosses one (vectors as long as a line), half of them are
/// made, which keeps the load and the shuffle ports evenly busy.
#[inline(always)]
const fn crosses_line<V: Vector>(i: usize) -> bool {
    if V::BYTES >= LINE { i % 2 == 1 } else { ((i + 1) * V::BYTES).is_multiple_of(LINE) }
}

/// Between one and two vectors of comparisons: the first vector, and what it does not cover from the last one.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set, and `bytes + W` bytes from `ptr` must be readable, where `bytes` is a
/// multiple of `W`, at least `V::BYTES` and at most twice that.
#[inline(always)]
unsafe fn count_ends<V: Vector, const W: usize>(ptr: *const u8, bytes: usize) -> usize {
    // SAFETY: the caller's promise.
    unsafe {
        let compare = |at: usize| V::load(ptr.add(at)).eq::<W>(V::load(ptr.add(at + W)));
        V::count_first::<W>(compare(0), V::BYTES) + V::count_last::<W>(compare(bytes - V::BYTES), bytes - V::BYTES)
    }
}

/// Asks for the cache lines of `bytes` bytes, which need not be readable.
#[inline(always)]
fn prefetch(ptr: *const u8, bytes: usize) {
    #[cfg(target_arch = "x86_64")]
    for line in 0..bytes / LINE {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch is a hint, which never faults; SSE is part of every x86-64 CPU.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(ptr.wrapping_add(line * LINE).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (ptr, bytes);
}

/// How far behind the vector that it counts a comparison of characters looks.
const REACH: usize = 7;

/// The characters that equal the next one.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set.
#[inline(always)]
pub(crate) unsafe fn count_chars<V: Vector>(haystack: &str) -> usize {
    let bytes = haystack.as_bytes();
    let step = UNROLL * V::BYTES;
    // SAFETY: vectors are loaded up to `at + step + REACH`, which lies within the haystack.
    unsafe {
        if bytes.len() < step + REACH && haystack.is_ascii() {
            return count_elements::<V, 1>(bytes);
        }
        let mut total = 0;
        let mut at = 0;
        while at + step + REACH <= bytes.len() {
            let steps = ((bytes.len() - REACH - at) / step).min(V::TALLY_LIMIT);
            let end = at + steps * step;
            let mut tallies = [V::tally(); UNROLL];
            while at < end {
                let here = bytes.as_ptr().add(at);
                prefetch(here.wrapping_add(PREFETCH), step);
                let mut largest = V::load(here);
                for i in 1..UNROLL {
                    largest = largest.max(V::load(here.add(i * V::BYTES)));
                }
                if !largest.any_at_least::<0x80>() {
                    count_chars_up_to::<V, 1>(here, &mut tallies);
                } else if !largest.any_at_least::<0xE0>() {
                    count_chars_up_to::<V, 2>(here, &mut tallies);
                } else if !largest.any_at_least::<0xF0>() {
                    count_chars_up_to::<V, 3>(here, &mut tallies);
                } else {
                    count_chars_up_to::<V, 4>(here, &mut tallies);
                }
                at += step;
            }
            for tally in tallies {
                total += V::total::<1>(tally);
            }
        }
        total + count_chars_at_end::<V>(&bytes[at..])
    }
}

/// One step of [`count_chars`], where no character is longer than `LONGEST` bytes.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set; `UNROLL * V::BYTES + REACH` bytes from `here` must be readable.
#[inline(always)]
unsafe fn count_chars_up_to<V: Vector, const LONGEST: usize>(here: *const u8, tallies: &mut [V::Tally; UNROLL]) {
    for (i, tally) in tallies.iter_mut().enumerate() {
        // SAFETY: the caller's promise.
        *tally = unsafe { V::add(*tally, equal_chars::<V, LONGEST>(here.add(i * V::BYTES))) };
    }
}

/// The end of a text, shorter than a step. It may begin within a character; that one is not counted.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set.
#[inline(always)]
unsafe fn count_chars_at_end<V: Vector>(bytes: &[u8]) -> usize {
    /// A continuation byte: it starts no character, and so equals none either.
    const FILLER: u8 = 0x80;
    let mut at = 0;
    // SAFETY: vectors are loaded up to `BYTES + REACH` after `at`, from the text or from the copy.
    unsafe {
        let mut tally = V::tally();
        while at + V::BYTES + REACH <= bytes.len() {
            tally = V::add(tally, equal_chars::<V, 4>(bytes.as_ptr().add(at)));
            at += V::BYTES;
        }
        // The last characters look past the end: a copy has room for that.
        let rest = &bytes[at..];
        let mut copy = [FILLER; 2 * LINE + REACH];
        copy[..rest.len()].copy_from_slice(rest);
        tally = V::add(tally, equal_chars::<V, 4>(copy.as_ptr()));
        tally = V::add(tally, equal_chars::<V, 4>(copy.as_ptr().add(V::BYTES)));
        V::total::<1>(tally)
    }
}

/// The lanes that start a character equal to the next one, among characters of up to `LONGEST` bytes.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set; `V::BYTES + 2 * LONGEST - 1` bytes from `p` must be readable.
#[inline(always)]
unsafe fn equal_chars<V: Vector, const LONGEST: usize>(p: *const u8) -> V::Lanes {
    // SAFETY: the farthest load starts at `2 * LONGEST - 1`.
    unsafe {
        let v = |offset: usize| V::load(p.add(offset));
        let e = |a: usize, b: usize| v(a).eq::<1>(v(b));
        let one = e(0, 1);
        if LONGEST == 1 {
            return one;
        }
        let mut longer = V::and(e(0, 2), e(1, 3));
        if LONGEST >= 3 {
            let mut three = V::and(V::and(e(0, 3), e(1, 4)), e(2, 5));
            if LONGEST == 4 {
                let four = V::and(V::and(e(0, 4), e(1, 5)), V::and(e(2, 6), e(3, 7)));
                three = v(0).select::<4>(three, four);
            }
            longer = v(0).select::<5>(longer, three);
        }
        V::and(v(0).select::<7>(one, longer), v(0).starts_char())
    }
}
