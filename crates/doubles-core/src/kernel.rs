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

use crate::vector::Vector;

/// The vectors a step of a main loop takes. Four hide the latencies; more only lengthen the ends.
const UNROLL: usize = 4;

/// How far ahead of the loads the main loop asks for a line, in bytes.
const PREFETCH: usize = 1024;

/// The elements of `W` bytes that equal the next one. Bytes after the last whole element are ignored.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set.
#[inline(always)]
pub(crate) unsafe fn count_elements<V: Vector, const W: usize>(haystack: &[u8]) -> usize {
    let ptr = haystack.as_ptr();
    // Each element but the last is compared with its next one: the comparisons start in the first `bytes` bytes.
    let bytes = (haystack.len() / W).saturating_sub(1) * W;
    // SAFETY: every load starts at most at `bytes - BYTES`, or `W` after that, and `bytes + W` bytes are readable.
    unsafe {
        if bytes < V::BYTES {
            return count_short::<W>(ptr, bytes);
        }
        let compare = |at: usize| V::load(ptr.add(at)).eq::<W>(V::load(ptr.add(at + W)));

        let mut total = 0;
        let mut at = 0;
        if bytes >= (UNROLL + 1) * V::BYTES {
            // Up to the first aligned vector; an address that elements straddle never becomes aligned, and stays as it is.
            let unaligned = ptr.align_offset(V::BYTES);
            if unaligned.is_multiple_of(W) {
                total += V::count_first::<W>(compare(0), unaligned);
                at = unaligned;
            }
            let (counted, end) = count_aligned::<V, W>(ptr, at, bytes);
            total += counted;
            at = end;
        }
        let mut tally = V::tally();
        while at + V::BYTES <= bytes {
            // At most `UNROLL + 1` rounds: no tally overflows.
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
    // SAFETY: `V::load` is asked for vectors that end at most at `at + step + BYTES <= bytes`.
    unsafe {
        let mut first = V::load(ptr.add(at));
        while at + step + V::BYTES <= bytes {
            let steps = ((bytes - V::BYTES - at) / step).min(V::TALLY_LIMIT);
            let end = at + steps * step;
            let mut tallies = [V::tally(); UNROLL];
            while at < end {
                prefetch(ptr.wrapping_add(at + PREFETCH));
                if step > 64 {
                    prefetch(ptr.wrapping_add(at + PREFETCH + 64));
                }
                for (i, tally) in tallies.iter_mut().enumerate() {
                    let next = V::load(ptr.add(at + (i + 1) * V::BYTES));
                    *tally = V::add(*tally, first.eq::<W>(first.shifted::<W>(next)));
                    first = next;
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

/// Fewer comparisons than the smallest vector has lanes, or no vector at all.
///
/// # Safety
///
/// `bytes + W` bytes from `ptr` must be readable, where `bytes` is a multiple of `W`.
#[inline(always)]
unsafe fn count_short<const W: usize>(ptr: *const u8, bytes: usize) -> usize {
    let mut total = 0;
    let mut at = 0;
    while at < bytes {
        // SAFETY: `at + 2 * W <= bytes + W`, which the caller says is readable.
        let (a, b) = unsafe { (ptr.add(at).cast::<[u8; W]>().read(), ptr.add(at + W).cast::<[u8; W]>().read()) };
        total += usize::from(a == b);
        at += W;
    }
    total
}

/// Asks for the cache line of an address, which need not be readable.
#[inline(always)]
fn prefetch(ptr: *const u8) {
    // SAFETY: a prefetch is a hint, which never faults; SSE is part of every x86-64 CPU.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(ptr.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = ptr;
}

/// The characters that equal the next one.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set.
#[inline(always)]
pub(crate) unsafe fn count_chars<V: Vector>(haystack: &str) -> usize {
    /// A comparison looks at most so far behind the vector that it counts.
    const REACH: usize = 7;
    let step = UNROLL * V::BYTES;
    let bytes = haystack.as_bytes();
    let ptr = bytes.as_ptr();
    let mut total = 0;
    let mut at = 0;
    // SAFETY: loads start at most `REACH` after `at + step - BYTES`, and end within the haystack.
    unsafe {
        while at + step + REACH <= bytes.len() {
            let steps = ((bytes.len() - REACH - at) / step).min(V::TALLY_LIMIT);
            let end = at + steps * step;
            let mut tallies = [V::tally(); UNROLL];
            while at < end {
                prefetch(ptr.wrapping_add(at + PREFETCH));
                if step > 64 {
                    prefetch(ptr.wrapping_add(at + PREFETCH + 64));
                }
                let p = ptr.add(at);
                let mut largest = V::load(p);
                for i in 1..UNROLL {
                    largest = largest.max(V::load(p.add(i * V::BYTES)));
                }
                if !largest.any_at_least::<0x80>() {
                    for (i, tally) in tallies.iter_mut().enumerate() {
                        *tally = V::add(*tally, equal_chars::<V, 1>(p.add(i * V::BYTES)));
                    }
                } else if !largest.any_at_least::<0xE0>() {
                    for (i, tally) in tallies.iter_mut().enumerate() {
                        *tally = V::add(*tally, equal_chars::<V, 2>(p.add(i * V::BYTES)));
                    }
                } else if !largest.any_at_least::<0xF0>() {
                    for (i, tally) in tallies.iter_mut().enumerate() {
                        *tally = V::add(*tally, equal_chars::<V, 3>(p.add(i * V::BYTES)));
                    }
                } else {
                    for (i, tally) in tallies.iter_mut().enumerate() {
                        *tally = V::add(*tally, equal_chars::<V, 4>(p.add(i * V::BYTES)));
                    }
                }
                at += step;
            }
            for tally in tallies {
                total += V::total::<1>(tally);
            }
        }
    }
    // What is left is short. Characters that start before `at` are counted, those after are not.
    while !haystack.is_char_boundary(at) {
        at += 1;
    }
    total + crate::scalar::count_pairs(haystack[at..].chars())
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
