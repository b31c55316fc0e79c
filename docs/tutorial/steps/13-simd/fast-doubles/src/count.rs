// --- dispatch
//! The loop, by the widest registers that the CPU is known to have.

/// How many bytes equal the next one.
pub fn count_bytes(items: &[u8]) -> usize {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the CPU has AVX2, as it just said.
        return unsafe { avx2::count_bytes(items) };
    }
    count(items)
}

// --- avx2
#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::*;

    const LANES: usize = 32;

    #[target_feature(enable = "avx2")]
    pub fn count_bytes(items: &[u8]) -> usize {
        let mut total = 0;
        let mut rest = items;
        // 32 bytes are compared with the 32 that begin one later, so 33 have to be there.
        while rest.len() > LANES {
            let mut counts = _mm256_setzero_si256();
            // A lane of eight bits counts up to 255.
            for _ in 0..255 {
                if rest.len() <= LANES {
                    break;
                }
                // SAFETY: both are within `rest`, as the line above says; they may lie at any address.
                let (these, those) = unsafe {
                    let first = rest.as_ptr();
                    (_mm256_loadu_si256(first.cast()), _mm256_loadu_si256(first.add(1).cast()))
                };
                // A lane that is equal becomes −1, and subtracting that counts it.
                counts = _mm256_sub_epi8(counts, _mm256_cmpeq_epi8(these, those));
                rest = &rest[LANES..];
            }
            let sums = _mm256_sad_epu8(counts, _mm256_setzero_si256());
            total += _mm256_extract_epi64::<0>(sums) as usize + _mm256_extract_epi64::<1>(sums) as usize;
            total += _mm256_extract_epi64::<2>(sums) as usize + _mm256_extract_epi64::<3>(sums) as usize;
        }
        total + super::count(rest)
    }
}

// --- safe
/// How many items equal the next one.
pub fn count<T: PartialEq>(items: &[T]) -> usize {
    // Up to 255 fit into a byte: so the compiler adds bytes, as many at once as it compares.
    const CHUNK: usize = 255;
    let next = items.get(1..).unwrap_or(&[]);
    items
        .chunks(CHUNK)
        .zip(next.chunks(CHUNK))
        .map(|(these, those)| usize::from(these.iter().zip(those).map(|(a, b)| u8::from(a == b)).sum::<u8>()))
        .sum()
}
