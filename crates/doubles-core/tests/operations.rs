//! What is made of runs: squeezing, counts by value, summaries and streams, for any input.
#![cfg(feature = "std")]

mod agree;

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read};
use std::ops::Range;

use doubles_core::scalar::count_pairs;
use doubles_core::{
    ByteCounter, CharCounter, Element, RunFinder, Squeezer, Summary, count_bytes_of, count_chars_by_value,
    count_chars_of, count_elements_by_value, squeeze_bytes, squeeze_chars, squeeze_elements,
};
use proptest::collection::vec;
use proptest::prelude::*;

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").map_or(512, |cases| cases.parse().expect("PROPTEST_CASES is a number"));
    ProptestConfig::with_cases(cases)
}

/// Elements of few values, in runs of any length.
fn elements<T: Element>() -> impl Strategy<Value = Vec<T>> {
    let run = (prop::sample::select(vec![0_u8, 1, 7, 255]), prop_oneof![9 => 1..6usize, 1 => 1..200usize]);
    vec(run, 0..40)
        .prop_map(|runs| runs.into_iter().flat_map(|(value, times)| vec![T::from_key(value.into()); times]).collect())
}

/// Text of characters of all lengths, in runs of any length.
fn texts() -> impl Strategy<Value = String> {
    let chars: Vec<char> = "ab\0\u{7f}éж文—😀🎉\u{10ffff}".chars().collect();
    let run = (prop::sample::select(chars), prop_oneof![9 => 1..5usize, 1 => 1..150usize]);
    vec(run, 0..40).prop_map(|runs| runs.into_iter().flat_map(|(char, times)| vec![char; times]).collect())
}

/// Each run of a chosen item cut to `max_run` items, by its definition.
fn squeezed<T: Copy + PartialEq>(items: &[T], max_run: usize, chosen: impl Fn(T) -> bool) -> Vec<T> {
    let runs = items.chunk_by(|a, b| a == b);
    runs.flat_map(|run| &run[..if chosen(run[0]) { run.len().min(max_run) } else { run.len() }]).copied().collect()
}

fn by_value<T: Copy + Ord>(items: &[T]) -> Vec<(T, usize)> {
    let mut counts = BTreeMap::<T, usize>::new();
    for pair in items.windows(2).filter(|pair| pair[0] == pair[1]) {
        *counts.entry(pair[0]).or_default() += 1;
    }
    counts.into_iter().collect()
}

/// The parts between these places of a sequence of `length`.
fn parts(length: usize, cuts: &[prop::sample::Index]) -> Vec<Range<usize>> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(length + 1)).chain([0, length]).collect();
    cuts.sort_unstable();
    cuts.windows(2).map(|cut| cut[0]..cut[1]).collect()
}

/// The text with other bytes between two of its characters.
fn spliced(text: String, bad: &[u8], place: &prop::sample::Index) -> Vec<u8> {
    let boundaries: Vec<usize> = text.char_indices().map(|(start, _)| start).chain([text.len()]).collect();
    let at = *place.get(&boundaries);
    let mut bytes = text.into_bytes();
    bytes.splice(at..at, bad.iter().copied());
    bytes
}

