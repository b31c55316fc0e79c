//! Every backend that this CPU has against the oracle, a function of the crate each. Tests and fuzz targets share this.

#![allow(dead_code)] // Each of them uses some.

use std::fmt::Debug;
use std::mem::MaybeUninit;
use std::ops::Range;

use doubles_core::scalar::count_pairs;
use doubles_core::{
    Backend, Element, Half, RunFinder, Squeezer, Summary, count_bools, count_byte_doubles_of, has_bools, part,
    part_of_str,
};

/// Past this many bytes, lengths behave alike until the tallies are emptied.
pub(crate) const LONG: usize = 1024;

/// Every alignment there is: that of a cache line.
pub(crate) const LINE: usize = 64;

/// The seeds of random haystacks.
pub(crate) fn seeds() -> std::ops::Range<u64> {
    0..std::env::var("DOUBLES_TEST_SEEDS").map_or(2, |seeds| seeds.parse().expect("DOUBLES_TEST_SEEDS is a number"))
}

/// Numbers below `limit`, the same ones each time.
pub(crate) fn numbers(seed: u64, limit: usize) -> impl Iterator<Item = usize> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64 ^ (seed << 17);
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as usize % limit
    })
}

/// Counting elements of a width in bytes.
pub(crate) type Elements = (usize, fn(Backend, &[u8]) -> usize);

/// Every width.
pub(crate) const WIDTHS: [Elements; 4] = [
    (1, Backend::count_unaligned::<u8>),
    (2, Backend::count_unaligned::<u16>),
    (4, Backend::count_unaligned::<u32>),
    (8, Backend::count_unaligned::<u64>),
];

/// Every width, and every float: for haystacks without the bytes of a NaN and of -0.0, for which floats are equal just where
/// their bytes are.
pub(crate) const TYPES: [Elements; 7] = [
    WIDTHS[0],
    WIDTHS[1],
    WIDTHS[2],
    WIDTHS[3],
    (2, Backend::count_unaligned::<Half>),
    (4, Backend::count_unaligned::<f32>),
    (8, Backend::count_unaligned::<f64>),
];

/// An element, and what the oracle compares in its place: of another type where the crate's own `==` is tried.
pub(crate) trait Known: Element {
    type Oracle: Copy + PartialOrd + Debug;

    fn known(self) -> Self::Oracle;
}

macro_rules! known {
    ($($element:ty),+) => {
        $(impl Known for $element {
            type Oracle = Self;

            fn known(self) -> Self {
                self
            }
        })+
    };
}

known!(u8, u16, u32, u64, i8, i16, i32, i64, f32, f64);

impl Known for Half {
    type Oracle = f32;

    fn known(self) -> f32 {
        self.into()
    }
}

/// What the oracle compares of a haystack of whole elements.
pub(crate) fn items_of<T: Known>(haystack: &[u8]) -> Vec<T::Oracle> {
    (0..haystack.len() / size_of::<T>()).map(|index| T::at(haystack, index).known()).collect()
}

/// Looking for a double of elements of a width in bytes.
pub(crate) type Looking = (usize, fn(Backend, &[u8]) -> bool);

/// Every width.
pub(crate) const HAS: [Looking; 7] = [
    (1, Backend::has_unaligned::<u8>),
    (2, Backend::has_unaligned::<u16>),
    (4, Backend::has_unaligned::<u32>),
    (8, Backend::has_unaligned::<u64>),
    // For haystacks as those of `TYPES`.
    (2, Backend::has_unaligned::<Half>),
    (4, Backend::has_unaligned::<f32>),
    (8, Backend::has_unaligned::<f64>),
];

/// Each backend counts as many bytes as are expected, and so does the function that chooses one.
pub(crate) fn bytes(haystack: &[u8]) {
    let expected = count_pairs(haystack);
    assert_eq!(doubles_core::count_bytes(haystack), expected, "{} bytes", haystack.len());
    for backend in Backend::available() {
        assert_eq!(backend.count_bytes(haystack), expected, "{backend}, {} bytes", haystack.len());
    }
}

/// The same for whole elements of a width.
pub(crate) fn elements_of(width: usize, haystack: &[u8]) {
    let expected = count_pairs(haystack.chunks_exact(width));
    let (_, count) = WIDTHS.into_iter().find(|(known, _)| *known == width).expect("a width there is");
    for backend in Backend::available() {
        let counted = count(backend, haystack);
        assert_eq!(counted, expected, "{backend}, {} bytes, elements of {width}", haystack.len());
    }
}

