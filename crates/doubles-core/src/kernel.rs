//! The vector algorithms, each written once over [`Vector`].
//!
//! # Elements
//!
//! Doubles are lanes of `v[i..]` equal to lanes of `v[i + W..]`: two loads a step, of which the second can never be
//! aligned when the first is. A load that crosses a cache line costs two accesses, so what separates variants is how
//! many lines they touch. The main loop therefore starts at an aligned line, and where a shifted vector would cross into
//! the next line, makes it in registers from two aligned neighbours.
//!
//! Beyond the caches the limit is how many lines a core can wait for at a time, and reading several places in turn lets it
//! wait for more.
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
//! In a row, `e(1,3)` is `e(0,2)` one lane on, so each row takes one comparison. The largest byte of a block tells
//! which rows the block needs: ASCII pays for the first alone, and Chinese not for the second.

use crate::short;
use crate::vector::Vector;

/// The vectors a step of a main loop takes. Four hide the latencies; more only lengthen the ends.
pub(crate) const UNROLL: usize = 4;

/// A cache line, in bytes.
pub(crate) const LINE: usize = 64;

/// How far ahead of the loads the main loop asks for a line, in bytes.
pub(crate) const PREFETCH: usize = 2048;

/// The bytes from which it asks. Shorter input is in a core's own caches after the first time, and prefetches then only
/// take the place of loads.
pub(crate) const PREFETCH_FROM: usize = 256 << 10;

/// How many places of a long input the main loop reads in turn. A core that reads one stream from memory waits most of
/// the time: its prefetcher follows each stream only so far.
pub(crate) const STREAMS: usize = 4;

/// The bytes from which the main loop reads `STREAMS` places: more than a core's own caches hold.
pub(crate) const STREAMS_FROM: usize = 4 << 20;

/// The bytes that are read in `STREAMS` places before the places move on. Streams that lie further apart are slower
/// again: each page of each then costs a walk through the page tables.
pub(crate) const STREAMS_UP_TO: usize = 32 << 20;

/// The elements of `W` bytes that equal the next one. Bytes after the last whole element are ignored.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set.
#[inline(always)]
pub(crate) unsafe fn count_elements<V: Vector, const W: usize, const FLOAT: bool>(haystack: &[u8]) -> usize {
    debug_assert!(haystack.len() > short::LIMIT, "short input has a place of its own");
    let ptr = haystack.as_ptr();
    // Each element but the last is compared with its next one: the comparisons start in the first `bytes` bytes.
    let bytes = (haystack.len() / W).saturating_sub(1) * W;
    // SAFETY: every load starts at most at `bytes - BYTES`, or `W` after that, and `bytes + W` bytes are readable.
    unsafe {
        if bytes <= 2 * V::BYTES {
            return if bytes >= V::BYTES {
                count_ends::<V, W, FLOAT>(ptr, bytes)
            } else if bytes >= V::Half::BYTES {
                count_ends::<V::Half, W, FLOAT>(ptr, bytes)
            } else {
                count_ends::<<V::Half as Vector>::Half, W, FLOAT>(ptr, bytes)
            };
        }
        let mut total = 0;
        let mut tallies = [V::tally(); UNROLL];
        let mut at = 0;
        if bytes >= LINE + (UNROLL + 1) * V::BYTES {
            // Up to the first aligned line. An address that elements straddle never becomes aligned, and stays as it is.
            let unaligned = ptr.align_offset(LINE);
            if unaligned.is_multiple_of(W) {
                at = unaligned % V::BYTES;
                total += V::count_first::<W>(compare::<V, W, FLOAT>(ptr), at);
                while at < unaligned {
                    tallies[0] = V::add(tallies[0], compare::<V, W, FLOAT>(ptr.add(at)));
                    at += V::BYTES;
                }
            }
            let (counted, length) =
                count_steps::<V, Elements<W, FLOAT>, W>(ptr.add(at), bytes - V::BYTES - at, &mut tallies);
            total += counted;
            at += length;
        }
        while at + V::BYTES <= bytes {
            tallies[0] = V::add(tallies[0], compare::<V, W, FLOAT>(ptr.add(at)));
            at += V::BYTES;
        }
        total += V::total::<W, UNROLL>(tallies);
        total + V::count_last::<W>(compare::<V, W, FLOAT>(ptr.add(bytes - V::BYTES)), bytes - at)
    }
}

