//! What `doubles-core` is measured against, and on what.

#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::*;

/// Reads every byte once, in order, and does next to nothing with it: the fastest that a loop gets through this memory.
///
/// Returns the bitwise or of all bytes. Uses the widest vectors that the CPU has, from an aligned line on.
#[must_use]
pub fn read_only(haystack: &[u8]) -> u8 {
    widest::<1>(haystack)
}

/// [`read_only`] in four places at a time, as `doubles-core` reads long input.
#[must_use]
pub fn read_only_streams(haystack: &[u8]) -> u8 {
    widest::<4>(haystack)
}

/// Reads `N` places in turn.
fn widest<const N: usize>(haystack: &[u8]) -> u8 {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the CPU has the feature.
            return unsafe { avx512::<N>(haystack) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the CPU has the feature.
            return unsafe { avx2::<N>(haystack) };
        }
    }
    let (blocks, rest) = haystack.as_chunks::<16>();
    let part = blocks.len() / N;
    let mut ors = 0;
    for at in 0..part {
        for stream in 0..N {
            ors |= u128::from_ne_bytes(blocks[stream * part + at]);
        }
    }
    or_all(&ors.to_ne_bytes()) | or_all(blocks[N * part..].as_flattened()) | or_all(rest)
}

/// The bitwise or of all bytes, one after the other.
fn or_all(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |or, byte| or | byte)
}

/// A loop over four registers at a time, and single ones at the ends, where some bytes are read twice. Written by hand:
/// compilers keep such an array in memory.
#[cfg(target_arch = "x86_64")]
macro_rules! reads {
    ($name:ident, $feature:literal, $vector:ty, $zero:ident, $load:ident, $or:ident) => {
        #[target_feature(enable = $feature)]
        fn $name<const N: usize>(haystack: &[u8]) -> u8 {
            const BYTES: usize = size_of::<$vector>();
            let (ptr, len) = (haystack.as_ptr(), haystack.len());
            if len < BYTES {
                return or_all(haystack);
            }
            let mut ors = [$zero(); 4];
            // SAFETY: as is that of every load here, each register lies in the haystack.
            ors[0] = unsafe { $load(ptr.cast()) };
            let start = ptr.align_offset(BYTES);
            let part = (len - start) / (4 * BYTES) / N * (4 * BYTES);
            for at in (start..start + part).step_by(4 * BYTES) {
                for stream in 0..N {
                    for (i, or) in ors.iter_mut().enumerate() {
                        // SAFETY: the first `start + N * part` bytes are of the haystack.
                        *or = $or(*or, unsafe { $load(ptr.add(stream * part + at + i * BYTES).cast()) });
                    }
                }
            }
            for at in (start + N * part..len - BYTES).step_by(BYTES) {
                // SAFETY: it ends before the haystack does.
                ors[1] = $or(ors[1], unsafe { $load(ptr.add(at).cast()) });
            }
            // SAFETY: it ends where the haystack does.
            ors[2] = $or(ors[2], unsafe { $load(ptr.add(len - BYTES).cast()) });
            let all = $or($or(ors[0], ors[1]), $or(ors[2], ors[3]));
            // SAFETY: a register is so many bytes, of which every value is one.
            or_all(&unsafe { core::mem::transmute::<$vector, [u8; BYTES]>(all) })
        }
    };
}

#[cfg(target_arch = "x86_64")]
reads!(avx512, "avx512f", __m512i, _mm512_setzero_si512, _mm512_loadu_si512, _mm512_or_si512);
#[cfg(target_arch = "x86_64")]
reads!(avx2, "avx2", __m256i, _mm256_setzero_si256, _mm256_loadu_si256, _mm256_or_si256);

/// `length` bytes of characters drawn evenly from `alphabet`, the same at each call. The end is filled with `.` where no
/// character fits.
#[must_use]
pub fn random_text(alphabet: &str, length: usize) -> String {
    let characters: Vec<char> = alphabet.chars().collect();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut text = String::with_capacity(length);
    loop {
        // xorshift64*: good enough to be without doubles that a predictor could learn.
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        let random = state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        let character = characters[random as usize % characters.len()];
        if text.len() + character.len_utf8() > length {
            break;
        }
        text.push(character);
    }
    text.extend(std::iter::repeat_n('.', length - text.len()));
    text
}

/// The 52 ASCII letters, as in the article.
pub const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// The four bases: a quarter of random ones are doubles.
pub const DNA: &str = "ACGT";
/// Cyrillic with spaces: characters of two bytes, and some of one.
pub const CYRILLIC: &str = "абвгдежзийклмнопрстуфхцчшщъыьэюя    ";
/// Chinese with its punctuation: characters of three bytes.
pub const CHINESE: &str = "的一是不了人我在有他这中大来上国个到说们，。";

/// The guide's examples are doctests of this crate, since a published one cannot reach what is outside of it.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/rust.md")]
pub struct Guide;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_read() {
        for length in 0..700 {
            let mut haystack = vec![0; length];
            for at in 0..length {
                haystack[at] = 0x20;
                assert_eq!((read_only(&haystack), read_only_streams(&haystack)), (0x20, 0x20), "{at} of {length}");
                haystack[at] = 0;
            }
        }
    }
}