/// Each backend counts the elements of a type that are whole.
pub(crate) fn counted<T: Known>(haystack: &[u8]) {
    let haystack = &haystack[..haystack.len() / size_of::<T>() * size_of::<T>()];
    let expected = count_pairs(items_of::<T>(haystack));
    assert_eq!(doubles_core::count_unaligned::<T>(haystack), expected, "{} bytes", haystack.len());
    for backend in Backend::available() {
        let counted = backend.count_unaligned::<T>(haystack);
        assert_eq!(counted, expected, "{backend}, {} bytes of {}", haystack.len(), std::any::type_name::<T>());
    }
}

/// Each backend finds the doubles and the runs of the floats that are whole where they are.
pub(crate) fn found_floats(haystack: &[u8]) {
    found_elements::<Half>(&haystack[..haystack.len() / 2 * 2]);
    found_elements::<f32>(&haystack[..haystack.len() / 4 * 4]);
    found_elements::<f64>(&haystack[..haystack.len() / 8 * 8]);
}

/// Each backend finds the doubles and the runs of whole elements of a width where they are.
pub(crate) fn found_elements_of(width: usize, haystack: &[u8]) {
    match width {
        1 => found_elements::<u8>(haystack),
        2 => found_elements::<u16>(haystack),
        4 => found_elements::<u32>(haystack),
        _ => found_elements::<u64>(haystack),
    }
}

/// The runs of one item, by their definition.
pub(crate) fn runs_of<T: PartialEq>(items: &[T]) -> Vec<Range<usize>> {
    let ends = items.chunk_by(|a, b| a == b).scan(0, |end, run| {
        *end += run.len();
        Some(*end - run.len()..*end)
    });
    ends.collect()
}

/// So many marks, with a bit for each of these places that there is a mark for.
fn marks_of(places: &[usize], marks: usize) -> Vec<u64> {
    let mut expected = vec![0; marks];
    for place in places.iter().take_while(|place| **place < 64 * marks) {
        expected[place / 64] |= 1 << (place % 64);
    }
    expected
}

/// The first of the longest.
pub(crate) fn longest_of(runs: &[Range<usize>]) -> Option<Range<usize>> {
    let longest = runs.iter().map(Range::len).max()?;
    runs.iter().find(|run| run.len() == longest).cloned()
}

pub(crate) fn found_elements<T: Known>(haystack: &[u8]) {
    let items = items_of::<T>(haystack);
    let runs = runs_of(&items);
    let doubles: Vec<usize> = runs.iter().flat_map(|run| run.start..run.end - 1).collect();
    let [twice, thrice] =
        [2, 3].map(|min_length| runs.iter().filter(|run| run.len() >= min_length).cloned().collect::<Vec<_>>());
    for backend in Backend::available() {
        let about = format!("{backend}, {} bytes, elements of {}", haystack.len(), std::any::type_name::<T>());
        assert_eq!(backend.has_unaligned::<T>(haystack), !doubles.is_empty(), "{about}");
        assert!(backend.find_unaligned::<T>(haystack).eq(doubles.iter().copied()), "{about}");
        // Item by item, all at once, and the rest after the first.
        let (mut appended, mut rest) = (Vec::new(), backend.find_unaligned::<T>(haystack));
        assert_eq!(rest.size_hint(), (0, Some(items.len())), "{about}");
        appended.extend(rest.next());
        rest.clone().for_each(|position| appended.push(position));
        assert!(appended == doubles, "{about}");
        #[cfg(feature = "std")]
        {
            appended.truncate(1);
            rest.append_to(&mut appended).expect("memory");
            assert!(appended == doubles, "{about}");
        }
        if std::any::type_name::<T>() == "u8" {
            for marks in [haystack.len() / 64 + 2, haystack.len() / 128] {
                let mut marked = vec![u64::MAX; marks];
                backend.mark_bytes(haystack, &mut marked);
                assert!(marked == marks_of(&doubles, marks), "{about}");
            }
        }
        for (min_length, expected) in [(1, &runs), (2, &twice), (3, &thrice)] {
            assert!(backend.runs_unaligned::<T>(haystack, min_length).eq(expected.iter().cloned()), "{about}");
            let (mut folded, mut rest) = (Vec::new(), backend.runs_unaligned::<T>(haystack, min_length));
            folded.extend(rest.next());
            rest.clone().for_each(|run| folded.push(run));
            assert!(folded == *expected, "{about}");
            #[cfg(feature = "std")]
            {
                folded.truncate(1);
                rest.append_to(&mut folded).expect("memory");
                assert!(folded == *expected, "{about}");
            }
        }
    }
    assert_eq!(doubles_core::longest_run_unaligned::<T>(haystack), longest_of(&runs));
}

