//! The same counts by several threads: those of rayon's current pool.
//!
//! This pays off from some megabytes on: handing out a part costs microseconds. To use fewer threads, call inside
//! [`rayon::ThreadPool::install`].
//!
//! ```
//! let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
//! assert_eq!(pool.install(|| doubles_core::parallel::count_chars("ёё文文文")), 3);
//! ```

use rayon::prelude::*;

use crate::{Element, part, part_of_str};

/// [`count_chars`](crate::count_chars) by the threads of rayon's current pool.
///
/// ```
/// assert_eq!(doubles_core::parallel::count_chars("ёё文文文"), 3);
/// ```
#[must_use]
pub fn count_chars(haystack: &str) -> usize {
    sum_of_parts(|index, count| crate::count_chars(part_of_str(haystack, index, count)))
}

/// [`count_bytes`](crate::count_bytes) by the threads of rayon's current pool.
///
/// ```
/// assert_eq!(doubles_core::parallel::count_bytes(b"mississippi"), 3);
/// ```
#[must_use]
pub fn count_bytes(haystack: &[u8]) -> usize {
    count_elements(haystack)
}

/// [`count_elements`](crate::count_elements) by the threads of rayon's current pool.
///
/// ```
/// assert_eq!(doubles_core::parallel::count_elements(&[7u32, 7, 1, 7]), 1);
/// ```
#[must_use]
pub fn count_elements<T: Element>(haystack: &[T]) -> usize {
    sum_of_parts(|index, count| crate::count_elements(part(haystack, index, count)))
}

/// One part a thread.
fn sum_of_parts(count_part: impl Fn(usize, usize) -> usize + Sync) -> usize {
    let count = rayon::current_num_threads();
    (0..count).into_par_iter().with_max_len(1).map(|index| count_part(index, count)).sum()
}
