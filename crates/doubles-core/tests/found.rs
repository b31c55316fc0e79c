//! What is looked for is found by every backend, over every length, alignment and place in a range.
//!
//! `DOUBLES_TEST_SEEDS` says over how many haystacks where they are random (2).

mod agree;

use agree::{LINE, LONG, WIDTHS, numbers, seeds};
use doubles_core::scalar::count_pairs;
use doubles_core::{Backend, Half};

#[test]
fn one_double_is_found_at_every_place() {
    // A place is looked at once or more often, by whichever of the loops, but never not at all.
    let without: Vec<u8> = (0..LINE + LONG).map(|place| [1, 2, 3, 5, 7][place % 5]).collect();
    for offset in 0..LINE {
        for length in (0..=LONG).filter(|length| length % 32 < 3 || *length < 200) {
            for (width, has) in agree::HAS {
                let elements = length / width;
                let mut haystack: Vec<u8> = without
                    .iter()
                    .take(offset)
                    .copied()
                    .chain((0..elements).flat_map(|i| {
                        let mut element = [0; 8];
                        element[i % width] = without[i];
                        element.into_iter().take(width)
                    }))
                    .collect();
                for backend in Backend::available() {
                    assert!(!has(backend, &haystack[offset..]), "{backend}, {elements} elements of {width}");
                }
                for place in (1..elements).filter(|place| (place + offset) % 7 == length % 7) {
                    let at = offset + place * width;
                    let before: Vec<u8> = haystack[at..at + width].to_vec();
                    haystack.copy_within(at - width..at, at);
                    for backend in Backend::available() {
                        let about = format!("{backend}, place {place} of {elements} elements of {width}");
                        assert!(has(backend, &haystack[offset..]), "{about}");
                        assert!(has(backend, &haystack[offset..at + width]), "{about}");
                    }
                    haystack[at..at + width].copy_from_slice(&before);
                }
            }
        }
    }
}

#[test]
fn one_doubled_character_is_found_at_every_place() {
    for alphabet in ["abcde", "жщфыя", "文字本日月", "😀😁😂🤣🥲", "aж文😀b"] {
        let chars: Vec<char> = alphabet.chars().collect();
        for length in (0..130).chain([200, 333, LONG]) {
            let offset = length * 7 % LINE;
            let before = "x".repeat(offset);
            for backend in Backend::available() {
                let text: String = before.chars().chain((0..length).map(|i| chars[i % 5])).collect();
                assert!(!backend.has_chars(&text[offset..]), "{backend}, {length} of {alphabet}");
            }
            for doubled in (1..length).filter(|place| place % 5 == length % 5 || *place + 3 > length) {
                let text: String =
                    before.chars().chain((0..length).map(|i| chars[(i - usize::from(i == doubled)) % 5])).collect();
                let end = text.char_indices().nth(offset + doubled + 1).map_or(text.len(), |(end, _)| end);
                for backend in Backend::available() {
                    let about = format!("{backend}, place {doubled} of {length} of {alphabet}");
                    assert!(backend.has_chars(&text[offset..]), "{about}");
                    assert!(backend.has_chars(&text[offset..end]), "{about}");
                }
            }
        }
    }
}

#[test]
fn one_double_is_found_far_in() {
    // Prefetches from 256 KiB on, four places from 4 MiB on, which move on after 32 MiB.
    for length in [(256 << 10) + 777, (5 << 20) + 777, (37 << 20) + 1] {
        let mut haystack: Vec<u8> = (0..length).map(|place| b"abcde"[place % 5]).collect();
        let quarters = (0..4 * 64).map(|part| length / (4 * 64) * part + part % 67);
        // In and about each place where a part may begin, and at the ends.
        let step = if length > 6 << 20 { 97 } else { 9 };
        let places = quarters.step_by(step).chain([LINE, length - 2, length - LONG]);
        for place in places {
            haystack[place + 1] = haystack[place];
            let text = std::str::from_utf8(&haystack).expect("ASCII");
            for backend in Backend::available() {
                let about = format!("{backend}, place {place} of {length}");
                assert!(backend.has_unaligned::<u8>(&haystack), "{about}");
                assert!(backend.has_chars(text), "{about}");
            }
            haystack[place + 1] = b"abcde"[(place + 1) % 5];
        }
        let text = std::str::from_utf8(&haystack).expect("ASCII");
        for backend in Backend::available() {
            assert!(!backend.has_unaligned::<u8>(&haystack), "{backend}, {length} bytes");
            assert!(!backend.has_chars(text), "{backend}, {length} bytes");
        }
    }
}