/// Each backend finds the doubles and the runs of characters where they are.
pub(crate) fn found_chars(text: &str) {
    let (starts, chars): (Vec<usize>, Vec<char>) = text.char_indices().unzip();
    let end = |place: usize| starts.get(place).copied().unwrap_or(text.len());
    let runs = runs_of(&chars);
    let in_bytes = |run: Range<usize>| starts[run.start]..end(run.end);
    let doubles: Vec<usize> = runs.iter().flat_map(|run| run.start..run.end - 1).map(end).collect();
    for backend in Backend::available() {
        assert_eq!(backend.has_chars(text), !doubles.is_empty(), "{backend}: {text:?}");
        assert!(backend.find_chars(text).eq(doubles.iter().copied()), "{backend}: {text:?}");
        // More marks than the text needs, and fewer.
        for marks in [text.len() / 64 + 2, text.len() / 128] {
            let mut marked = vec![u64::MAX; marks];
            backend.mark_chars(text, &mut marked);
            assert!(marked == marks_of(&doubles, marks), "{backend}: {text:?}");
        }
        for min_length in [1, 2, 3] {
            let expected = runs.iter().filter(|run| run.len() >= min_length).cloned().map(in_bytes);
            assert!(backend.runs_of_chars(text, min_length).eq(expected), "{backend}, {min_length}: {text:?}");
        }
    }
    assert_eq!(doubles_core::longest_run_of_chars(text), longest_of(&runs).map(in_bytes), "{text:?}");
}

/// What comes in parts of `length` elements is found and squeezed as what comes at once.
pub(crate) fn operations_of(width: usize, haystack: &[u8], length: usize, max_run: usize) {
    match width {
        1 => operations::<u8>(haystack, length, max_run),
        2 => operations::<u16>(haystack, length, max_run),
        4 => operations::<u32>(haystack, length, max_run),
        _ => operations::<u64>(haystack, length, max_run),
    }
}

/// What is left of parts of `length` elements and one more, each of which is squeezed to the end of `room`.
pub(crate) fn squeezed_into<T: Element>(
    haystack: &[u8],
    length: usize,
    max_run: usize,
    room: &mut [MaybeUninit<u8>],
) -> Vec<u8> {
    let (mut squeezed, mut squeezer) = (Vec::new(), Squeezer::<T>::new(max_run));
    for part in haystack.chunks((length + 1) * size_of::<T>()) {
        let start = room.len() - part.len();
        let written = squeezer.push_into(part, |_| true, &mut room[start..]);
        // SAFETY: so many were written.
        squeezed.extend(room[start..][..written].iter().map(|byte| unsafe { byte.assume_init() }));
    }
    squeezed
}

/// The same for the floats that are whole.
pub(crate) fn operations_of_floats(haystack: &[u8], length: usize, max_run: usize) {
    operations::<Half>(&haystack[..haystack.len() / 2 * 2], length, max_run);
    operations::<f32>(&haystack[..haystack.len() / 4 * 4], length, max_run);
    operations::<f64>(&haystack[..haystack.len() / 8 * 8], length, max_run);
}

