//! Backends, and what is tried on each of them besides the sweeps.

mod agree;

use doubles_core::Backend;
use doubles_core::scalar::count_pairs;

/// The bytes of the largest step of any kernel, and something over: past this, lengths behave alike.
const LONG: usize = 700;

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
            agree::elements(&equal[offset..offset + length / 8 * 8]);
        }
        agree::elements(&bytes[3..length]);
        let end = (0..=length).rev().find(|end| text.is_char_boundary(*end)).expect("a boundary");
        agree::chars(&text[..end]);
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
fn alternating_elements_have_no_doubles() {
    for (width, count) in agree::TYPES {
        let elements: Vec<u8> = (0..LONG).flat_map(|i| [(i % 2) as u8].repeat(width)).collect();
        for backend in Backend::available() {
            for length in 0..LONG {
                assert_eq!(count(backend, &elements[..length * width]), 0, "{backend}, {length} elements of {width}");
            }
        }
    }
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
                agree::chars(&text);
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
            agree::chars(&unit.repeat(times));
            agree::chars(&(unit.repeat(times) + "é"));
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
    let all: Vec<_> = Backend::names().collect();
    assert!(names.iter().all(|name| all.contains(name)), "{names:?} of {all:?}");
}

#[test]
fn required_backends_are_here() {
    let missing: Vec<_> = Backend::names().filter(|name| Backend::by_name(name).is_none()).collect();
    let found: Vec<_> = Backend::available().map(Backend::name).collect();
    println!("backends that ran: {found:?}; not run, since this CPU or build lacks them: {missing:?}");
    let baseline = if cfg!(target_arch = "x86_64") {
        "sse2"
    } else if cfg!(target_arch = "aarch64") {
        "neon"
    } else {
        "scalar"
    };
    for name in named_in("DOUBLES_REQUIRED_BACKENDS").chain([baseline.to_owned()]) {
        assert!(Backend::by_name(&name).is_some(), "{name} is required, and this CPU or build lacks it");
    }
    for name in named_in("DOUBLES_MASKED_BACKENDS") {
        assert!(Backend::names().any(|known| known == name), "{name} is no backend of this build");
        assert!(Backend::by_name(&name).is_none(), "{name} should be masked, and runs all the same");
    }
}

/// The backends that a variable of the environment lists, with commas.
fn named_in(variable: &str) -> impl Iterator<Item = String> {
    let names: Vec<_> = std::env::var(variable).unwrap_or_default().split(',').map(str::to_owned).collect();
    names.into_iter().filter(|name| !name.is_empty())
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
