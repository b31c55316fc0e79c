//! The readable versions: the loops of the 2017 article, by the names its readers know, and the
//! oracle that everything faster is tested against.
//!
//! Nothing here is clever. Each function takes one pass (the first one takes two iterators) and no
//! memory. That they differ in speed all the same is what the article was about.

/// Counts the neighbours that are equal in any sequence: the definition of a double, and the oracle.
///
/// Returns the number of positions `i` with `item[i] == item[i + 1]`. Linear in the items.
///
/// ```
/// use doubles_core::scalar::count_pairs;
/// assert_eq!(count_pairs("aabccc".chars()), 3);
/// assert_eq!(count_pairs([1, 1, 2].iter()), 1);
/// ```
pub fn count_pairs<I: IntoIterator<Item: PartialEq>>(items: I) -> usize {
    let mut items = items.into_iter();
    let mut total = 0;
    if let Some(mut previous) = items.next() {
        for item in items {
            total += usize::from(previous == item);
            previous = item;
        }
    }
    total
}

/// The article's first Rust version: two iterators over the characters, one a step ahead.
///
/// Counts characters. Decodes the text twice.
///
/// ```
/// assert_eq!(doubles_core::scalar::count_doubles_zip("aabccc éé"), 4);
/// ```
#[must_use]
pub fn count_doubles_zip(val: &str) -> usize {
    let mut total = 0;
    for (c1, c2) in val.chars().zip(val.chars().skip(1)) {
        if c1 == c2 {
            total += 1;
        }
    }
    total
}

/// The article's second Rust version (Josh Stone's): one pass, keeping the character before.
///
/// Counts characters. Decodes the text once.
///
/// ```
/// assert_eq!(doubles_core::scalar::count_doubles_once("aabccc éé"), 4);
/// ```
#[must_use]
pub fn count_doubles_once(val: &str) -> usize {
    let mut total = 0;
    let mut chars = val.chars();
    if let Some(mut c1) = chars.next() {
        for c2 in chars {
            if c1 == c2 {
                total += 1;
            }
            c1 = c2;
        }
    }
    total
}

/// One pass with a peekable iterator. Counts characters.
///
/// ```
/// assert_eq!(doubles_core::scalar::count_doubles_peek("aabccc éé"), 4);
/// ```
#[must_use]
pub fn count_doubles_peek(val: &str) -> usize {
    let mut total = 0;
    let mut chars = val.chars().peekable();
    while let Some(c1) = chars.next() {
        if let Some(c2) = chars.peek()
            && c1 == *c2
        {
            total += 1;
        }
    }
    total
}

/// One pass as a fold over (total, character before). Counts characters.
///
/// ```
/// assert_eq!(doubles_core::scalar::count_doubles_fold("aabccc éé"), 4);
/// ```
#[must_use]
pub fn count_doubles_fold(val: &str) -> usize {
    let mut chars = val.chars();
    match chars.next() {
        None => 0,
        Some(first) => chars.fold((0, first), |(total, c1), c2| if c1 == c2 { (total + 1, c2) } else { (total, c2) }).0,
    }
}

/// The article's fastest Rust version: [`count_doubles_once`] over bytes. Counts bytes.
///
/// ```
/// assert_eq!(doubles_core::scalar::count_doubles_bytes_once("aabccc éé".as_bytes()), 3);
/// ```
#[must_use]
pub fn count_doubles_bytes_once(val: &[u8]) -> usize {
    let mut total = 0;
    let mut bytes = val.iter();
    if let Some(mut c1) = bytes.next() {
        for c2 in bytes {
            if c1 == c2 {
                total += 1;
            }
            c1 = c2;
        }
    }
    total
}

/// Windows of two over bytes. Counts bytes.
///
/// ```
/// assert_eq!(doubles_core::scalar::count_doubles_bytes_windows("aabccc éé".as_bytes()), 3);
/// ```
#[must_use]
pub fn count_doubles_bytes_windows(val: &[u8]) -> usize {
    val.windows(2).filter(|pair| pair[0] == pair[1]).count()
}
