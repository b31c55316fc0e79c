//! AVX2: 32 bytes a register, counted in byte lanes.

use core::arch::x86_64::*;

use crate::vector::Vector;

super::vector_backend!(__m256i, "avx2", "popcnt", "bmi1", "bmi2");

// SAFETY (of every block below): the trait's contract, that the CPU has AVX2 and that loads are of readable memory.
#[allow(clippy::undocumented_unsafe_blocks)]
impl Vector for __m256i {
    const BYTES: usize = 32;
    type Half = __m128i;
    type Lanes = __m256i;
    type Tally = __m256i;
    const TALLY_LIMIT: usize = 255;

    #[inline(always)]
    unsafe fn load(ptr: *const u8) -> Self {
        unsafe { _mm256_loadu_si256(ptr.cast()) }
    }

    #[inline(always)]
    unsafe fn splat(byte: u8) -> Self {
        unsafe { _mm256_set1_epi8(byte.cast_signed()) }
    }

    #[inline(always)]
    unsafe fn shifted<const W: usize>(self, next: Self) -> Self {
        unsafe {
            let middle = _mm256_permute2x128_si256::<0x21>(self, next);
            match W {
                1 => _mm256_alignr_epi8::<1>(middle, self),
                2 => _mm256_alignr_epi8::<2>(middle, self),
                3 => _mm256_alignr_epi8::<3>(middle, self),
                4 => _mm256_alignr_epi8::<4>(middle, self),
                _ => _mm256_alignr_epi8::<8>(middle, self),
            }
        }
    }

    #[inline(always)]
    unsafe fn eq<const W: usize, const FLOAT: bool>(self, other: Self) -> Self {
        unsafe {
            match W {
                1 => _mm256_cmpeq_epi8(self, other),
                2 if FLOAT => {
                    // The bits of both but the signs: up to those of infinity where all bits are equal, or else none.
                    let bits = _mm256_and_si256(_mm256_or_si256(self, other), _mm256_set1_epi16(0x7fff));
                    let most = _mm256_and_si256(_mm256_cmpeq_epi16(self, other), _mm256_set1_epi16(0x7c00));
                    _mm256_cmpgt_epi16(_mm256_or_si256(most, _mm256_set1_epi16(1)), bits)
                }
                4 if FLOAT => {
                    let [these, others] = [_mm256_castsi256_ps(self), _mm256_castsi256_ps(other)];
                    _mm256_castps_si256(_mm256_cmp_ps::<_CMP_EQ_OQ>(these, others))
                }
                8 if FLOAT => {
                    let [these, others] = [_mm256_castsi256_pd(self), _mm256_castsi256_pd(other)];
                    _mm256_castpd_si256(_mm256_cmp_pd::<_CMP_EQ_OQ>(these, others))
                }
                2 => _mm256_cmpeq_epi16(self, other),
                4 => _mm256_cmpeq_epi32(self, other),
                _ => _mm256_cmpeq_epi64(self, other),
            }
        }
    }

    #[inline(always)]
    unsafe fn and(a: Self, b: Self) -> Self {
        unsafe { _mm256_and_si256(a, b) }
    }

    #[inline(always)]
    unsafe fn or(a: Self, b: Self) -> Self {
        unsafe { _mm256_or_si256(a, b) }
    }

    #[inline(always)]
    unsafe fn any(lanes: Self) -> bool {
        unsafe { _mm256_movemask_epi8(lanes) != 0 }
    }

    #[inline(always)]
    unsafe fn bits<const W: usize>(lanes: Self) -> u64 {
        unsafe {
            let bits = match W {
                1 => _mm256_movemask_epi8(lanes),
                // The lanes as bytes, of which the upper half of each 16 is zero; then both halves together.
                2 => {
                    let bytes = _mm256_packs_epi16(lanes, _mm256_setzero_si256());
                    _mm256_movemask_epi8(_mm256_permute4x64_epi64::<0b11_01_10_00>(bytes))
                }
                4 => _mm256_movemask_ps(_mm256_castsi256_ps(lanes)),
                _ => _mm256_movemask_pd(_mm256_castsi256_pd(lanes)),
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
        unsafe { _mm256_setzero_si256() }
    }

    #[inline(always)]
    unsafe fn add(tally: Self, lanes: Self) -> Self {
        unsafe { _mm256_sub_epi8(tally, lanes) }
    }

    #[inline(always)]
    unsafe fn total<const W: usize, const N: usize>(tallies: [Self; N]) -> usize {
        unsafe {
            let mut sums = _mm256_setzero_si256();
            for tally in tallies {
                sums = _mm256_add_epi64(sums, _mm256_sad_epu8(tally, _mm256_setzero_si256()));
            }
            let sums = _mm_add_epi64(_mm256_castsi256_si128(sums), _mm256_extracti128_si256::<1>(sums));
            let sums = _mm_add_epi64(sums, _mm_unpackhi_epi64(sums, sums));
            _mm_cvtsi128_si32(sums).cast_unsigned() as usize / W
        }
    }

    #[inline(always)]
    unsafe fn count_first<const W: usize>(lanes: Self, bytes: usize) -> usize {
        let bits = unsafe { _mm256_movemask_epi8(lanes) }.cast_unsigned();
        (u64::from(bits) & ((1 << bytes) - 1)).count_ones() as usize / W
    }

    #[inline(always)]
    unsafe fn count_last<const W: usize>(lanes: Self, bytes: usize) -> usize {
        let bits = unsafe { _mm256_movemask_epi8(lanes) }.cast_unsigned();
        (u64::from(bits) >> (Self::BYTES - bytes)).count_ones() as usize / W
    }

    #[inline(always)]
    unsafe fn xor(self, other: Self) -> Self {
        unsafe { _mm256_xor_si256(self, other) }
    }

    #[inline(always)]
    unsafe fn max(self, other: Self) -> Self {
        unsafe { _mm256_max_epu8(self, other) }
    }

    #[inline(always)]
    unsafe fn any_at_least<const LIMIT: u8>(self) -> bool {
        unsafe {
            let limit = _mm256_set1_epi8(LIMIT.cast_signed());
            _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(self, limit), self)) != 0
        }
    }

    #[inline(always)]
    unsafe fn starts_char(self) -> Self {
        // As signed numbers the continuation bytes are the 64 lowest.
        unsafe { _mm256_cmpgt_epi8(self, _mm256_set1_epi8(-65)) }
    }

    #[inline(always)]
    unsafe fn select<const BIT: u32>(self, clear: Self, set: Self) -> Self {
        // A blend looks at bit 7 alone, so what a 16-bit shift carries in from the byte below is not seen.
        unsafe {
            let chosen = match BIT {
                7 => self,
                5 => _mm256_slli_epi16::<2>(self),
                _ => _mm256_slli_epi16::<3>(self),
            };
            _mm256_blendv_epi8(clear, set, chosen)
        }
    }
}
