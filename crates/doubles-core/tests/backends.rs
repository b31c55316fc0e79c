//! Every backend that this CPU has, every function, against the oracle.

#[cfg(feature = "rayon")]
use doubles_core::parallel;
use doubles_core::scalar::{self, count_pairs};
use doubles_core::{Backend, Element, count_bools, count_byte_doubles_of, part, part_of_str};
use proptest::prelude::*;

/// The bytes of the largest step of any kernel, and something over: past this, lengths behave alike.
const LONG: usize = 700;

/// Counts doubles of `T`s in bytes, the slow way.
fn oracle<T: Element>(bytes: &[u8]) -> usize {
    count_pairs(bytes.chunks_exact(size_of::<T>()))
}

/// Each width on each backend gives what the oracle gives, for the whole elements of `bytes`.
fn check_elements(bytes: &[u8]) {
    fn check<T: Element>(bytes: &[u8]) {
        let whole = &bytes[..bytes.len() / size_of::<T>() * size_of::<T>()];
        let expected = oracle::<T>(whole);
        for backend in Backend::available() {
            let counted = backend.count_unaligned::<T>(whole);
            let (length, width) = (whole.len(), size_of::<T>());
            assert_eq!(counted, expected, "{backend}, {length} bytes, elements of {width}");
        }
    }
    check::<u8>(bytes);
    check::<u16>(bytes);
    check::<u32>(bytes);
    check::<u64>(bytes);
}

fn check_chars(text: &str) {
    let expected = count_pairs(text.chars());
    for backend in Backend::available() {
        assert_eq!(backend.count_chars(text), expected, "{backend}, {} bytes: {text:?}", text.len());
    }
}

/// Bytes of few values, so that doubles are frequent at every width; the same ones each time.
fn some_bytes(length: usize, values: u8) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..length).map(|_| next() % values).collect()
}

#[test]
fn every_short_length_at_every_alignment() {
    let bytes = some_bytes(LONG + 64, 2);
    for offset in 0..64 {
        for length in 0..LONG {
            check_elements(&bytes[offset..offset + length]);
        }
    }
}

#[test]
fn a_lane_that_counts_never_overflows() {
    // Each tally flushes after 255 steps; the largest step takes 256 bytes.
    let equal = vec![7; 256 * 256 + 2 * LONG];
    for length in (0..20_000).chain(255 * 256 - LONG..equal.len()) {
        let counted = length.max(1) - 1;
        for backend in Backend::available() {
            assert_eq!(backend.count_bytes(&equal[..length]), counted, "{backend}, {length} equal bytes");
        }
    }
    for length in [255 * 64 - 1, 255 * 64, 255 * 64 + 1, 255 * 128 + 1, 255 * 256 + 1, equal.len()] {
        check_elements(&equal[..length]);
        check_chars(&"x".repeat(length));
        check_chars(&"ж".repeat(length));
        check_chars(&"文".repeat(length));
        check_chars(&"😀".repeat(length));
    }
}

#[test]
fn nothing_is_counted_twice_or_missed_at_a_seam() {
    // One double at each place, in bytes that have no other.
    let period: Vec<u8> = (0..251).collect();
    for place in 0..3 * LONG {
        let mut bytes: Vec<u8> = period.iter().copied().cycle().take(3 * LONG + 9).collect();
        bytes.insert(place, bytes[place]);
        check_elements(&bytes);
        assert_eq!(count_pairs(&bytes), 1);
    }
}

#[test]
fn long_input_is_counted_in_several_places_at_once() {
    // From 4 MiB on. In equal bytes each pair that is missed or counted twice shows.
    let equal = vec![b'x'; (4 << 20) + 100_000];
    let text = "x文жж😀😀 文文, aab\n".repeat(200_000);
    let bytes = some_bytes(equal.len(), 2);
    for length in [(4 << 20) - 1, 4 << 20, (4 << 20) + 1, (4 << 20) + 1023, (4 << 20) + 4096 + 777, equal.len()] {
        for offset in [0, 1, 7, 8, 63] {
            let length = length - offset;
            for backend in Backend::available() {
                assert_eq!(backend.count_bytes(&equal[offset..offset + length]), length - 1, "{backend}");
            }
            check_elements(&equal[offset..offset + length / 8 * 8]);
        }
        check_elements(&bytes[3..length]);
        let end = (0..=length).rev().find(|end| text.is_char_boundary(*end)).expect("a boundary");
        check_chars(&text[..end]);
    }
}