/// The lanes of the vector at `here` that equal the ones `W` bytes further on.
///
/// A function and not a closure, as everywhere here: closures cannot be told to be always inlined, and what is not
/// inlined into a function with the CPU's features is compiled without them.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set, and `V::BYTES + W` bytes from `here` must be readable.
#[inline(always)]
pub(crate) unsafe fn compare<V: Vector, const W: usize, const FLOAT: bool>(here: *const u8) -> V::Lanes {
    // SAFETY: the caller's promise.
    unsafe { V::load(here).eq::<W, FLOAT>(V::load(here.add(W))) }
}

/// What the main loop counts, a step of `UNROLL` vectors at a time.
pub(crate) trait Step<V: Vector> {
    /// What a step hands to the next one in a register.
    type Carry: Copy;

    /// What the first step is handed.
    ///
    /// # Safety
    ///
    /// As for [`Step::doubled`].
    unsafe fn first(here: *const u8) -> Self::Carry;

    /// The lanes of the vectors from `here` that are doubled.
    ///
    /// # Safety
    ///
    /// The CPU must have `V`'s instruction set. `UNROLL * V::BYTES` bytes from `here` must be readable, and as many more
    /// as the implementation says. `carry` must be what the step before this one left, or [`Step::first`] of `here`.
    unsafe fn doubled(here: *const u8, carry: &mut Self::Carry) -> [V::Lanes; UNROLL];
}

/// How many lanes a tally has room for when the main loop ends: the ends, of some ten vectors, are added to them.
const ROOM: usize = 16;

/// The main loop: counts whole steps, as many as `length` bytes hold. Returns the count and how many bytes these were.
/// What `tallies` hold at the end is not in that count, and what they held before is in either.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set. `length` bytes from `here` must be readable, and what `S` reads after them.
/// The tallies must have had at most `ROOM` lanes added, and have that room again when this returns.
#[inline(always)]
unsafe fn count_steps<V: Vector, S: Step<V>, const W: usize>(
    here: *const u8,
    length: usize,
    tallies: &mut [V::Tally; UNROLL],
) -> (usize, usize) {
    let step = UNROLL * V::BYTES;
    let length = length / step * step;
    // SAFETY: the streams lie one after the other within the first `STREAMS * apart <= length` bytes, the rest after them.
    unsafe {
        if length < PREFETCH_FROM {
            return (count_streams::<V, S, W, 1, false>(here, length, tallies), length);
        }
        let mut total = 0;
        let mut at = 0;
        while length - at >= STREAMS_FROM {
            let apart = (length - at).min(STREAMS_UP_TO) / STREAMS / step * step;
            total += count_streams::<V, S, W, STREAMS, false>(here.add(at), apart, tallies);
            total += empty::<V, W>(tallies);
            at += STREAMS * apart;
        }
        (total + count_streams::<V, S, W, 1, true>(here.add(at), length - at, tallies), length)
    }
}

/// Counts `N` streams of `length` bytes, one after the other in memory, by a step of each in turn; `AHEAD` prefetches.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set. `N * length` bytes from `here` must be readable, and what `S` reads after
/// them. `length` must be a multiple of a step. The tallies are as for [`count_steps`].
#[inline(always)]
unsafe fn count_streams<V: Vector, S: Step<V>, const W: usize, const N: usize, const AHEAD: bool>(
    here: *const u8,
    length: usize,
    tallies: &mut [V::Tally; UNROLL],
) -> usize {
    let step = UNROLL * V::BYTES;
    // Each tally takes a vector of each stream a step.
    let until_full = ((V::TALLY_LIMIT - 2 * ROOM) / N).saturating_mul(step);
    let mut total = 0;
    let mut at = 0_usize;
    // SAFETY: `at < end <= length`, of which all are multiples of a step. Without a step nothing is read.
    unsafe {
        if length == 0 {
            return 0;
        }
        let mut carries = [S::first(here); N];
        for (stream, carry) in carries.iter_mut().enumerate().skip(1) {
            *carry = S::first(here.add(stream * length));
        }
        loop {
            let end = length.min(at.saturating_add(until_full));
            while at < end {
                for (stream, carry) in carries.iter_mut().enumerate() {
                    let here = here.add(stream * length + at);
                    if AHEAD {
                        prefetch(here.wrapping_add(PREFETCH), step);
                    }
                    for (tally, lanes) in tallies.iter_mut().zip(S::doubled(here, carry)) {
                        *tally = V::add(*tally, lanes);
                    }
                }
                at += step;
            }
            if at == length {
                return total;
            }
            total += empty::<V, W>(tallies);
        }
    }
}

