//! What `doubles-core` is measured against, and on what.

/// Reads every byte once, in order, and does next to nothing with it: the fastest that a loop gets through this memory.
///
/// Returns the bitwise or of all bytes. Uses the widest vectors that the CPU has.
#[must_use]
pub fn read_only(haystack: &[u8]) -> u8 {
    widest(haystack, false)
}

/// [`read_only`] in four places at a time, as `doubles-core` reads long input.
#[must_use]
pub fn read_only_streams(haystack: &[u8]) -> u8 {
    widest(haystack, true)
}

/// Reads with the widest vectors that the CPU has.
fn widest(haystack: &[u8], streams: bool) -> u8 {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f,avx512bw")]
        fn avx512(haystack: &[u8], streams: bool) -> u8 {
            if streams { or_all::<4>(haystack) } else { or_all::<1>(haystack) }
        }
        #[target_feature(enable = "avx2")]
        fn avx2(haystack: &[u8], streams: bool) -> u8 {
            if streams { or_all::<4>(haystack) } else { or_all::<1>(haystack) }
        }
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") {
            // SAFETY: the CPU has the features.
            return unsafe { avx512(haystack, streams) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the CPU has the feature.
            return unsafe { avx2(haystack, streams) };
        }
    }
    if streams { or_all::<4>(haystack) } else { or_all::<1>(haystack) }
}

/// Ors in blocks that compilers keep in registers, from `N` parts of the haystack in turn.
#[inline(always)]
fn or_all<const N: usize>(haystack: &[u8]) -> u8 {
    const BLOCK: usize = 256;
    let (blocks, rest) = haystack.as_chunks::<BLOCK>();
    let part = blocks.len() / N;
    let mut ors = [0u8; BLOCK];
    for at in 0..part {
        for stream in 0..N {
            or(&mut ors, &blocks[stream * part + at]);
        }
    }
    for block in &blocks[N * part..] {
        or(&mut ors, block);
    }
    ors.iter().chain(rest).fold(0, |or, byte| or | byte)
}

#[inline(always)]
fn or<const BLOCK: usize>(ors: &mut [u8; BLOCK], block: &[u8; BLOCK]) {
    for (or, byte) in ors.iter_mut().zip(block) {
        *or |= byte;
    }
}

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
/// Cyrillic with spaces: characters of two bytes, and some of one.
pub const CYRILLIC: &str = "абвгдежзийклмнопрстуфхцчшщъыьэюя    ";
/// Chinese with its punctuation: characters of three bytes.
pub const CHINESE: &str = "的一是不了人我在有他这中大来上国个到说们，。";