#[test]
fn very_long_input_is_counted_in_blocks() {
    // Of 32 MiB each, and a rest of each kind.
    let equal = vec![b'x'; (64 << 20) + (5 << 20) + 123];
    let text = std::str::from_utf8(&equal).expect("ASCII");
    for backend in Backend::available() {
        assert_eq!(backend.count_bytes(&equal), equal.len() - 1, "{backend}");
        assert_eq!(
            backend.count_unaligned::<u64>(&equal[3..equal.len() / 8 * 8 - 5]),
            equal.len() / 8 - 2,
            "{backend}"
        );
        assert_eq!(backend.count_chars(text), equal.len() - 1, "{backend}");
    }
}

#[test]
fn nul_bytes_are_bytes_like_others() {
    for length in 0..LONG {
        for (before, after) in [(0, 0), (1, 1), (0, 1), (1, 0)] {
            let mut bytes = vec![0; length + 2];
            bytes[0] = before;
            bytes[length + 1] = after;
            // What lies outside the slice must not matter.
            check_elements(&bytes[1..=length]);
            check_elements(&bytes);
            let text = std::str::from_utf8(&bytes).expect("ASCII");
            check_chars(text);
        }
    }
}

#[test]
fn alternating_elements_have_no_doubles() {
    fn check<T: Element + From<u8>>() {
        let elements: Vec<T> = (0..LONG).map(|i| T::from((i % 2) as u8)).collect();
        for backend in Backend::available() {
            for length in 0..elements.len() {
                assert_eq!(backend.count_elements(&elements[..length]), 0, "{backend}");
            }
        }
    }
    check::<u8>();
    check::<u16>();
    check::<u32>();
    check::<u64>();
}

#[test]
fn a_doubled_character_counts_at_every_place() {
    // Fillers of each length of character, none doubled, around a pair of each length.
    for filler in [['a', 'b'], ['é', 'ж'], ['文', '中'], ['😀', '🎉'], ['a', 'ж'], ['ж', '文'], ['文', '😀']]
    {
        for double in [
            'a',
            '\0',
            '\u{7f}',
            'ж',
            '\u{80}',
            '\u{7ff}',
            '\u{800}',
            '文',
            '\u{ffff}',
            '\u{10000}',
            '😀',
            '\u{10ffff}',
        ] {
            for place in 0..LONG / 2 {
                let mut text: String = filler.iter().cycle().take(place).collect();
                text.extend([double, double]);
                text.extend(filler.iter().cycle().take(LONG / 2 - place));
                check_chars(&text);
            }
        }
    }
}

#[test]
fn bytes_that_repeat_across_characters_are_not_doubles() {
    // Bytes repeat with the period of one length while the characters have others.
    for unit in ["aé", "éa", "a文", "文é", "éé文", "a😀", "😀éa", "абб", "中文中", "\u{800}\u{80}", "ÃÂ"]
    {
        for times in 0..LONG / unit.len() {
            check_chars(&unit.repeat(times));
            check_chars(&(unit.repeat(times) + "é"));
        }
    }
}

#[test]
fn names_find_backends() {
    let names: Vec<_> = Backend::available().map(Backend::name).collect();
    assert_eq!(names.last(), Some(&"scalar"));
    assert_eq!(Backend::detect().name(), names[0]);
    for name in Backend::names() {
        match Backend::by_name(name) {
            Some(backend) => assert_eq!(backend.to_string(), name),
            None => assert!(!names.contains(&name)),
        }
    }
    assert!(Backend::by_name("mmx").is_none());
}

#[test]
fn required_backends_are_here() {
    let missing: Vec<_> = Backend::names().filter(|name| Backend::by_name(name).is_none()).collect();
    println!("not run, since this CPU or build lacks them: {missing:?}");
    let baseline = if cfg!(target_arch = "x86_64") {
        "sse2"
    } else if cfg!(target_arch = "aarch64") {
        "neon"
    } else {
        "scalar"
    };
    let required = std::env::var("DOUBLES_REQUIRED_BACKENDS").unwrap_or_default();
    for name in required.split(',').filter(|name| !name.is_empty()).chain([baseline]) {
        assert!(Backend::by_name(name).is_some(), "{name} is required, and this CPU or build lacks it");
    }
}

#[test]
#[should_panic(expected = "the last element is cut")]
fn a_cut_element_panics() {
    let _ = doubles_core::count_unaligned::<u32>(&[0; 7]);
}

#[test]
fn threads_agree() {
    let bytes = some_bytes(100_000, 3);
    let expected = count_pairs(&bytes);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..50).for_each(|_| assert_eq!(doubles_core::count_bytes(&bytes), expected)));
        }
    });
}