pub(crate) fn operations<T: Known>(haystack: &[u8], length: usize, max_run: usize) {
    let items = items_of::<T>(haystack);
    let runs = runs_of(&items);
    let in_bytes = |run: &Range<usize>| {
        let kept = run.start..run.end.min(run.start.saturating_add(max_run));
        &haystack[kept.start * size_of::<T>()..kept.end * size_of::<T>()]
    };
    let squeezed: Vec<u8> = runs.iter().flat_map(in_bytes).copied().collect();
    let (mut found, mut finder) = (Vec::new(), RunFinder::<T>::new(max_run));
    let (mut pieces, mut squeezer) = (Vec::new(), Squeezer::<T>::new(max_run));
    let mut room = vec![MaybeUninit::uninit(); haystack.len()];
    let into = squeezed_into::<T>(haystack, length, max_run, &mut room);
    let mut summary = Summary::default();
    #[cfg(feature = "std")]
    let mut values = doubles_core::ValueCounter::<T>::new();
    for part in haystack.chunks((length + 1) * size_of::<T>()) {
        #[cfg(feature = "std")]
        values.push(part).expect("memory");
        finder.push(part, |run| found.push(run));
        squeezer.push(part, |_| true, |piece| pieces.extend_from_slice(piece));
        summary = summary.join(&Summary::<T>::of_unaligned(part));
    }
    found.extend(finder.finish());
    assert!(found.into_iter().eq(runs.iter().filter(|run| run.len() >= max_run).cloned()));
    assert_eq!(pieces, squeezed);
    assert_eq!(into, squeezed);
    let whole = Summary::<T>::of_unaligned(haystack);
    assert_eq!((summary.length, summary.doubles), (items.len(), whole.doubles));
    assert_eq!((summary.prefix, summary.suffix), (whole.prefix, whole.suffix));
    let keys = |ends: (T, T)| (ends.0.key(), ends.1.key());
    assert_eq!(summary.ends.map(keys), whole.ends.map(keys));
    assert_eq!(summary.longest, whole.longest);
    let of_run = |run: Option<&Range<usize>>| run.map_or(0, Range::len);
    assert_eq!((summary.prefix, summary.suffix), (of_run(runs.first()), of_run(runs.last())));
    #[cfg(feature = "std")]
    {
        let values = values.finish().expect("memory");
        assert!(values.is_sorted_by(|(value, _), (next, _)| value.known() < next.known()), "{values:?}");
        let mut expected = std::collections::BTreeMap::new();
        for run in runs.iter().filter(|run| run.len() > 1) {
            *expected.entry(T::at(haystack, run.start).key()).or_default() += run.len() - 1;
        }
        assert_eq!(values.len(), expected.len(), "{values:?}");
        assert!(values.iter().all(|(value, count)| expected.get(&value.key()) == Some(count)), "{values:?}");
    }
    assert_eq!(summary.longest, longest_of(&runs).unwrap_or_default());
    assert_eq!(summary.doubles, count_pairs(&items));
}

/// A text is squeezed, counted by value, summed up and counted in parts as its characters are.
#[cfg(feature = "std")]
pub(crate) fn operations_of_text(text: &str) {
    let chars: Vec<char> = text.chars().collect();
    let runs = runs_of(&chars);
    for max_run in [1, 2, usize::MAX] {
        let squeezed = runs.iter().flat_map(|run| &chars[run.clone()][..run.len().min(max_run)]);
        assert_eq!(doubles_core::squeeze_chars(text, max_run, |_| true), String::from_iter(squeezed));
    }
    let mut by_value = std::collections::BTreeMap::new();
    for run in runs.iter().filter(|run| run.len() > 1) {
        *by_value.entry(chars[run.start]).or_default() += run.len() - 1;
    }
    assert_eq!(doubles_core::count_chars_by_value(text), Vec::from_iter(by_value));
    let summary = Summary::of_chars(text);
    assert_eq!((summary.length, summary.doubles), (chars.len(), count_pairs(&chars)));
    assert_eq!(summary.longest, longest_of(&runs).unwrap_or_default());
    for length in [1, 3, 50, text.len() + 1] {
        let (mut of_bytes, mut of_chars) = (doubles_core::ByteCounter::new(), doubles_core::CharCounter::new());
        for part in text.as_bytes().chunks(length) {
            of_bytes.push(part);
            of_chars.push(part).expect("UTF-8");
        }
        assert_eq!(of_bytes.finish(), count_pairs(text.bytes()) as u64);
        assert_eq!(of_chars.finish(), Ok(count_pairs(&chars) as u64));
    }
    for count in [1, 2, 7] {
        parts(text.as_bytes(), text, count);
    }
}

/// The same for elements of every width, as many as are whole.
pub(crate) fn elements(haystack: &[u8]) {
    for (width, _) in WIDTHS {
        elements_of(width, &haystack[..haystack.len() / width * width]);
    }
    let u16s: Vec<u16> = haystack.as_chunks().0.iter().map(|bytes| u16::from_ne_bytes(*bytes)).collect();
    assert_eq!(doubles_core::count_elements(&u16s), count_pairs(&u16s));
    let u32s: Vec<u32> = haystack.as_chunks().0.iter().map(|bytes| u32::from_ne_bytes(*bytes)).collect();
    assert_eq!(doubles_core::count_elements(&u32s), count_pairs(&u32s));
    let u64s: Vec<u64> = haystack.as_chunks().0.iter().map(|bytes| u64::from_ne_bytes(*bytes)).collect();
    assert_eq!(doubles_core::count_elements(&u64s), count_pairs(&u64s));
    counted::<Half>(haystack);
    counted::<f32>(haystack);
    counted::<f64>(haystack);
    let f64s: Vec<f64> = u64s.into_iter().map(f64::from_bits).collect();
    assert_eq!(doubles_core::count_elements(&f64s), count_pairs(&f64s));
}

