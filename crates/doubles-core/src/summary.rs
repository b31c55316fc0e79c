//! What two neighbouring chunks must know of each other.

use core::ops::Range;

use crate::{Element, count_chars, count_unaligned, longest_run_of_chars, longest_run_unaligned, runs_unaligned};

/// What can be told of a chunk of a sequence without its neighbours, and is enough to be joined to theirs.
///
/// Two summaries are equal if all fields are. So one whose first or last item is a NaN does not equal itself.
///
/// Joining is associative, and an empty summary (the default) changes nothing: so chunks can be summed up on any number of
/// threads or machines, and joined in any grouping, as long as their order is kept.
///
/// ```
/// use doubles_core::Summary;
/// let [left, right] = ["aab", "bbbc"].map(Summary::of_chars);
/// let whole = left.join(&right);
/// assert_eq!(whole, Summary::of_chars("aabbbbc"));
/// assert_eq!((whole.doubles, whole.longest), (4, 2..6));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Summary<T> {
    /// How many items there are.
    pub length: usize,
    /// How many equal the next one.
    pub doubles: usize,
    /// The first and the last item, if there is one.
    pub ends: Option<(T, T)>,
    /// How many items the run at the start has.
    pub prefix: usize,
    /// How many items the run at the end has.
    pub suffix: usize,
    /// The first of the longest runs, as the range of its positions.
    pub longest: Range<usize>,
}

impl<T> Default for Summary<T> {
    fn default() -> Self {
        Self { length: 0, doubles: 0, ends: None, prefix: 0, suffix: 0, longest: 0..0 }
    }
}

impl Summary<char> {
    /// What is to be told of a text. Lengths and positions are in characters.
    ///
    /// ```
    /// let summary = doubles_core::Summary::of_chars("ёё文");
    /// assert_eq!((summary.length, summary.doubles, summary.ends), (3, 1, Some(('ё', '文'))));
    /// ```
    #[must_use]
    pub fn of_chars(text: &str) -> Self {
        let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else { return Self::default() };
        let longest = longest_run_of_chars(text).expect("there is a character");
        let start = text[..longest.start].chars().count();
        let char = text[longest.start..].chars().next().expect("a run has a character");
        Self {
            length: text.chars().count(),
            doubles: count_chars(text),
            ends: Some((first, last)),
            prefix: text.chars().take_while(|char| *char == first).count(),
            suffix: text.chars().rev().take_while(|char| *char == last).count(),
            longest: start..start + longest.len() / char.len_utf8(),
        }
    }
}

impl<T: Element> Summary<T> {
    /// What is to be told of elements.
    ///
    /// ```
    /// let summary = doubles_core::Summary::of_elements(&[7u32, 7, 1]);
    /// assert_eq!((summary.prefix, summary.suffix, summary.longest), (2, 1, 0..2));
    /// ```
    #[must_use]
    pub fn of_elements(elements: &[T]) -> Self {
        Self::of_unaligned(T::as_bytes(elements))
    }

    /// What is to be told of elements that lie in bytes at any address.
    ///
    /// ```
    /// use doubles_core::Summary;
    /// let bytes = [0, /* a u16 */ 1, 2, /* and another */ 1, 2];
    /// assert_eq!(Summary::<u16>::of_unaligned(&bytes[1..]).doubles, 1);
    /// ```
    ///
    /// # Panics
    ///
    /// If the length is not a multiple of the element's size.
    #[must_use]
    pub fn of_unaligned(haystack: &[u8]) -> Self {
        let Some(longest) = longest_run_unaligned::<T>(haystack) else { return Self::default() };
        let length = haystack.len() / size_of::<T>();
        let last = T::at(haystack, length - 1);
        Self {
            length,
            doubles: count_unaligned::<T>(haystack),
            ends: Some((T::at(haystack, 0), last)),
            prefix: runs_unaligned::<T>(haystack, 1).next().map_or(0, |run| run.len()),
            // The last element is in its run even if it is a NaN, which does not equal itself.
            suffix: 1 + (0..length - 1).rev().take_while(|i| T::at(haystack, *i) == last).count(),
            longest,
        }
    }
}

impl<T: Copy + PartialEq> Summary<T> {
    /// What is to be told of this chunk and the one that follows it, together.
    ///
    /// ```
    /// use doubles_core::Summary;
    /// let [left, right] = ["xaa", "a"].map(Summary::of_chars);
    /// assert_eq!(left.join(&right).longest, 1..4); // a run that neither has alone
    /// ```
    ///
    /// # Panics
    ///
    /// If the lengths add up to more than `usize::MAX`.
    #[must_use]
    pub fn join(&self, next: &Self) -> Self {
        let (Some((first, left)), Some((right, last))) = (self.ends, next.ends) else {
            return if self.ends.is_some() { self.clone() } else { next.clone() };
        };
        let length = self.length.checked_add(next.length).expect("the lengths add up to no more than usize::MAX");
        let meet = left == right;
        let (mut prefix, mut suffix) = (self.prefix, next.suffix);
        let mut longest = self.longest.clone();
        if meet {
            let run = self.length - self.suffix..self.length + next.prefix;
            if self.prefix == self.length {
                prefix += next.prefix;
            }
            if next.suffix == next.length {
                suffix += self.suffix;
            }
            if run.len() > longest.len() {
                longest = run;
            }
        }
        if next.longest.len() > longest.len() {
            longest = self.length + next.longest.start..self.length + next.longest.end;
        }
        Self {
            length,
            doubles: self.doubles + next.doubles + usize::from(meet),
            ends: Some((first, last)),
            prefix,
            suffix,
            longest,
        }
    }
}