/// What the tallies hold, which is then nothing.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set.
#[inline(always)]
unsafe fn empty<V: Vector, const W: usize>(tallies: &mut [V::Tally; UNROLL]) -> usize {
    // SAFETY: the caller's promise.
    unsafe {
        let total = V::total::<W, UNROLL>(*tallies);
        *tallies = [V::tally(); UNROLL];
        total
    }
}

/// Elements of `W` bytes. A vector after the step is read, and handed to the next step, whose first it is.
pub(crate) struct Elements<const W: usize, const FLOAT: bool>;

impl<V: Vector, const W: usize, const FLOAT: bool> Step<V> for Elements<W, FLOAT> {
    type Carry = V;

    #[inline(always)]
    unsafe fn first(here: *const u8) -> V {
        // SAFETY: the caller's promise.
        unsafe { V::load(here) }
    }

    #[inline(always)]
    unsafe fn doubled(here: *const u8, carry: &mut V) -> [V::Lanes; UNROLL] {
        // SAFETY: the caller's promise.
        unsafe {
            let mut vector = *carry;
            let mut doubled = [vector.eq::<W, FLOAT>(vector); UNROLL];
            for (i, lanes) in doubled.iter_mut().enumerate() {
                let next = V::load(here.add((i + 1) * V::BYTES));
                let shifted =
                    if crosses_line::<V>(i) { vector.shifted::<W>(next) } else { V::load(here.add(i * V::BYTES + W)) };
                *lanes = vector.eq::<W, FLOAT>(shifted);
                vector = next;
            }
            *carry = vector;
            doubled
        }
    }
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
unsafe fn count_ends<V: Vector, const W: usize, const FLOAT: bool>(ptr: *const u8, bytes: usize) -> usize {
    // SAFETY: the caller's promise.
    unsafe {
        V::count_first::<W>(compare::<V, W, FLOAT>(ptr), V::BYTES)
            + V::count_last::<W>(compare::<V, W, FLOAT>(ptr.add(bytes - V::BYTES)), bytes - V::BYTES)
    }
}

/// Asks for the cache lines of `bytes` bytes, which need not be readable.
#[inline(always)]
pub(crate) fn prefetch(ptr: *const u8, bytes: usize) {
    #[cfg(target_arch = "x86_64")]
    for line in 0..bytes / LINE {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch is a hint, which never faults; SSE is part of every x86-64 CPU.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(ptr.wrapping_add(line * LINE).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (ptr, bytes);
}

/// The characters that equal the next one.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set.
#[inline(always)]
pub(crate) unsafe fn count_chars<V: Vector>(haystack: &str) -> usize {
    let bytes = haystack.as_bytes();
    // SAFETY: the caller's promise; the lengths are compared here.
    unsafe {
        if bytes.len() >= END * V::BYTES {
            count_chars_long::<V>(bytes)
        } else if haystack.is_ascii() {
            count_elements::<V, 1, false>(bytes)
        } else if bytes.len() >= END * V::Half::BYTES {
            count_chars_long::<V::Half>(bytes)
        } else {
            crate::scalar::count_pairs(haystack.chars())
        }
    }
}

/// The vectors that end a text: what is left when a step no longer fits is at most so long.
const END: usize = 3;

/// [`count_chars`] of at least `END * V::BYTES` bytes of UTF-8.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set, and the text must be so long.
#[inline(always)]
unsafe fn count_chars_long<V: Vector>(bytes: &[u8]) -> usize {
    let ptr = bytes.as_ptr();
    let step = UNROLL * V::BYTES;
    let mut total = 0;
    let mut at = 0;
    // SAFETY: vectors are counted up to `at + step` or `at + BYTES`, and a step or vector is only counted when `reach`
    // more bytes of the text can be read; the end lies within the text.
    unsafe {
        let mut tallies = [V::tally(); UNROLL];
        if bytes.len() >= LINE + step + reach::<V>() {
            // Up to the first aligned line.
            let unaligned = ptr.align_offset(LINE);
            at = unaligned % V::BYTES;
            total += count_chars_of_one::<V>(ptr, at);
            while at < unaligned {
                total += count_chars_of_one::<V>(ptr.add(at), V::BYTES);
                at += V::BYTES;
            }
        }
        if let Some(length) = bytes.len().checked_sub(at + reach::<V>()) {
            let (counted, length) = count_steps::<V, Chars, 1>(ptr.add(at), length, &mut tallies);
            total += counted;
            at += length;
        }
        total += V::total::<1, UNROLL>(tallies);
        while at + END * V::BYTES < bytes.len() {
            total += count_chars_of_one::<V>(ptr.add(at), V::BYTES);
            at += V::BYTES;
        }
        let end = bytes.len() - END * V::BYTES;
        let doubled: [V::Lanes; END] = Text::<V, END, true>::at(ptr.add(end)).doubled();
        for (i, lanes) in doubled.into_iter().enumerate() {
            // What lies before `at` is counted.
            let counted = at.saturating_sub(end + i * V::BYTES).min(V::BYTES);
            total += V::count_last::<1>(lanes, V::BYTES - counted);
        }
        total
    }
}

/// Characters. `reach` bytes after the step are read.
pub(crate) struct Chars;

impl<V: Vector> Step<V> for Chars {
    type Carry = ();

    #[inline(always)]
    unsafe fn first(_here: *const u8) {}

    #[inline(always)]
    unsafe fn doubled(here: *const u8, (): &mut ()) -> [V::Lanes; UNROLL] {
        // SAFETY: the caller's promise.
        unsafe { Text::<V, UNROLL, false>::at(here).doubled() }
    }
}

/// The characters that start in the first `bytes` bytes, of at most one vector, and equal the next one.
///
/// # Safety
///
/// The CPU must have `V`'s instruction set, and `V::BYTES + reach::<V>()` bytes from `here` must be readable.
#[inline(always)]
unsafe fn count_chars_of_one<V: Vector>(here: *const u8, bytes: usize) -> usize {
    // SAFETY: the caller's promise.
    unsafe {
        let [lanes] = Text::<V, 1, false>::at(here).doubled();
        V::count_first::<1>(lanes, bytes)
    }
}

/// How far a byte looks for the one it is compared with: the length of a character.
const LOOKAHEAD: usize = 4;

/// How many bytes after those that it counts [`Text::doubled`] reads, except at the end of a text.
#[inline(always)]
pub(crate) const fn reach<V: Vector>() -> usize {
    V::BYTES + LOOKAHEAD
}

/// `N` vectors of text, of which `LAST` says that they end it.
pub(crate) struct Text<V, const N: usize, const LAST: bool> {
    here: *const u8,
    vector: core::marker::PhantomData<V>,
}

/// # Safety of every method
///
/// The CPU must have `V`'s instruction set. From `here` `N * V::BYTES` bytes must be readable, and `reach::<V>()` more
/// if they are not the `LAST`.
impl<V: Vector, const N: usize, const LAST: bool> Text<V, N, LAST> {
    /// The vectors from this address.
    #[inline(always)]
    pub(crate) unsafe fn at(here: *const u8) -> Self {
        Self { here, vector: core::marker::PhantomData }
    }

    /// Vector `i`, `offset` bytes further on. `i` is at most `N`, `offset` at most `LOOKAHEAD`.
    #[inline(always)]
    unsafe fn vector(&self, i: usize, offset: usize) -> V {
        // SAFETY: the promise above; the last vector is made of what can be read, as told below.
        unsafe {
            if !LAST || i + 1 < N || (i + 1 == N && offset == 0) {
                return V::load(self.here.add(i * V::BYTES + offset));
            }
            // After the text come continuation bytes: they start no character, and so equal none.
            let after = V::splat(0x80);
            if i == N {
                return after;
            }
            let last = V::load(self.here.add(i * V::BYTES));
            match offset {
                1 => last.shifted::<1>(after),
                2 => last.shifted::<2>(after),
                3 => last.shifted::<3>(after),
                _ => last.shifted::<4>(after),
            }
        }
    }

    /// The lanes that start a character equal to the next one.
    #[inline(always)]
    pub(crate) unsafe fn doubled(&self) -> [V::Lanes; N] {
        // SAFETY: the promise above.
        unsafe {
            let mut largest = self.vector(0, 0);
            for i in 1..N {
                largest = largest.max(self.vector(i, 0));
            }
            if !largest.any_at_least::<0x80>() {
                self.equal_ascii()
            } else if !largest.any_at_least::<0xE0>() {
                self.equal_chars::<true, false, false>()
            } else if largest.any_at_least::<0xF0>() {
                self.equal_chars::<true, true, true>()
            } else if self.has_two_byte_chars() {
                self.equal_chars::<true, true, false>()
            } else {
                self.equal_chars::<false, true, false>()
            }
        }
    }

    /// Whether a character of two bytes starts in one of the vectors.
    #[inline(always)]
    unsafe fn has_two_byte_chars(&self) -> bool {
        // SAFETY: the promise above.
        unsafe {
            // This turns the first bytes of such characters, and no others, into 0xE0 and above.
            let turned = V::splat(0x3F);
            let mut largest = self.vector(0, 0).xor(turned);
            for i in 1..N {
                largest = largest.max(self.vector(i, 0).xor(turned));
            }
            largest.any_at_least::<0xE0>()
        }
    }

    /// The lanes that equal the next byte.
    #[inline(always)]
    unsafe fn equal_ascii(&self) -> [V::Lanes; N] {
        // SAFETY: the promise above.
        unsafe {
            let mut doubled = [self.equal_one(0); N];
            for (i, lanes) in doubled.iter_mut().enumerate().skip(1) {
                *lanes = self.equal_one(i);
            }
            doubled
        }
    }

    /// The lanes of vector `i` that equal the next byte.
    #[inline(always)]
    unsafe fn equal_one(&self, i: usize) -> V::Lanes {
        // SAFETY: the promise above.
        unsafe {
            let vector = self.vector(i, 0);
            let shifted =
                if crosses_line::<V>(i) { vector.shifted::<1>(self.vector(i + 1, 0)) } else { self.vector(i, 1) };
            vector.eq::<1, false>(shifted)
        }
    }

    /// The lanes that start a character equal to the next one, among characters of one byte and those of the lengths
    /// that are `true`; there must be no others.
    ///
    /// A character of `L` bytes is doubled where `L` bytes in a row equal the ones `L` further on: these are compared
    /// once, and the outcomes shifted over each other, which is cheaper than to load and compare them shifted.
    #[inline(always)]
    unsafe fn equal_chars<const TWO: bool, const THREE: bool, const FOUR: bool>(&self) -> [V::Lanes; N] {
        // SAFETY: the promise above.
        unsafe {
            let mut doubled = [self.equal(0, 2); N];
            let [mut two, mut three, mut four] = [self.equal(0, 2), self.equal(0, 3), self.equal(0, 4)];
            for (i, lanes) in doubled.iter_mut().enumerate() {
                let [next_two, next_three, next_four] =
                    [self.equal(i + 1, 2), self.equal(i + 1, 3), self.equal(i + 1, 4)];
                let all_two = V::and(two, V::after::<1>(two, next_two));
                let all_three =
                    V::and(V::and(three, V::after::<1>(three, next_three)), V::after::<2>(three, next_three));
                let all_four = V::and(
                    V::and(four, V::after::<1>(four, next_four)),
                    V::and(V::after::<2>(four, next_four), V::after::<3>(four, next_four)),
                );
                [two, three, four] = [next_two, next_three, next_four];

                let vector = self.vector(i, 0);
                let mut longer = if THREE { all_three } else { all_two };
                if FOUR {
                    longer = vector.select::<4>(longer, all_four);
                }
                if TWO && THREE {
                    longer = vector.select::<5>(all_two, longer);
                }
                *lanes = V::and(vector.select::<7>(self.equal_one(i), longer), vector.starts_char());
            }
            doubled
        }
    }

    /// The lanes of vector `i` that equal the byte `length` further on.
    #[inline(always)]
    unsafe fn equal(&self, i: usize, length: usize) -> V::Lanes {
        // SAFETY: the promise above.
        unsafe { self.vector(i, 0).eq::<1, false>(self.vector(i, length)) }
    }
}
