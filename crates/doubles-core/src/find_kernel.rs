//! Finding doubles, over [`Vector`] as counting them: whether there is one, and where each is.

use crate::arch::{doubled_chars, equal, mark_chars_scalar, mark_elements_scalar};
use crate::kernel::{
    Chars, Elements, LINE, PREFETCH, PREFETCH_FROM, STREAMS, STREAMS_FROM, STREAMS_UP_TO, Step, Text, UNROLL, compare,
    prefetch, reach,
};
use crate::vector::Vector;
#[cfg(feature = "std")]
use {crate::arch::MORE, core::mem::MaybeUninit};

/// The elements that a mark is for.
const MARK: usize = u64::BITS as usize;

/// Whether an element of `W` bytes equals the next one.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set.
#[inline(always)]
pub(crate) unsafe fn has_elements<V: Vector, const W: usize, const FLOAT: bool>(haystack: &[u8]) -> bool {
    let ptr = haystack.as_ptr();
    // Comparisons start in the first `bytes` bytes.
    let bytes = (haystack.len() / W).saturating_sub(1) * W;
    // SAFETY: a step reads a vector more than it compares; a comparison starts at most at `bytes - BYTES`, and `bytes + W`
    // bytes are readable.
    unsafe {
        if bytes < V::BYTES {
            return has_pair_of_elements::<W, FLOAT>(haystack);
        }
        let mut at = 0;
        if bytes >= LINE + V::BYTES {
            // Steps from the first aligned line on; what lies before it is in these vectors.
            for start in (0..LINE).step_by(V::BYTES) {
                if V::any(compare::<V, W, FLOAT>(ptr.add(start))) {
                    return true;
                }
            }
            let unaligned = ptr.align_offset(LINE);
            at = if unaligned.is_multiple_of(W) { unaligned } else { 0 };
            let (found, length) = has_in_steps::<V, Elements<W, FLOAT>>(ptr.add(at), bytes - V::BYTES - at);
            if found {
                return true;
            }
            at += length;
        }
        while at + V::BYTES <= bytes {
            if V::any(compare::<V, W, FLOAT>(ptr.add(at))) {
                return true;
            }
            at += V::BYTES;
        }
        V::any(compare::<V, W, FLOAT>(ptr.add(bytes - V::BYTES)))
    }
}

/// [`has_elements`] of what is shorter than a vector.
#[inline(always)]
fn has_pair_of_elements<const W: usize, const FLOAT: bool>(haystack: &[u8]) -> bool {
    let (elements, _) = haystack.as_chunks::<W>();
    elements.windows(2).any(|pair| equal::<W, FLOAT>(&pair[0], &pair[1]))
}

/// Whether a character equals the next one. The haystack is UTF-8.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set.
#[inline(always)]
pub(crate) unsafe fn has_chars<V: Vector>(haystack: &[u8]) -> bool {
    let mut at = 0;
    // SAFETY: steps and vectors are only looked at when `reach` more bytes of the text can be read.
    unsafe {
        if haystack.len() >= LINE + reach::<V>() {
            for start in (0..LINE).step_by(V::BYTES) {
                let [lanes] = Text::<V, 1, false>::at(haystack.as_ptr().add(start)).doubled();
                if V::any(lanes) {
                    return true;
                }
            }
            at = haystack.as_ptr().align_offset(LINE);
            let length = haystack.len() - reach::<V>() - at;
            let (found, length) = has_in_steps::<V, Chars>(haystack.as_ptr().add(at), length);
            if found {
                return true;
            }
            at += length;
        }
        while at + V::BYTES + reach::<V>() <= haystack.len() {
            let [lanes] = Text::<V, 1, false>::at(haystack.as_ptr().add(at)).doubled();
            if V::any(lanes) {
                return true;
            }
            at += V::BYTES;
        }
    }
    doubled_chars(haystack, at).next().is_some()
}

/// Whether a step that `length` bytes hold has a double, and how many bytes these steps were.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set. `length` bytes from `here` must be readable, and what `S` reads after them.
#[inline(always)]
unsafe fn has_in_steps<V: Vector, S: Step<V>>(here: *const u8, length: usize) -> (bool, usize) {
    let step = UNROLL * V::BYTES;
    let length = length / step * step;
    let mut at = 0;
    // SAFETY: the streams lie one after the other within the first `length` bytes, the rest after them.
    unsafe {
        if length < PREFETCH_FROM {
            return (has_in_streams::<V, S, 1, false>(here, length), length);
        }
        while length - at >= STREAMS_FROM {
            let apart = (length - at).min(STREAMS_UP_TO) / STREAMS / step * step;
            if has_in_streams::<V, S, STREAMS, false>(here.add(at), apart) {
                return (true, length);
            }
            at += STREAMS * apart;
        }
        (has_in_streams::<V, S, 1, true>(here.add(at), length - at), length)
    }
}

