//! NEON: 16 bytes a register, counted in byte lanes. Every aarch64 CPU has it.

use core::arch::aarch64::*;

use crate::vector::Vector;

super::vector_backend!(uint8x16_t, "neon");

// SAFETY (of every block below): the trait's contract, that the CPU has NEON and that loads are of readable memory.
#[allow(clippy::undocumented_unsafe_blocks)]
impl Vector for uint8x16_t {
    const BYTES: usize = 16;
    type Half = Self;
    type Lanes = uint8x16_t;
    type Tally = uint8x16_t;
    const TALLY_LIMIT: usize = 255;

    #[inline(always)]
    unsafe fn load(ptr: *const u8) -> Self {
        unsafe { vld1q_u8(ptr) }
    }

    #[inline(always)]
    unsafe fn splat(byte: u8) -> Self {
        unsafe { vdupq_n_u8(byte) }
    }

    #[inline(always)]
    unsafe fn shifted<const W: usize>(self, next: Self) -> Self {
        unsafe {
            match W {
                1 => vextq_u8::<1>(self, next),
                2 => vextq_u8::<2>(self, next),
                3 => vextq_u8::<3>(self, next),
                4 => vextq_u8::<4>(self, next),
                _ => vextq_u8::<8>(self, next),
            }
        }
    }

    #[inline(always)]
    unsafe fn eq<const W: usize, const FLOAT: bool>(self, other: Self) -> Self {
        unsafe {
            match W {
                1 => vceqq_u8(self, other),
                2 if FLOAT => {
                    let [these, others] = [vreinterpretq_u16_u8(self), vreinterpretq_u16_u8(other)];
                    // The bits of both but the signs: up to those of infinity where all bits are equal, or else none.
                    let bits = vandq_u16(vorrq_u16(these, others), vdupq_n_u16(0x7fff));
                    let most = vandq_u16(vceqq_u16(these, others), vdupq_n_u16(0x7c00));
                    vreinterpretq_u8_u16(vcleq_u16(bits, most))
                }
                4 if FLOAT => vreinterpretq_u8_u32(vceqq_f32(vreinterpretq_f32_u8(self), vreinterpretq_f32_u8(other))),
                8 if FLOAT => vreinterpretq_u8_u64(vceqq_f64(vreinterpretq_f64_u8(self), vreinterpretq_f64_u8(other))),
                2 => vreinterpretq_u8_u16(vceqq_u16(vreinterpretq_u16_u8(self), vreinterpretq_u16_u8(other))),
                4 => vreinterpretq_u8_u32(vceqq_u32(vreinterpretq_u32_u8(self), vreinterpretq_u32_u8(other))),
                _ => vreinterpretq_u8_u64(vceqq_u64(vreinterpretq_u64_u8(self), vreinterpretq_u64_u8(other))),
            }
        }
    }

    #[inline(always)]
    unsafe fn and(a: Self, b: Self) -> Self {
        unsafe { vandq_u8(a, b) }
    }

    #[inline(always)]
    unsafe fn or(a: Self, b: Self) -> Self {
        unsafe { vorrq_u8(a, b) }
    }

    #[inline(always)]
    unsafe fn any(lanes: Self) -> bool {
        unsafe { nibbles(lanes) != 0 }
    }

    #[inline(always)]
    unsafe fn bits<const W: usize>(lanes: Self) -> u64 {
        /// What a byte keeps of a lane that holds: the sum of these bits is the number.
        const PLACES: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];
        unsafe {
            if W == 1 {
                let placed = vandq_u8(lanes, vld1q_u8(PLACES.as_ptr()));
                let [low, high] = [vaddv_u8(vget_low_u8(placed)), vaddv_u8(vget_high_u8(placed))];
                return u64::from(low) | u64::from(high) << 8;
            }
            let quarters = match W {
                2 => vreinterpretq_u16_u8(lanes),
                4 => vcombine_u16(vmovn_u32(vreinterpretq_u32_u8(lanes)), vdup_n_u16(0)),
                _ => {
                    let halves = vcombine_u32(vmovn_u64(vreinterpretq_u64_u8(lanes)), vdup_n_u32(0));
                    vcombine_u16(vmovn_u32(halves), vdup_n_u16(0))
                }
            };
            u64::from(vaddv_u8(vand_u8(vmovn_u16(quarters), vld1_u8(PLACES.as_ptr()))))
        }
    }

    #[inline(always)]
    unsafe fn after<const N: usize>(lanes: Self, next: Self) -> Self {
        unsafe { lanes.shifted::<N>(next) }
    }

    #[inline(always)]
    unsafe fn tally() -> Self {
        unsafe { vdupq_n_u8(0) }
    }

    #[inline(always)]
    unsafe fn add(tally: Self, lanes: Self) -> Self {
        unsafe { vsubq_u8(tally, lanes) }
    }

    #[inline(always)]
    unsafe fn total<const W: usize, const N: usize>(tallies: [Self; N]) -> usize {
        unsafe {
            let mut sums = vdupq_n_u16(0);
            for tally in tallies {
                sums = vpadalq_u8(sums, tally);
            }
            vaddlvq_u16(sums) as usize / W
        }
    }

    #[inline(always)]
    unsafe fn count_first<const W: usize>(lanes: Self, bytes: usize) -> usize {
        (unsafe { nibbles(lanes) } & ((1u128 << (4 * bytes)) - 1) as u64).count_ones() as usize / 4 / W
    }

    #[inline(always)]
    unsafe fn count_last<const W: usize>(lanes: Self, bytes: usize) -> usize {
        (u128::from(unsafe { nibbles(lanes) }) >> (4 * (Self::BYTES - bytes))).count_ones() as usize / 4 / W
    }

    #[inline(always)]
    unsafe fn xor(self, other: Self) -> Self {
        unsafe { veorq_u8(self, other) }
    }

    #[inline(always)]
    unsafe fn max(self, other: Self) -> Self {
        unsafe { vmaxq_u8(self, other) }
    }

    #[inline(always)]
    unsafe fn any_at_least<const LIMIT: u8>(self) -> bool {
        unsafe { vmaxvq_u8(self) >= LIMIT }
    }

    #[inline(always)]
    unsafe fn starts_char(self) -> Self {
        // As signed numbers the continuation bytes are the 64 lowest.
        unsafe { vcgtq_s8(vreinterpretq_s8_u8(self), vdupq_n_s8(-65)) }
    }

    #[inline(always)]
    unsafe fn select<const BIT: u32>(self, clear: Self, set: Self) -> Self {
        unsafe { vbslq_u8(vtstq_u8(self, vdupq_n_u8(1 << BIT)), set, clear) }
    }
}

/// Four bits a byte lane: NEON's nearest thing to `movemask`.
///
/// # Safety
///
/// The CPU must have NEON.
#[inline(always)]
unsafe fn nibbles(lanes: uint8x16_t) -> u64 {
    // SAFETY: the caller's promise.
    unsafe { vget_lane_u64::<0>(vreinterpret_u64_u8(vshrn_n_u16::<4>(vreinterpretq_u16_u8(lanes)))) }
}
