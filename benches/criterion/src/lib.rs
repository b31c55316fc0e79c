//! What `doubles-core` is measured against, and on what.

/// Reads every byte once, and does next to nothing with it: the fastest that anything can get through this memory in
/// order.
///
/// Returns the bitwise or of all bytes. Uses the widest vectors that the CPU has.
#[must_use]
pub fn read_only(haystack: &[u8]) -> u8 {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f,avx512bw")]
        fn avx512(haystack: &[u8]) -> u8 {
            or_all(haystack)
        }
        #[target_feature(enable = "avx2")]
        fn avx2(haystack: &[u8]) -> u8 {
            or_all(haystack)
        }
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") {
            // SAFETY: the CPU has the features.
            return unsafe { avx512(haystack) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the CPU has the feature.
            return unsafe { avx2(haystack) };
        }
    }
    or_all(haystack)
}

/// Ors in blocks of four of the widest registers, which compilers keep in registers.
#[inline(always)]
fn or_all(haystack: &[u8]) -> u8 {
    let (blocks, rest) = haystack.as_chunks::<256>();
    let mut ors = [0u8; 256];
    for block in blocks {
        for (or, byte) in ors.iter_mut().zip(block) {
            *or |= byte;
        }
    }
    ors.iter().chain(rest).fold(0, |or, byte| or | byte)
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
