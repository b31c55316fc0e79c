//! AVX-512 with byte and word instructions: 64 bytes a register, comparisons give bit masks.
//!
//! `avx512vbmi` is the same with one instruction in place of several, for CPUs that also have VBMI and VBMI2.

use core::arch::x86_64::*;
use core::mem::MaybeUninit;

use crate::vector::Vector;

super::vector_backend!(Register<false>, "avx512f", "avx512bw", "popcnt", "bmi1", "bmi2");

/// A register of a CPU with AVX-512 F and BW, and if so said VBMI and VBMI2.
#[derive(Clone, Copy)]
pub(super) struct Register<const VBMI: bool>(__m512i);

/// The place of each byte lane.
static PLACES: [u8; 64] = {
    let mut places = [0; 64];
    let mut place = 0;
    while place < 64 {
        places[place] = place as u8;
        place += 1;
    }
    places
};

// SAFETY (of every block below): the trait's contract, that the CPU has AVX-512 F and BW, and VBMI if `VBMI`, and that
// loads are of readable memory.
#[allow(clippy::undocumented_unsafe_blocks)]
impl<const VBMI: bool> Vector for Register<VBMI> {
    const BYTES: usize = 64;
    type Half = __m256i;
    /// One bit a lane: 64, 32, 16 or 8 of them.
    type Lanes = u64;
    type Tally = usize;
    const TALLY_LIMIT: usize = usize::MAX;

    #[inline(always)]
    unsafe fn load(ptr: *const u8) -> Self {
        Self(unsafe { _mm512_loadu_si512(ptr.cast()) })
    }

    #[inline(always)]
    unsafe fn splat(byte: u8) -> Self {
        Self(unsafe { _mm512_set1_epi8(byte.cast_signed()) })
    }

    #[inline(always)]
    unsafe fn shifted<const W: usize>(self, next: Self) -> Self {
        let (these, next) = (self.0, next.0);
        Self(unsafe {
            match W {
                8 => _mm512_alignr_epi64::<1>(next, these),
                4 => _mm512_alignr_epi32::<1>(next, these),
                _ if VBMI => {
                    let places = _mm512_add_epi8(_mm512_loadu_si512(PLACES.as_ptr().cast()), _mm512_set1_epi8(W as i8));
                    _mm512_permutex2var_epi8(these, places, next)
                }
                _ => {
                    // Each 16-byte part needs the first bytes of the part after it.
                    let after = _mm512_alignr_epi64::<2>(next, these);
                    match W {
                        1 => _mm512_alignr_epi8::<1>(after, these),
                        2 => _mm512_alignr_epi8::<2>(after, these),
                        _ => _mm512_alignr_epi8::<3>(after, these),
                    }
                }
            }
        })
    }

    #[inline(always)]
    unsafe fn eq<const W: usize, const FLOAT: bool>(self, other: Self) -> u64 {
        unsafe {
            match W {
                1 => _mm512_cmpeq_epi8_mask(self.0, other.0),
                2 if FLOAT => {
                    // The bits of both but the signs: up to those of infinity where all bits are equal, or else none.
                    let bits = _mm512_and_si512(_mm512_or_si512(self.0, other.0), _mm512_set1_epi16(0x7fff));
                    let equal = _mm512_cmpeq_epi16_mask(self.0, other.0);
                    let most = _mm512_maskz_mov_epi16(equal, _mm512_set1_epi16(0x7c00));
                    u64::from(_mm512_cmple_epu16_mask(bits, most))
                }
                4 if FLOAT => {
                    let [these, others] = [_mm512_castsi512_ps(self.0), _mm512_castsi512_ps(other.0)];
                    u64::from(_mm512_cmp_ps_mask::<_CMP_EQ_OQ>(these, others))
                }
                8 if FLOAT => {
                    let [these, others] = [_mm512_castsi512_pd(self.0), _mm512_castsi512_pd(other.0)];
                    u64::from(_mm512_cmp_pd_mask::<_CMP_EQ_OQ>(these, others))
                }
                2 => u64::from(_mm512_cmpeq_epi16_mask(self.0, other.0)),
                4 => u64::from(_mm512_cmpeq_epi32_mask(self.0, other.0)),
                _ => u64::from(_mm512_cmpeq_epi64_mask(self.0, other.0)),
            }
        }
    }

    #[inline(always)]
    unsafe fn and(a: u64, b: u64) -> u64 {
        a & b
    }

    #[inline(always)]
    unsafe fn or(a: u64, b: u64) -> u64 {
        a | b
    }

    #[inline(always)]
    unsafe fn any(lanes: u64) -> bool {
        lanes != 0
    }

    #[inline(always)]
    unsafe fn bits<const W: usize>(lanes: u64) -> u64 {
        lanes
    }

    #[inline(always)]
    unsafe fn after<const N: usize>(lanes: u64, next: u64) -> u64 {
        (lanes >> N) | (next << (64 - N))
    }