#[test]
fn every_length_is_found() {
    for seed in seeds() {
        for values in [2, 256] {
            let haystack: Vec<u8> = numbers(seed, values).map(|number| number as u8).take(8 + 2 * LONG + 200).collect();
            for offset in 0..8 {
                // Blocks are of 1,024 elements.
                for length in (0..200).chain(2 * LONG - 50..2 * LONG + 100) {
                    for (width, _) in WIDTHS {
                        agree::found_elements_of(width, &haystack[offset..offset + length / width * width]);
                    }
                }
            }
        }
        // More than a block of the widest elements, of which few or most are doubled.
        for values in [2, 40] {
            let items: Vec<u8> = numbers(seed, values).map(|number| number as u8).take(3 * LONG + 300).collect();
            for (width, _) in WIDTHS {
                let haystack: Vec<u8> = items.iter().flat_map(|item| [*item; 8].into_iter().take(width)).collect();
                for elements in (LONG - 1..LONG + 140).step_by(3).chain([2 * LONG + 1, 3 * LONG + 299]) {
                    agree::found_elements_of(width, &haystack[..elements * width]);
                }
            }
        }
        let alphabet: Vec<char> = "aaж文😀".chars().collect();
        let text: String = numbers(seed, alphabet.len()).map(|number| alphabet[number]).take(LONG).collect();
        for (end, _) in text.char_indices().filter(|(end, _)| *end < 300 || end % 1024 < 100) {
            agree::found_chars(&text[..end]);
            agree::found_chars(
                &text[(text.len() - end..).find(|at| text.is_char_boundary(*at)).expect("the end is one")..],
            );
        }
    }
}

#[test]
#[cfg(feature = "std")]
fn positions_and_runs_are_appended_to_any_room() {
    // Three blocks, each of which must find room or make it.
    let text = "a".repeat(3 * LONG - 100);
    let expected: Vec<usize> = (0..text.len() - 1).collect();
    // As many edges of runs as there are elements, of which a block may begin with the second.
    let pairs: Vec<u8> = (0..8 * LONG + 1).map(|place| (place / 2 % 2) as u8).collect();
    let (pairs, later) = (&pairs[..8 * LONG], &pairs[1..]);
    for backend in Backend::available() {
        for room in (0..200).chain(LONG - 100..LONG + 200) {
            let mut positions = Vec::with_capacity(room);
            backend.find_chars(&text).append_to(&mut positions).expect("memory");
            assert!(positions == expected, "{backend}, room for {room}");
            for (haystack, first) in [(pairs, 0), (later, 1)] {
                let of_pairs = (first..8 * LONG - 2 * first).step_by(2);
                let mut positions = Vec::with_capacity(room);
                backend.find_unaligned::<u8>(haystack).append_to(&mut positions).expect("memory");
                assert!(positions.into_iter().eq(of_pairs.clone()), "{backend}, room for {room}");
                let mut runs = Vec::with_capacity(room);
                backend.runs_unaligned::<u8>(haystack, 2).append_to(&mut runs).expect("memory");
                assert!(runs.into_iter().eq(of_pairs.map(|first| first..first + 2)), "{backend}, room for {room}");
            }
        }
    }
}

#[test]
fn the_functions_that_choose_a_backend_find_the_same() {
    for text in ["", "a", "ab", "aa", "жж", "abж", "文文b", "a😀😀"] {
        let (bytes, chars): (&[u8], Vec<u32>) = (text.as_bytes(), text.chars().map(u32::from).collect());
        let (pairs, of_bytes) = (count_pairs(&chars), count_pairs(bytes));
        let unaligned: Vec<u8> = chars.iter().flat_map(|char| char.to_ne_bytes()).collect();
        assert_eq!(doubles_core::has_chars(text), pairs != 0, "{text}");
        assert_eq!(doubles_core::has_elements(&chars), pairs != 0, "{text}");
        assert_eq!(doubles_core::has_unaligned::<u32>(&unaligned), pairs != 0, "{text}");
        assert_eq!(doubles_core::has_bytes(bytes), of_bytes != 0, "{text}");
        let longest = agree::longest_of(&agree::runs_of(&chars));
        assert_eq!(doubles_core::longest_run_of_elements(&chars), longest, "{text}");
        assert_eq!(doubles_core::longest_run_of_bytes(bytes), agree::longest_of(&agree::runs_of(bytes)), "{text}");
        let mut marks = [[u64::MAX; 1]; 2];
        doubles_core::mark_chars(text, &mut marks[0]);
        doubles_core::mark_bytes(bytes, &mut marks[1]);
        assert_eq!(u64::count_ones(marks[0][0]) as usize, pairs, "{text}");
        assert_eq!(u64::count_ones(marks[1][0]) as usize, of_bytes, "{text}");
    }
}

