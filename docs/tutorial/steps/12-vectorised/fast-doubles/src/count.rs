//! The loop.

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
