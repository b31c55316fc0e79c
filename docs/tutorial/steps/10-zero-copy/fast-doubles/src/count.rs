//! The loop.

/// How many items equal the next one.
pub fn count<T: PartialEq>(items: &[T]) -> usize {
    items.windows(2).filter(|pair| pair[0] == pair[1]).count()
}
