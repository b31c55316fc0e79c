//! Every backend and function, over every length, alignment and place in a range.
//!
//! `DOUBLES_TEST_SEEDS` says over how many haystacks where they are random (2); the tests that take minutes are ignored.

mod agree;

use agree::{LINE, LONG, TYPES, WIDTHS, numbers, seeds};
use doubles_core::scalar::count_pairs;
use doubles_core::{Backend, count_bools, count_byte_doubles_of};

/// Every backend, width and length of whole elements from the start of `haystack`.
fn every_length(haystack: &[u8]) {
    for (width, count) in WIDTHS {
        let mut expected = 0;
        for length in (0..=haystack.len()).step_by(width) {
            let ends = length.checked_sub(2 * width).map(|start| haystack[start..length].split_at(width));
            expected += usize::from(ends.is_some_and(|(one, other)| one == other));
            for backend in Backend::available() {
                let counted = count(backend, &haystack[..length]);
                assert_eq!(counted, expected, "{backend}, {length} bytes, elements of {width}");
            }
        }
    }
}

/// Every backend and length of whole characters from the start of `text`.
fn every_length_of_text(text: &str) {
    let mut expected = 0;
    let mut before = None;
    for (start, char) in text.char_indices() {
        expected += usize::from(before == Some(char));
        before = Some(char);
        let text = &text[..start + char.len_utf8()];
        for backend in Backend::available() {
            assert_eq!(backend.count_chars(text), expected, "{backend}, {} bytes: {text:?}", text.len());
        }
    }
}

#[test]
fn every_length_at_every_alignment() {
    for seed in seeds() {
        for values in [2, 3, 256] {
            let haystack: Vec<u8> = numbers(seed, values).map(|number| number as u8).take(LINE + LONG).collect();
            for offset in 0..LINE {
                every_length(&haystack[offset..offset + LONG]);
            }
        }
    }
}

#[test]
fn every_length_of_text_at_every_alignment() {
    // Which rows of comparisons run depends on the lengths of the characters that meet in a block.
    let alphabets = [
        "ab",
        "жё",
        "文中",
        "😀🎉",
        "abё",
        "ab文",
        "aж文",
        "a😀",
        "жё😀",
        "aж文😀",
        "\0\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}",
    ];
    for seed in seeds() {
        for alphabet in alphabets {
            let alphabet: Vec<char> = alphabet.chars().collect();
            let mut text: String = numbers(seed, alphabet.len()).map(|number| alphabet[number]).take(LONG).collect();
            text.truncate((0..=LONG).rev().find(|end| text.is_char_boundary(*end)).expect("a boundary"));
            for offset in 0..LINE {
                every_length_of_text(&("x".repeat(offset) + &text)[offset..]);
            }
        }
    }
}

#[test]
fn nul_bytes_are_bytes_like_others() {
    for (before, after) in [(0, 0), (1, 1), (0, 1), (1, 0)] {
        for offset in 1..=LINE {
            for length in 0..=LONG {
                // What lies outside the slice must not matter.
                let mut haystack = [before; LINE + LONG + LINE];
                haystack[offset..offset + length].fill(0);
                haystack[offset + length..].fill(after);
                let nuls = &haystack[offset..offset + length];
                for backend in Backend::available() {
                    for (width, count) in TYPES {
                        let counted = count(backend, &nuls[..length / width * width]);
                        let expected = (length / width).max(1) - 1;
                        assert_eq!(counted, expected, "{backend}, {length} bytes, elements of {width}");
                    }
                    let text = std::str::from_utf8(nuls).expect("ASCII");
                    assert_eq!(backend.count_chars(text), length.max(1) - 1, "{backend}, {length} bytes");
                }
            }
        }
    }
}

/// Every backend and function over equal items, for each length in bytes.
fn equal_items(lengths: impl IntoIterator<Item = usize> + Clone) {
    let longest = lengths.clone().into_iter().max().expect("a length");
    let equal = vec![7; longest];
    let texts = ["x", "ж", "文", "😀"].map(|char| (char.len(), char.repeat(longest / char.len())));
    for length in lengths {
        for backend in Backend::available() {
            for (width, count) in TYPES {
                let counted = count(backend, &equal[..length / width * width]);
                let expected = (length / width).max(1) - 1;
                assert_eq!(counted, expected, "{backend}, {length} equal bytes, elements of {width}");
            }
            for (width, text) in texts.iter().filter(|(width, _)| length.is_multiple_of(*width)) {
                let expected = (length / width).max(1) - 1;
                let counted = backend.count_chars(&text[..length]);
                assert_eq!(counted, expected, "{backend}, {length} bytes of equal characters of {width}");
            }
        }
        assert_eq!(count_bools(&equal[..length]), length.max(1) - 1, "{length} true values");
        assert_eq!(count_byte_doubles_of(7, &equal[..length]), length.max(1) - 1, "{length} bytes of one value");
    }
}

#[test]
fn a_lane_that_counts_never_overflows() {
    equal_items(0..=20_000);
}

/// Where tallies are emptied, in bytes: after 223 steps of four vectors of 16 or of 32 bytes, and after 55 in each of
/// four places.
const FLUSHES: [usize; 4] = [223 * 64, 223 * 128, 4 * 55 * 64, 4 * 55 * 128];

#[test]
fn both_sides_of_a_flush_agree() {
    let equal = vec![7; 3 * FLUSHES[1] + LONG];
    let text = "x".repeat(equal.len());
    for flush in FLUSHES.into_iter().flat_map(|flush| (1..=3).map(move |times| flush * times)) {
        for length in flush - 64..flush + 320 {
            for backend in Backend::available() {
                for (width, count) in TYPES {
                    let counted = count(backend, &equal[..length / width * width]);
                    assert_eq!(counted, length / width - 1, "{backend}, {length} equal bytes, elements of {width}");
                }
                assert_eq!(backend.count_chars(&text[..length]), length - 1, "{backend}, {length} equal characters");
            }
        }
    }
}