/// The same for characters.
pub(crate) fn chars(text: &str) {
    let expected = count_pairs(text.chars());
    assert_eq!(doubles_core::count_chars(text), expected, "{} bytes: {text:?}", text.len());
    for backend in Backend::available() {
        assert_eq!(backend.count_chars(text), expected, "{backend}, {} bytes: {text:?}", text.len());
    }
}

/// Truth values.
pub(crate) fn bools(haystack: &[u8]) {
    let expected = count_pairs(haystack.iter().map(|byte| *byte != 0));
    assert_eq!(count_bools(haystack), expected);
    assert_eq!(has_bools(haystack), expected != 0);
}

/// The doubles of one byte.
pub(crate) fn byte_doubles_of(byte: u8, haystack: &[u8]) {
    let expected = haystack.windows(2).filter(|pair| pair == &[byte, byte]).count();
    assert_eq!(count_byte_doubles_of(byte, haystack), expected, "of {byte}, {} bytes", haystack.len());
}

/// The doubles of `count` parts add up to those of the whole.
pub(crate) fn parts(haystack: &[u8], text: &str, count: usize) {
    let of_bytes: usize = (0..count).map(|index| count_pairs(part(haystack, index, count))).sum();
    assert_eq!(of_bytes, count_pairs(haystack), "{count} parts of {} bytes", haystack.len());
    let of_text: usize = (0..count).map(|index| count_pairs(part_of_str(text, index, count).chars())).sum();
    assert_eq!(of_text, count_pairs(text.chars()), "{count} parts of {text:?}");
}

/// The block of exactly its size that a fuzzer's bytes stand for: the first two say how often to repeat the others, so
/// that a short input reaches the code for long ones.
pub(crate) fn haystack(data: &[u8]) -> Box<[u8]> {
    repeated(data, 100_000)
}

/// The same for what is looked for item by item, which takes longer: of more than one block of what finds them.
fn short_haystack(data: &[u8]) -> Box<[u8]> {
    repeated(data, 10_000)
}

fn repeated(data: &[u8], most: usize) -> Box<[u8]> {
    match data {
        [low, high, unit @ ..] if !unit.is_empty() => {
            let times = usize::from(u16::from_le_bytes([*low, *high])) % (most / unit.len() + 1) + 1;
            unit.repeat(times).into()
        }
        _ => data.into(),
    }
}

/// What a fuzz target of this name does with the fuzzer's bytes.
pub(crate) fn fuzz(target: &str, data: &[u8]) {
    match target {
        "bytes" => bytes(&haystack(data)),
        "elements" => elements(&haystack(data)),
        "chars" => chars(&Box::<str>::from(String::from_utf8_lossy(&haystack(data)))),
        "found_elements" => {
            let haystack = short_haystack(data);
            for (width, _) in WIDTHS {
                found_elements_of(width, &haystack[..haystack.len() / width * width]);
            }
            found_floats(&haystack);
        }
        "found_chars" => found_chars(&Box::<str>::from(String::from_utf8_lossy(&short_haystack(data)))),
        "operations" => {
            // Of four bytes, two say how it is cut and squeezed.
            let [first, second, ..] = *data else { return };
            let haystack = short_haystack(data.get(2..).unwrap_or_default());
            for width in [1, 2, 4, 8] {
                operations_of(
                    width,
                    &haystack[..haystack.len() / width * width],
                    first.into(),
                    1 + usize::from(second) % 7,
                );
            }
            operations_of_floats(&haystack, first.into(), 1 + usize::from(second) % 7);
        }
        "bools" => bools(&haystack(data)),
        "byte_doubles_of" => {
            byte_doubles_of(data.first().copied().unwrap_or_default(), &haystack(data.get(1..).unwrap_or_default()));
        }
        "parts" => {
            let count = usize::from(data.first().copied().unwrap_or_default()) + 1;
            let haystack = haystack(data.get(1..).unwrap_or_default());
            parts(&haystack, &String::from_utf8_lossy(&haystack), count);
        }
        _ => panic!("no fuzz target is called {target:?}"),
    }
}
