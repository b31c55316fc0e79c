//! SSE2: 16 bytes a register, counted in byte lanes. Every x86-64 CPU has it.

use core::arch::x86_64::*;

use crate::vector::Vector;

super::vector_backend!(__m128i, "sse2");

// SAFETY (of every block below): the trait's contract, that the CPU has SSE2 and that loads are of readable memory.
#[allow(clippy::undocumented_unsafe_blocks)]
impl Vector for __m128i {
    const BYTES: usize = 16;
    type Half = Self;
    type Lanes = __m128i;
    type Tally = __m128i;
    const TALLY_LIMIT: usize = 255;

    #[inline(always)]
    unsafe fn load(ptr: *const u8) -> Self {
        unsafe { _mm_loadu_si128(ptr.cast()) }
    }

    #[inline(always)]
    unsafe fn splat(byte: u8) -> Self {
        unsafe { _mm_set1_epi8(byte.cast_signed()) }
    }

    #[inline(always)]
    unsafe fn shifted<const W: usize>(self, next: Self) -> Self {
        unsafe {
            match W {
                1 => _mm_or_si128(_mm_srli_si128::<1>(self), _mm_slli_si128::<15>(next)),
                2 => _mm_or_si128(_mm_srli_si128::<2>(self), _mm_slli_si128::<14>(next)),
                3 => _mm_or_si128(_mm_srli_si128::<3>(self), _mm_slli_si128::<13>(next)),
                4 => _mm_or_si128(_mm_srli_si128::<4>(self), _mm_slli_si128::<12>(next)),
                _ => _mm_or_si128(_mm_srli_si128::<8>(self), _mm_slli_si128::<8>(next)),
            }
        }
    }

    #[inline(always)]
    unsafe fn eq<const W: usize, const FLOAT: bool>(self, other: Self) -> Self {
        unsafe {
            match W {
                1 => _mm_cmpeq_epi8(self, other),
                2 if FLOAT => {
                    // The bits of both but the signs: up to those of infinity where all bits are equal, or else none.
                    let bits = _mm_and_si128(_mm_or_si128(self, other), _mm_set1_epi16(0x7fff));
                    let most = _mm_and_si128(_mm_cmpeq_epi16(self, other), _mm_set1_epi16(0x7c00));
                    _mm_cmpgt_epi16(_mm_or_si128(most, _mm_set1_epi16(1)), bits)
                }
                4 if FLOAT => _mm_castps_si128(_mm_cmpeq_ps(_mm_castsi128_ps(self), _mm_castsi128_ps(other))),
                8 if FLOAT => _mm_castpd_si128(_mm_cmpeq_pd(_mm_castsi128_pd(self), _mm_castsi128_pd(other))),
                2 => _mm_cmpeq_epi16(self, other),
                4 => _mm_cmpeq_epi32(self, other),
                _ => {
                    // SSE2 has no 64-bit comparison: both halves must be equal.
                    let halves = _mm_cmpeq_epi32(self, other);
                    _mm_and_si128(halves, _mm_shuffle_epi32::<0b10_11_00_01>(halves))
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn and(a: Self, b: Self) -> Self {
        unsafe { _mm_and_si128(a, b) }
    }

    #[inline(always)]
    unsafe fn or(a: Self, b: Self) -> Self {
        unsafe { _mm_or_si128(a, b) }
    }

    #[inline(always)]
    unsafe fn any(lanes: Self) -> bool {
        unsafe { _mm_movemask_epi8(lanes) != 0 }
    }

    #[inline(always)]
    unsafe fn bits<const W: usize>(lanes: Self) -> u64 {
        unsafe {
            let bits = match W {
                1 => _mm_movemask_epi8(lanes),
                2 => _mm_movemask_epi8(_mm_packs_epi16(lanes, _mm_setzero_si128())),
                4 => _mm_movemask_ps(_mm_castsi128_ps(lanes)),
                _ => _mm_movemask_pd(_mm_castsi128_pd(lanes)),
            };
            u64::from(bits.cast_unsigned())
        }
    }

    #[inline(always)]
    unsafe fn after<const N: usize>(lanes: Self, next: Self) -> Self {
        unsafe { lanes.shifted::<N>(next) }
    }

    #[inline(always)]
    unsafe fn tally() -> Self {
        unsafe { _mm_setzero_si128() }
    }

    #[inline(always)]
    unsafe fn add(tally: Self, lanes: Self) -> Self {
        unsafe { _mm_sub_epi8(tally, lanes) }
    }

    #[inline(always)]
    unsafe fn total<const W: usize, const N: usize>(tallies: [Self; N]) -> usize {
        unsafe {
            let mut sums = _mm_setzero_si128();
            for tally in tallies {
                sums = _mm_add_epi64(sums, _mm_sad_epu8(tally, _mm_setzero_si128()));
            }
            let sums = _mm_add_epi64(sums, _mm_unpackhi_epi64(sums, sums));
            _mm_cvtsi128_si32(sums).cast_unsigned() as usize / W
        }
    }

    #[inline(always)]
    unsafe fn count_first<const W: usize>(lanes: Self, bytes: usize) -> usize {
        let bits = unsafe { _mm_movemask_epi8(lanes) }.cast_unsigned();
        (bits & ((1 << bytes) - 1)).count_ones() as usize / W
    }

    #[inline(always)]
    unsafe fn count_last<const W: usize>(lanes: Self, bytes: usize) -> usize {
        let bits = unsafe { _mm_movemask_epi8(lanes) }.cast_unsigned();
        (bits >> (Self::BYTES - bytes)).count_ones() as usize / W
    }

    #[inline(always)]
    unsafe fn xor(self, other: Self) -> Self {
        unsafe { _mm_xor_si128(self, other) }
    }

    #[inline(always)]
    unsafe fn max(self, other: Self) -> Self {
        unsafe { _mm_max_epu8(self, other) }
    }

    #[inline(always)]
    unsafe fn any_at_least<const LIMIT: u8>(self) -> bool {
        unsafe {
            let limit = _mm_set1_epi8(LIMIT.cast_signed());
            _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(self, limit), self)) != 0
        }
    }

    #[inline(always)]
    unsafe fn starts_char(self) -> Self {
        // As signed numbers the continuation bytes are the 64 lowest.
        unsafe { _mm_cmpgt_epi8(self, _mm_set1_epi8(-65)) }
    }

    #[inline(always)]
    unsafe fn select<const BIT: u32>(self, clear: Self, set: Self) -> Self {
        // SSE2 has no blend: spread the bit over its byte, then choose by logic.
        unsafe {
            let bit = _mm_set1_epi8((1u8 << BIT).cast_signed());
            let chosen = _mm_cmpeq_epi8(_mm_and_si128(self, bit), bit);
            _mm_or_si128(_mm_and_si128(chosen, set), _mm_andnot_si128(chosen, clear))
        }
    }
}