fn check_elements<T: Element + Ord + std::hash::Hash>(items: &[T], max_run: usize, cuts: &[prop::sample::Index]) {
    let one = T::from_key(1);
    let bytes = T::as_bytes(items);
    let in_bytes = |range: Range<usize>| range.start * size_of::<T>()..range.end * size_of::<T>();
    for all in [true, false] {
        let expected = squeezed(items, max_run, |item| all || item == one);
        assert_eq!(squeeze_elements(items, max_run, |item| all || item == one), expected);
        let mut squeezer = Squeezer::<T>::new(max_run);
        let mut room = vec![std::mem::MaybeUninit::uninit(); bytes.len()];
        let mut written = 0;
        for part in parts(items.len(), cuts) {
            let part = &bytes[in_bytes(part)];
            written += squeezer.push_into(part, |item| all || item == one, &mut room[written..][..part.len()]);
        }
        // SAFETY: so many were written.
        let into_room: Vec<u8> = room[..written].iter().map(|byte| unsafe { byte.assume_init() }).collect();
        let (mut kept, mut squeezer) = (Vec::new(), Squeezer::<T>::new(max_run));
        for part in parts(items.len(), cuts) {
            squeezer.push(&bytes[in_bytes(part)], |item| all || item == one, |piece| kept.extend_from_slice(piece));
        }
        let expected = T::as_bytes(&expected);
        assert_eq!(kept, expected);
        assert_eq!(into_room, expected);
    }
    assert_eq!(count_elements_by_value(items), by_value(items));
    let summary = Summary::of_elements(items);
    assert_eq!((summary.length, summary.doubles), (items.len(), count_pairs(items)));
    let runs = agree::runs_of(items);
    assert_eq!(summary.longest, agree::longest_of(&runs).unwrap_or_default());
    assert_eq!(summary.ends, items.first().copied().zip(items.last().copied()));
    let of_run = |run: Option<&Range<usize>>| run.map_or(0, Range::len);
    assert_eq!((summary.prefix, summary.suffix), (of_run(runs.first()), of_run(runs.last())));
    for min_length in 1..4 {
        let (mut found, mut finder) = (Vec::new(), RunFinder::<T>::new(min_length));
        for part in parts(items.len(), cuts) {
            finder.push(&bytes[in_bytes(part)], |run| found.push(run));
        }
        found.extend(finder.finish());
        let expected: Vec<_> = runs.iter().filter(|run| run.len() >= min_length).cloned().collect();
        assert_eq!(found, expected);
    }
    // Joined from the left, and from the right.
    let summaries: Vec<_> =
        parts(items.len(), cuts).into_iter().map(|part| Summary::of_elements(&items[part])).collect();
    assert_eq!(summaries.iter().fold(Summary::default(), |left, right| left.join(right)), summary);
    assert_eq!(summaries.iter().rfold(Summary::default(), |right, left| left.join(&right)), summary);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn operations_on_elements(
        bytes in elements::<u8>(), u16s in elements::<u16>(), u32s in elements::<u32>(), u64s in elements::<u64>(),
        max_run in prop_oneof![1..5usize, 1..200usize], cuts in vec(any::<prop::sample::Index>(), 0..5),
    ) {
        check_elements(&bytes, max_run, &cuts);
        check_elements(&u16s, max_run, &cuts);
        check_elements(&u32s, max_run, &cuts);
        check_elements(&u64s, max_run, &cuts);
        check_elements(&u16s.iter().map(|item| item.cast_signed()).collect::<Vec<_>>(), max_run, &cuts);
        check_elements(&u64s.iter().map(|item| (item << 56).cast_signed()).collect::<Vec<_>>(), max_run, &cuts);
        prop_assert_eq!(squeeze_bytes(&bytes, max_run, |byte| byte == 0), squeezed(&bytes, max_run, |byte| byte == 0));
    }

    #[test]
    fn values_that_are_large(items in vec(prop::sample::select(vec![0, 255, 256, 70_000, u64::MAX]), 0..100)) {
        prop_assert_eq!(count_elements_by_value(&items), by_value(&items));
        let items: Vec<u16> = items.into_iter().map(|item| item as u16).collect();
        prop_assert_eq!(count_elements_by_value(&items), by_value(&items));
    }

    #[test]
    fn operations_on_characters(
        text in texts(), max_run in prop_oneof![1..5usize, 1..200usize], cuts in vec(any::<prop::sample::Index>(), 0..5),
    ) {
        let chars: Vec<char> = text.chars().collect();
        for all in [true, false] {
            let chosen = |char: char| all || char == 'ж';
            prop_assert_eq!(squeeze_chars(&text, max_run, chosen), String::from_iter(squeezed(&chars, max_run, chosen)));
        }
        prop_assert_eq!(count_chars_by_value(&text), by_value(&chars));
        let of_chars: Vec<u32> = chars.iter().copied().map(u32::from).collect();
        let (summary, expected) = (Summary::of_chars(&text), Summary::of_elements(&of_chars));
        prop_assert_eq!((summary.length, summary.doubles), (expected.length, expected.doubles));
        prop_assert_eq!((summary.prefix, summary.suffix), (expected.prefix, expected.suffix));
        prop_assert_eq!(&summary.longest, &expected.longest);
        let parts = parts(chars.len(), &cuts).into_iter().map(|part| Summary::of_chars(&String::from_iter(&chars[part])));
        prop_assert_eq!(parts.fold(Summary::default(), |left, right| left.join(&right)), summary);
    }

    #[test]
    fn streams_are_counted_wherever_they_are_cut(text in texts(), cuts in vec(any::<prop::sample::Index>(), 0..9)) {
        let (mut bytes, mut chars) = (ByteCounter::new(), CharCounter::new());
        for part in parts(text.len(), &cuts) {
            bytes.push(&text.as_bytes()[part.clone()]);
            chars.push(&text.as_bytes()[part]).expect("UTF-8");
        }
        prop_assert_eq!(bytes.finish(), count_pairs(text.bytes()) as u64);
        prop_assert_eq!(chars.finish().expect("UTF-8"), count_pairs(text.chars()) as u64);
    }

    #[test]
    fn counters_are_joined_as_if_all_came_to_one(
        text in texts(), bad in prop::sample::select(vec![&b""[..], b"\xff", b"\x80", b"\xc3", b"\xf0\x9f\x98"]),
        place in any::<prop::sample::Index>(), cuts in vec(any::<prop::sample::Index>(), 0..9),
    ) {
        let bytes = spliced(text, bad, &place);
        let (mut one, mut joined) = (CharCounter::new(), CharCounter::new());
        for part in parts(bytes.len(), &cuts) {
            let mut next = CharCounter::new();
            let _ = next.push(&bytes[part.clone()]);
            let pushed = one.push(&bytes[part.clone()]);
            match std::str::from_utf8(&bytes[..part.start]) {
                Err(error) if error.error_len().is_none() => {
                    let refused = joined.clone().join(&next).expect_err("it ends within a character");
                    prop_assert_eq!((refused.offset(), refused.ended()), (error.valid_up_to() as u64, false));
                    prop_assert_eq!(refused.bytes(), &bytes[error.valid_up_to()..part.start]);
                    prop_assert_eq!(joined.push(&bytes[part]), pushed);
                }
                _ => prop_assert_eq!(joined.join(&next), pushed),
            }
        }
        prop_assert_eq!(joined.finish(), one.finish());
    }

    #[test]
    fn bad_bytes_are_reported_where_they_are(
        text in texts(), bad in prop::sample::select(vec![&b"\xff"[..], b"\x80", b"\xed\xa0\x80", b"\xc3", b"\xe6\x96", b"\xf0\x9f\x98", b"\xc0\x80"]),
        place in any::<prop::sample::Index>(), cuts in vec(any::<prop::sample::Index>(), 0..9),
    ) {
        let bytes = spliced(text, bad, &place);
        let expected = std::str::from_utf8(&bytes).expect_err("it is bad");
        let mut counter = CharCounter::new();
        let pushed = parts(bytes.len(), &cuts).into_iter().try_for_each(|part| counter.push(&bytes[part]));
        if pushed.is_err() {
            prop_assert_eq!(counter.push(b"more"), pushed);
        }
        let error = pushed.and_then(|()| counter.finish()).expect_err("it is bad");
        prop_assert_eq!(error.offset(), expected.valid_up_to() as u64);
        prop_assert_eq!(error.ended(), expected.error_len().is_none());
    }
}