/// Whether `N` streams of `length` bytes, one after the other in memory, have a double: a step of each in turn;
/// `AHEAD` prefetches.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set. `N * length` bytes from `here` must be readable, and what `S` reads after
/// them. `length` must be a multiple of a step.
#[inline(always)]
unsafe fn has_in_streams<V: Vector, S: Step<V>, const N: usize, const AHEAD: bool>(
    here: *const u8,
    length: usize,
) -> bool {
    // SAFETY: `at < length`, of which both are multiples of a step. Without a step nothing is read.
    unsafe {
        if length == 0 {
            return false;
        }
        let mut carries = [S::first(here); N];
        for (stream, carry) in carries.iter_mut().enumerate().skip(1) {
            *carry = S::first(here.add(stream * length));
        }
        let mut at = 0;
        while at < length {
            for (stream, carry) in carries.iter_mut().enumerate() {
                let here = here.add(stream * length + at);
                if AHEAD {
                    prefetch(here.wrapping_add(PREFETCH), UNROLL * V::BYTES);
                }
                let [first, second, third, fourth] = S::doubled(here, carry);
                if V::any(V::or(V::or(first, second), V::or(third, fourth))) {
                    return true;
                }
            }
            at += UNROLL * V::BYTES;
        }
        false
    }
}

/// Marks the elements of `W` bytes that equal the next one.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set.
#[inline(always)]
pub(crate) unsafe fn mark_elements<V: Vector, const W: usize, const FLOAT: bool>(haystack: &[u8], marks: &mut [u64]) {
    let pairs = (haystack.len() / W).saturating_sub(1);
    let lanes = V::BYTES / W;
    let whole = marks.len().min(pairs / MARK);
    let (of_whole, rest) = marks.split_at_mut(whole);
    for (i, mark) in of_whole.iter_mut().enumerate() {
        *mark = 0;
        for j in 0..MARK / lanes {
            // SAFETY: the comparisons are of elements before the last one of `whole * MARK`, which is less than `pairs`.
            let bits =
                unsafe { V::bits::<W>(compare::<V, W, FLOAT>(haystack.as_ptr().add((i * MARK + j * lanes) * W))) };
            *mark |= bits << (j * lanes);
        }
    }
    mark_elements_scalar::<W, FLOAT>(&haystack[whole * MARK * W..], rest);
}

/// Writes the positions of the elements of `W` bytes that equal the next one, or with `EDGES` of the first and of the last
/// element of each run, in order: of as many whole marks as there are elements and room for. `before` is whether the
/// first element equals the one before it, and then whether the element after the last one of those marks does. Gives how
/// many elements it has looked at, and how many positions it has written.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set.
#[cfg(feature = "std")]
#[inline(always)]
pub(crate) unsafe fn locate_elements<V: Vector, const W: usize, const FLOAT: bool, const EDGES: bool>(
    haystack: &[u8],
    start: usize,
    before: &mut bool,
    positions: &mut [MaybeUninit<usize>],
) -> (usize, usize) {
    let whole = (haystack.len() / W).saturating_sub(1) / MARK;
    let lanes = V::BYTES / W;
    let mut equals_before = *before;
    let (mut i, mut found) = (0, 0);
    while i < whole && positions.len() - found >= MARK + MORE {
        let mut mark = 0;
        for j in 0..MARK / lanes {
            // SAFETY: the comparisons are of elements before the last one of `whole * MARK`, which is less than there are.
            let bits =
                unsafe { V::bits::<W>(compare::<V, W, FLOAT>(haystack.as_ptr().add((i * MARK + j * lanes) * W))) };
            mark |= bits << (j * lanes);
        }
        let shifted = mark << 1 | u64::from(equals_before);
        equals_before = mark >> (MARK - 1) != 0;
        let located = if EDGES { mark ^ shifted } else { mark };
        // SAFETY: the caller's promise.
        found += unsafe { V::locate(&[located], start + i * MARK, &mut positions[found..]) };
        i += 1;
    }
    *before = equals_before;
    (i * MARK, found)
}

/// Marks the first bytes of the characters that equal the next one. The haystack is UTF-8, or what follows in a text
/// after any of its bytes.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set.
#[inline(always)]
pub(crate) unsafe fn mark_chars<V: Vector>(haystack: &[u8], marks: &mut [u64]) {
    let whole = marks.len().min(haystack.len().saturating_sub(reach::<V>()) / MARK);
    let (of_whole, rest) = marks.split_at_mut(whole);
    for (i, mark) in of_whole.iter_mut().enumerate() {
        *mark = 0;
        for at in (0..MARK).step_by(V::BYTES) {
            // SAFETY: `whole * MARK` bytes can be read, and `reach` more.
            let [lanes] = unsafe { Text::<V, 1, false>::at(haystack.as_ptr().add(i * MARK + at)).doubled() };
            // SAFETY: the caller's promise.
            *mark |= unsafe { V::bits::<1>(lanes) } << at;
        }
    }
    if !rest.is_empty() {
        mark_chars_scalar(haystack, whole * MARK, rest);
    }
}