#[test]
#[cfg(feature = "std")]
fn room_is_made_for_about_as_many_as_there_are() {
    // To double the room until it is enough would make nearly twice as much of it.
    const LENGTH: usize = (1 << 20) + (1 << 17);
    for every in [1, 3, 10, 100] {
        let haystack: Vec<u32> = (0..LENGTH).map(|place| (place - place / every) as u32).collect();
        let text: String = haystack.iter().map(|item| char::from(b'a' + (item % 26) as u8)).collect();
        let mut positions = Vec::new();
        doubles_core::find_elements(&haystack).append_to(&mut positions).expect("memory");
        let mut of_text = Vec::new();
        doubles_core::find_chars(&text).append_to(&mut of_text).expect("memory");
        assert!(of_text.len() == positions.len() && positions.len() >= LENGTH / every - 1);
        assert!(10 * positions.capacity() < 13 * positions.len(), "{} for {}", positions.capacity(), positions.len());
        assert!(10 * of_text.capacity() < 16 * of_text.len(), "{} for {}", of_text.capacity(), of_text.len());
    }
    let mut none = Vec::new();
    doubles_core::find_bytes(&b"ab".repeat(LENGTH / 2)).append_to(&mut none).expect("memory");
    assert!(none.is_empty() && none.capacity() <= 4 * LONG, "{}", none.capacity());
}

#[test]
fn what_has_ended_stays_ended() {
    fn stays<I: Iterator + Clone>(mut items: I, about: &str) {
        let left = items.by_ref().count();
        for _ in 0..3 {
            assert!(items.next().is_none(), "{about}, after {left}");
            assert_eq!(items.size_hint().0, 0, "{about}");
            assert_eq!(items.clone().fold(0, |count, _| count + 1), 0, "{about}");
            assert!(items.nth(1).is_none(), "{about}");
        }
    }
    for length in (0..70).chain(LONG - 2..LONG + 3).chain([2 * LONG, 2 * LONG + 63]) {
        for values in [1, 2, 3, 100] {
            let haystack: Vec<u8> = numbers(1, values).map(|number| number as u8).take(length).collect();
            let text: String = haystack.iter().map(|byte| ['a', 'ж', '文'][usize::from(*byte) % 3]).collect();
            for backend in Backend::available() {
                let about = format!("{backend}, {length} of {values} values");
                stays(backend.find_unaligned::<u8>(&haystack), &about);
                stays(backend.find_unaligned::<Half>(&haystack[..length / 2 * 2]), &about);
                stays(backend.find_chars(&text), &about);
                for min_length in 1..4 {
                    stays(backend.runs_unaligned::<u8>(&haystack, min_length), &about);
                    stays(backend.runs_unaligned::<f32>(&haystack[..length / 4 * 4], min_length), &about);
                    stays(backend.runs_of_chars(&text, min_length), &about);
                }
            }
        }
    }
}

#[test]
fn what_is_left_is_between_the_hints() {
    let haystack: Vec<u8> = numbers(1, 3).map(|number| number as u8).take(3 * LONG + 100).collect();
    let mut left = count_pairs(&haystack);
    let mut found = doubles_core::find_bytes(&haystack);
    loop {
        let (least, most) = found.size_hint();
        let most = most.expect("a haystack has an end");
        assert!(least <= left && left <= most, "{least} to {most} for {left}");
        let Some(position) = found.next() else { break };
        assert!(most < haystack.len() - position + LONG, "{most} at {position}");
        left -= 1;
    }
    assert_eq!((left, found.size_hint()), (0, (0, Some(0))));
}

#[test]
fn what_is_found_has_a_name() {
    assert_eq!(format!("{:?}", doubles_core::find_bytes(b"aa")), "Find { .. }");
    assert_eq!(format!("{:?}", doubles_core::runs_of_bytes(b"aa", 1)), "Runs { .. }");
}

#[test]
fn elements_that_are_cut_panic() {
    let ways: [fn(&[u8]); 4] = [
        |haystack| _ = doubles_core::has_unaligned::<u32>(haystack),
        |haystack| drop(doubles_core::find_unaligned::<u32>(haystack)),
        |haystack| drop(doubles_core::runs_unaligned::<u32>(haystack, 2)),
        |haystack| drop(doubles_core::longest_run_unaligned::<u32>(haystack)),
    ];
    for length in [7, 1025] {
        let haystack = vec![0; length];
        for way in ways {
            let panicked = std::panic::catch_unwind(|| way(&haystack)).expect_err("it looked at part of an element");
            let said = panicked.downcast_ref::<&str>().expect("a panic says why");
            assert_eq!(*said, "the last element is cut");
        }
    }
}