    #[inline(always)]
    unsafe fn tally() -> usize {
        0
    }

    #[inline(always)]
    unsafe fn add(tally: usize, lanes: u64) -> usize {
        tally + lanes.count_ones() as usize
    }

    #[inline(always)]
    unsafe fn total<const W: usize, const N: usize>(tallies: [usize; N]) -> usize {
        tallies.iter().sum()
    }

    #[inline(always)]
    unsafe fn count_first<const W: usize>(lanes: u64, bytes: usize) -> usize {
        // A shift by all 64 bits is not defined, so two shifts.
        let above = u64::MAX << (bytes / W / 2) << (bytes / W).div_ceil(2);
        (lanes & !above).count_ones() as usize
    }

    #[inline(always)]
    unsafe fn count_last<const W: usize>(lanes: u64, bytes: usize) -> usize {
        (u128::from(lanes) >> ((Self::BYTES - bytes) / W)).count_ones() as usize
    }

    #[inline(always)]
    unsafe fn xor(self, other: Self) -> Self {
        Self(unsafe { _mm512_xor_si512(self.0, other.0) })
    }

    #[inline(always)]
    unsafe fn max(self, other: Self) -> Self {
        Self(unsafe { _mm512_max_epu8(self.0, other.0) })
    }

    #[inline(always)]
    unsafe fn any_at_least<const LIMIT: u8>(self) -> bool {
        unsafe { _mm512_cmpge_epu8_mask(self.0, _mm512_set1_epi8(LIMIT.cast_signed())) != 0 }
    }

    #[inline(always)]
    unsafe fn starts_char(self) -> u64 {
        // As signed numbers the continuation bytes are the 64 lowest.
        unsafe { _mm512_cmpgt_epi8_mask(self.0, _mm512_set1_epi8(-65)) }
    }

    #[inline(always)]
    unsafe fn select<const BIT: u32>(self, clear: u64, set: u64) -> u64 {
        let chosen = unsafe { _mm512_test_epi8_mask(self.0, _mm512_set1_epi8((1u8 << BIT).cast_signed())) };
        (chosen & set) | (!chosen & clear)
    }

    #[inline(always)]
    unsafe fn place(marks: &[u64], places: &mut [MaybeUninit<u16>]) -> usize {
        if !VBMI {
            return super::place_bits(marks, places);
        }
        assert!(places.len() >= Self::BYTES * marks.len() + super::MORE, "too little room");
        let mut placed = 0;
        // SAFETY: what is stored lies at most `MORE` after as many places as there are bits, of which the room is.
        unsafe {
            let places_of_bits = _mm512_loadu_si512(PLACES.as_ptr().cast());
            let mut start = _mm512_setzero_si512();
            for mark in marks {
                let these = _mm512_maskz_compress_epi8(*mark, places_of_bits);
                let here = places.as_mut_ptr().add(placed);
                let count = mark.count_ones() as usize;
                placed += count;
                // Most marks have few, and a short store is the cheaper one.
                let few = _mm_cvtepu8_epi16(_mm512_castsi512_si128(these));
                _mm_storeu_si128(here.cast(), _mm_add_epi16(few, _mm512_castsi512_si128(start)));
                if count > 8 {
                    let low = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(these));
                    _mm512_storeu_si512(here.cast(), _mm512_add_epi16(low, start));
                }
                if count > super::MORE {
                    let high = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64::<1>(these));
                    _mm512_storeu_si512(here.add(super::MORE).cast(), _mm512_add_epi16(high, start));
                }
                start = _mm512_add_epi16(start, _mm512_set1_epi16(64));
            }
        }
        placed
    }

    #[inline(always)]
    unsafe fn locate(marks: &[u64], start: usize, positions: &mut [MaybeUninit<usize>]) -> usize {
        /// The positions of a register.
        const GROUP: usize = 8;
        if !VBMI {
            return super::locate_bits(marks, start, positions);
        }
        assert!(super::has_room_for(marks, positions), "too little room");
        let mut placed = 0;
        // SAFETY: what is stored lies less than `GROUP` after as many as there are bits, of which the room is.
        unsafe {
            let places_of_bits = _mm512_loadu_si512(PLACES.as_ptr().cast());
            let mut start = _mm512_set1_epi64(start as i64);
            for mark in marks {
                let mut these = _mm512_maskz_compress_epi8(*mark, places_of_bits);
                let count = mark.count_ones() as usize;
                let mut stored = 0;
                loop {
                    let some = _mm512_cvtepu8_epi64(_mm512_castsi512_si128(these));
                    let here = positions.as_mut_ptr().add(placed + stored);
                    _mm512_storeu_si512(here.cast(), _mm512_add_epi64(some, start));
                    stored += GROUP;
                    // Most marks have no more.
                    if stored >= count {
                        break;
                    }
                    these = _mm512_alignr_epi64::<1>(these, these);
                }
                placed += count;
                start = _mm512_add_epi64(start, _mm512_set1_epi64(64));
            }
        }
        placed
    }
}