#[test]
#[ignore = "some minutes"]
fn every_length_past_several_flushes() {
    equal_items(20_000..=2 * FLUSHES[1] + LONG);
}

/// Checks that each pair of neighbours is counted once. A pair that is missed and another one that is counted twice show
/// too: there is a haystack for each bit of a pair's place, which has doubles just where that bit is set, and one where
/// it is clear; and two places differ in some bit.
fn every_pair_counts_once(length: usize, offset: usize) {
    for bit in 0..=length.ilog2() {
        for doubled in [0, 1] {
            let is_double = |place: usize| place >> bit & 1 == doubled;
            for (width, count) in TYPES {
                let (mut haystack, mut value) = (vec![0_u8; offset], 0_u64);
                haystack.reserve(length);
                for place in 0..length / width {
                    haystack.extend(&value.to_le_bytes()[..width]);
                    // One byte of the element changes, another one each time.
                    value ^= u64::from(!is_double(place)) << (8 * (place % width));
                }
                let expected = (0..(length / width).saturating_sub(1)).filter(|place| is_double(*place)).count();
                for backend in Backend::available() {
                    let counted = count(backend, &haystack[offset..]);
                    assert_eq!(counted, expected, "{backend}, bit {bit}, {length} bytes, elements of {width}");
                }
            }
            for chars in [['a', 'b'], ['ж', 'ё'], ['文', '中'], ['😀', '🎉'], ['a', '文'], ['ж', '😀']] {
                let (mut text, mut char, mut expected) = ("x".repeat(offset), 0, 0);
                text.reserve(length);
                let mut place = 0;
                while text.len() + chars[char].len_utf8() <= length + offset {
                    text.push(chars[char]);
                    expected += usize::from(is_double(place));
                    char ^= usize::from(!is_double(place));
                    place += 1;
                }
                // The last one has no next one.
                expected -= usize::from(is_double(place - 1));
                for backend in Backend::available() {
                    let counted = backend.count_chars(&text[offset..]);
                    assert_eq!(counted, expected, "{backend}, bit {bit}, {length} bytes of {chars:?}");
                }
            }
        }
    }
}

#[test]
fn every_pair_counts_once_at_any_length() {
    for length in (17..LONG).step_by(7).chain(FLUSHES).chain([256 << 10]) {
        every_pair_counts_once(length, length % LINE);
    }
}

#[test]
#[ignore = "some minutes"]
fn every_pair_counts_once_at_every_seam() {
    // The main loop prefetches from 256 KiB on, reads four places from 4 MiB on, and moves on after 32 MiB.
    for seam in [256 << 10, 4 << 20, 32 << 20, (32 << 20) + (4 << 20)] {
        for (length, offset) in [(seam - 1, 0), (seam + 1, 1), (seam + 777, 8), (seam + 1600, 63)] {
            every_pair_counts_once(length, offset);
        }
    }
}

#[test]
fn long_input_is_read_in_several_places() {
    // Prefetches from 256 KiB on, four places from 4 MiB on, which move on after 32 MiB.
    let longest = (36 << 20) + 1600;
    let bytes: Vec<u8> = numbers(3, 3).map(|number| number as u8).take(longest).collect();
    let text: String = bytes.iter().map(|byte| ['a', 'ж', '文'][usize::from(*byte)]).take(5 << 20).collect();
    for length in [(256 << 10) + 777, (1 << 20) + 8, (4 << 20) + 1, (4 << 20) + 777, (9 << 20) + 64, longest] {
        agree::bytes(&bytes[..length]);
        agree::elements_of(2, &bytes[1..][..(length - 1) & !1]);
        let end = (0..=length.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).expect("0 is one");
        let expected = count_pairs(text[..end].chars());
        for backend in Backend::available() {
            assert_eq!(backend.count_chars(&text[..end]), expected, "{backend}, {end} bytes of text");
        }
    }
}

#[test]
fn a_double_counts_at_every_place() {
    // One double at each place, in bytes that have no other.
    let others: Vec<u8> = (0..251).cycle().take(2 * LONG).collect();
    for place in 0..others.len() {
        let mut haystack = others.clone();
        haystack.insert(place, haystack[place]);
        assert_eq!(count_pairs(&haystack), 1);
        for backend in Backend::available() {
            assert_eq!(backend.count_bytes(&haystack), 1, "{backend}, at {place}");
        }
    }
}

#[test]
fn blocks_of_exactly_their_size_agree() {
    // An allocator that checks bounds sees a read past either end of these.
    let text = "aab文文中жжё😀😀".repeat(LONG / 16);
    for length in 0..=LONG {
        for offset in (0..LINE).step_by(if cfg!(debug_assertions) { 7 } else { 1 }) {
            let haystack: Box<[u8]> = numbers(1, 2).map(|number| number as u8).take(offset + length).collect();
            for backend in Backend::available() {
                for (width, count) in TYPES {
                    let end = &haystack[offset + length % width..];
                    assert_eq!(count(backend, end), count_pairs(end.chunks_exact(width)), "{backend}, {length} bytes");
                }
            }
            if text.is_char_boundary(length) && offset <= length && text.is_char_boundary(offset) {
                let text: Box<str> = text[..length].into();
                agree::chars(&text[offset..]);
            }
            let first: Box<[u8]> = haystack[..length].into();
            agree::bools(&first);
            agree::byte_doubles_of(1, &first);
        }
    }
}