/// Gives what it has by so many bytes, is interrupted now and then, and fails at the end if it is to.
struct Reader<'a> {
    rest: &'a [u8],
    length: usize,
    calls: usize,
    fails: bool,
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.calls += 1;
        if self.calls.is_multiple_of(3) {
            return Err(ErrorKind::Interrupted.into());
        }
        if self.rest.is_empty() && self.fails {
            return Err(ErrorKind::ConnectionReset.into());
        }
        let (now, rest) = self.rest.split_at(self.length.min(self.rest.len()).min(buffer.len()));
        buffer[..now.len()].copy_from_slice(now);
        self.rest = rest;
        Ok(now.len())
    }
}

#[test]
fn readers_are_read_to_their_end() {
    let text = "aab жжё 文文中 😀😀\n\n".repeat(20_000);
    for length in [1, 7, 4096, usize::MAX] {
        let reader = || Reader { rest: text.as_bytes(), length, calls: 0, fails: false };
        let mut read = reader();
        assert_eq!(count_bytes_of(&mut read).expect("it is read"), count_pairs(text.bytes()) as u64);
        assert_eq!(count_chars_of(reader()).expect("it is UTF-8"), count_pairs(text.chars()) as u64);
        let at_once = length.min(64 << 10);
        assert!(read.calls < 2 * (text.len() / at_once + 2), "{} calls for {length} bytes each", read.calls);
        let failing = || Reader { fails: true, ..reader() };
        assert_eq!(count_bytes_of(failing()).expect_err("it fails").kind(), ErrorKind::ConnectionReset);
        assert_eq!(count_chars_of(failing()).expect_err("it fails").kind(), ErrorKind::ConnectionReset);
    }
}

#[test]
fn a_reader_is_left_at_its_end_and_at_its_error() {
    // What it would give after that is not asked for.
    for end in [Ok(0), Err(ErrorKind::ConnectionReset)] {
        let given = std::cell::Cell::new(0);
        let reader = || {
            given.set(0);
            std::io::BufReader::with_capacity(1, Given { given: &given, end })
        };
        let counts = [count_bytes_of(reader()), count_chars_of(reader())];
        for count in counts {
            assert_eq!(count.map_err(|error| error.kind()), end.map(|_| 1));
            assert_eq!(given.get(), 3);
        }
    }
}

/// Gives "a" twice, then an end or an error, then more.
struct Given<'a> {
    given: &'a std::cell::Cell<usize>,
    end: Result<usize, ErrorKind>,
}

impl Read for Given<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.given.set(self.given.get() + 1);
        if self.given.get() == 3 {
            return self.end.map_err(io::Error::from);
        }
        buffer[0] = b'a';
        Ok(1)
    }
}

#[test]
fn a_reader_of_other_than_utf8_is_invalid_data() {
    let error = count_chars_of(&b"caf\xe9 au lait"[..]).expect_err("it is Latin-1");
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert_eq!(error.to_string(), "the stream is not UTF-8 in the byte at offset 3");
    let error = count_chars_of(&"café".as_bytes()[..4]).expect_err("it ends early");
    assert_eq!(error.to_string(), "the stream ends within the character at offset 3");
}

#[test]
#[should_panic(expected = "max_run must be at least 1")]
fn squeezing_to_nothing_panics() {
    let _ = squeeze_bytes(b"aa", 0, |_| true);
}