/// Text of characters of all lengths, from few enough that doubles are frequent.
fn texts() -> impl Strategy<Value = String> {
    let few = prop::collection::vec(
        prop::sample::select("ab\0\u{7f}éжöÃ文中—\u{fffd}😀🎉\u{10ffff}".chars().collect::<Vec<_>>()),
        0..LONG,
    );
    let runs = prop::collection::vec((any::<char>(), 1..300usize), 0..6);
    prop_oneof![
        any::<String>(),
        few.prop_map(|chars| chars.into_iter().collect()),
        runs.prop_map(|runs| runs.into_iter().flat_map(|(c, times)| std::iter::repeat_n(c, times)).collect()),
        prop::collection::vec(prop::sample::select(vec!["ascii only, ", "по-русски, ", "中文，", "😀"]), 0..200)
            .prop_map(|words| words.concat()),
    ]
}

/// Bytes of few or all values, in runs or not, at an offset.
fn byte_strings() -> impl Strategy<Value = (Vec<u8>, usize)> {
    let runs = prop::collection::vec((any::<u8>(), 1..400usize), 0..8).prop_map(|runs| {
        runs.into_iter().flat_map(|(byte, times)| std::iter::repeat_n(byte, times)).collect::<Vec<_>>()
    });
    let any_length = prop_oneof![0..70usize, 0..2 * LONG, 0..40_000usize];
    let values = any_length.prop_flat_map(|length| {
        prop_oneof![
            prop::collection::vec(any::<u8>(), length),
            prop::collection::vec(0..2u8, length),
            prop::collection::vec(prop::sample::select(vec![0, 0x80, 0xff]), length),
        ]
    });
    (prop_oneof![runs, values], 0..64usize)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn elements_agree_with_the_oracle((bytes, offset) in byte_strings()) {
        check_elements(&bytes[offset.min(bytes.len())..]);
    }

    #[test]
    fn chars_agree_with_the_oracle(text in texts()) {
        check_chars(&text);
    }

    #[test]
    fn chars_of_a_slice_agree(text in texts(), at in any::<prop::sample::Index>()) {
        // A text that starts at any address.
        let starts: Vec<_> = text.char_indices().map(|(start, _)| start).chain([text.len()]).collect();
        check_chars(&text[*at.get(&starts)..]);
    }

    #[test]
    fn chars_are_the_u32s_of_the_decoded_text(text in texts()) {
        let decoded: Vec<u32> = text.chars().map(u32::from).collect();
        prop_assert_eq!(doubles_core::count_chars(&text), doubles_core::count_elements(&decoded));
    }

    #[test]
    fn the_articles_algorithms_agree(text in texts()) {
        let chars = count_pairs(text.chars());
        prop_assert_eq!(scalar::count_doubles_zip(&text), chars);
        prop_assert_eq!(scalar::count_doubles_once(&text), chars);
        prop_assert_eq!(scalar::count_doubles_peek(&text), chars);
        prop_assert_eq!(scalar::count_doubles_fold(&text), chars);
        let bytes = count_pairs(text.bytes());
        prop_assert_eq!(scalar::count_doubles_bytes_once(text.as_bytes()), bytes);
        prop_assert_eq!(scalar::count_doubles_bytes_windows(text.as_bytes()), bytes);
    }

    #[test]
    fn parts_add_up((bytes, count) in byte_strings(), text in texts()) {
        let count = count + 1;
        let of_bytes = (0..count).map(|index| doubles_core::count_bytes(part(&bytes, index, count))).sum::<usize>();
        prop_assert_eq!(of_bytes, doubles_core::count_bytes(&bytes));
        let of_text = (0..count).map(|index| doubles_core::count_chars(part_of_str(&text, index, count))).sum::<usize>();
        prop_assert_eq!(of_text, doubles_core::count_chars(&text));
    }

    #[cfg(feature = "rayon")]
    #[test]
    fn threads_agree_with_one((bytes, _) in byte_strings(), text in texts(), threads in 1..5usize) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        prop_assert_eq!(pool.install(|| parallel::count_bytes(&bytes)), doubles_core::count_bytes(&bytes));
        prop_assert_eq!(pool.install(|| parallel::count_chars(&text)), doubles_core::count_chars(&text));
    }

    #[test]
    fn doubles_of_one_byte_agree((bytes, _) in byte_strings(), byte in any::<u8>()) {
        for byte in [byte, 0, 1, bytes.first().copied().unwrap_or_default()] {
            let expected = bytes.windows(2).filter(|pair| pair == &[byte, byte]).count();
            prop_assert_eq!(count_byte_doubles_of(byte, &bytes), expected);
        }
    }

    #[test]
    fn doubles_of_each_byte_add_up((bytes, _) in byte_strings()) {
        let each = (0..=u8::MAX).map(|byte| count_byte_doubles_of(byte, &bytes)).sum::<usize>();
        prop_assert_eq!(each, doubles_core::count_bytes(&bytes));
    }

    #[test]
    fn bools_agree_with_the_oracle((bytes, _) in byte_strings()) {
        prop_assert_eq!(count_bools(&bytes), count_pairs(bytes.iter().map(|byte| *byte != 0)));
    }
}
