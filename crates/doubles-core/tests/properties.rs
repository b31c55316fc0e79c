//! What holds for any input. `PROPTEST_CASES` says how many are tried of each.

mod agree;

#[cfg(feature = "rayon")]
use doubles_core::parallel;
use doubles_core::scalar::{self, count_pairs};
use doubles_core::{Backend, count_bools, count_byte_doubles_of, count_bytes, count_chars, count_elements};
use proptest::prelude::*;
use proptest::sample::Index;

/// Items, or bytes, of input that is not short.
const LONG: usize = 700;

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").map_or(512, |cases| cases.parse().expect("PROPTEST_CASES is a number"));
    ProptestConfig::with_cases(cases)
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

/// Bytes of few or all values, in runs or not.
fn byte_strings() -> impl Strategy<Value = Vec<u8>> {
    let runs = prop::collection::vec((any::<u8>(), 1..400usize), 0..8).prop_map(|runs| {
        runs.into_iter().flat_map(|(byte, times)| std::iter::repeat_n(byte, times)).collect::<Vec<_>>()
    });
    // One in sixty is long enough for the tallies to be emptied.
    let any_length = prop_oneof![30 => 0..70usize, 29 => 0..2 * LONG, 1 => 0..40_000usize];
    let values = any_length.prop_flat_map(|length| {
        prop_oneof![
            prop::collection::vec(any::<u8>(), length),
            prop::collection::vec(0..2u8, length),
            prop::collection::vec(prop::sample::select(vec![0, 0x80, 0xff]), length),
        ]
    });
    prop_oneof![runs, values]
}

/// The two sides of a cut, which have an element in common.
fn cut<T>(elements: &[T], at: Index) -> [&[T]; 2] {
    let at = at.index(elements.len().max(1));
    [&elements[..elements.len().min(at + 1)], &elements[at..]]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn bytes_agree_with_the_oracle(bytes in byte_strings(), offset in 0..64usize) {
        agree::bytes(&bytes[offset.min(bytes.len())..]);
    }

    #[test]
    fn elements_agree_with_the_oracle(bytes in byte_strings(), offset in 0..64usize) {
        agree::elements(&bytes[offset.min(bytes.len())..]);
    }

    #[test]
    fn elements_are_found_where_they_are(bytes in byte_strings(), offset in 0..64usize) {
        let bytes = &bytes[offset.min(bytes.len())..];
        for (width, _) in agree::WIDTHS {
            agree::found_elements_of(width, &bytes[..bytes.len() / width * width]);
        }
        agree::found_floats(bytes);
    }

    #[test]
    fn chars_are_found_where_they_are(text in texts()) {
        agree::found_chars(&text);
    }

    #[test]
    fn chars_agree_with_the_oracle(text in texts()) {
        agree::chars(&text);
    }

    #[test]
    fn chars_of_a_slice_agree(text in texts(), at in any::<Index>()) {
        // A text that starts at any address.
        let starts: Vec<_> = text.char_indices().map(|(start, _)| start).chain([text.len()]).collect();
        agree::chars(&text[*at.get(&starts)..]);
    }

    #[test]
    fn chars_are_the_u32s_of_the_decoded_text(text in texts()) {
        let decoded: Vec<u32> = text.chars().map(u32::from).collect();
        prop_assert_eq!(count_chars(&text), count_elements(&decoded));
        for backend in Backend::available() {
            prop_assert_eq!(backend.count_chars(&text), backend.count_elements(&decoded), "{}", backend);
        }
    }

    #[test]
    fn chars_of_ascii_are_its_bytes(mut bytes in byte_strings()) {
        bytes.iter_mut().for_each(|byte| *byte &= 0x7f);
        let text = std::str::from_utf8(&bytes).expect("ASCII");
        prop_assert_eq!(count_chars(text), count_bytes(&bytes));
        for backend in Backend::available() {
            prop_assert_eq!(backend.count_chars(text), backend.count_bytes(&bytes), "{}", backend);
        }
    }

    #[test]
    fn bytes_split_anywhere_add_up(bytes in byte_strings(), at in any::<Index>()) {
        for backend in Backend::available() {
            let sides = cut(&bytes, at).map(|side| backend.count_bytes(side));
            prop_assert_eq!(sides.iter().sum::<usize>(), backend.count_bytes(&bytes), "{}", backend);
        }
    }

    #[test]
    fn elements_split_anywhere_add_up(bytes in byte_strings(), at in any::<Index>()) {
        for (width, count) in agree::TYPES {
            let elements: Vec<&[u8]> = bytes.chunks_exact(width).collect();
            for backend in Backend::available() {
                let sides = cut(&elements, at).map(|side| count(backend, &side.concat()));
                let whole = count(backend, &bytes[..elements.len() * width]);
                prop_assert_eq!(sides.iter().sum::<usize>(), whole, "{}, elements of {}", backend, width);
            }
        }
    }

    #[test]
    fn text_split_anywhere_adds_up(text in texts(), at in any::<Index>()) {
        let chars: Vec<char> = text.chars().collect();
        let sides = cut(&chars, at).map(String::from_iter);
        for backend in Backend::available() {
            let sum = sides.iter().map(|side| backend.count_chars(side)).sum::<usize>();
            prop_assert_eq!(sum, backend.count_chars(&text), "{}", backend);
        }
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
    fn parts_add_up(bytes in byte_strings(), text in texts(), count in 1..65usize) {
        agree::parts(&bytes, &text, count);
    }

    #[cfg(feature = "rayon")]
    #[test]
    fn threads_agree_with_one(bytes in byte_strings(), text in texts(), threads in 0..4usize) {
        let pool = &pools()[threads];
        prop_assert_eq!(pool.install(|| parallel::count_bytes(&bytes)), count_bytes(&bytes));
        let floats: Vec<f32> = bytes.as_chunks().0.iter().map(|bytes| f32::from_ne_bytes(*bytes)).collect();
        prop_assert_eq!(pool.install(|| parallel::count_elements(&floats)), count_pairs(&floats));
        prop_assert_eq!(pool.install(|| parallel::count_chars(&text)), count_chars(&text));
    }

    #[test]
    fn doubles_of_one_byte_agree(bytes in byte_strings(), byte in any::<u8>()) {
        for byte in [byte, 0, 1, bytes.first().copied().unwrap_or_default()] {
            agree::byte_doubles_of(byte, &bytes);
        }
    }

    #[test]
    fn doubles_of_each_byte_add_up(bytes in byte_strings()) {
        let each = (0..=u8::MAX).map(|byte| count_byte_doubles_of(byte, &bytes)).sum::<usize>();
        prop_assert_eq!(each, count_bytes(&bytes));
    }

    #[test]
    fn bools_agree_with_the_oracle(bytes in byte_strings()) {
        agree::bools(&bytes);
        let bools: Vec<u8> = bytes.iter().map(|byte| u8::from(*byte != 0)).collect();
        prop_assert_eq!(count_bools(&bytes), count_bytes(&bools));
    }
}

/// Pools of one to four threads.
#[cfg(feature = "rayon")]
fn pools() -> &'static [rayon::ThreadPool] {
    static POOLS: std::sync::LazyLock<Vec<rayon::ThreadPool>> = std::sync::LazyLock::new(|| {
        let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        (1..5).map(pool).collect()
    });
    &POOLS
}
