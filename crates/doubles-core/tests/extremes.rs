//! Every number that a function takes may be any number: 0, `usize::MAX` and what lies beside them.

mod agree;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use doubles_core::{
    Backend, Element, Half, RunFinder, Squeezer, Summary, part, part_of_str, part_range, runs_of_bytes, runs_of_chars,
    runs_of_elements, runs_unaligned,
};

/// As lengths, indices and counts.
const NUMBERS: [usize; 12] = [
    0,
    1,
    2,
    3,
    7,
    1000,
    u32::MAX as usize,
    isize::MAX as usize,
    isize::MAX as usize + 1,
    usize::MAX - 2,
    usize::MAX - 1,
    usize::MAX,
];

thread_local! {
    /// Whether a panic is expected, which is then not printed.
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// What is said by the panic of what must panic.
fn panics<T>(run: impl FnOnce() -> T) -> String {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !EXPECTED.get() {
                before(panic);
            }
        }));
    });
    EXPECTED.set(true);
    let done = catch_unwind(AssertUnwindSafe(run));
    EXPECTED.set(false);
    let Err(panic) = done else { panic!("it returned") };
    match panic.downcast::<String>() {
        Ok(said) => *said,
        Err(panic) => (*panic.downcast::<&str>().expect("a panic says why")).to_owned(),
    }
}

#[test]
fn parts_of_any_length_and_number() {
    for length in NUMBERS {
        let pairs = length.saturating_sub(1) as u128;
        for count in NUMBERS {
            let indices = NUMBERS.into_iter().chain(NUMBERS.map(|below| count.wrapping_sub(below)));
            for index in indices {
                let about = format!("part {index} of {count} of {length}");
                if index >= count {
                    assert_eq!(panics(|| part_range(length, index, count)), format!("part {index} of {count}"));
                    continue;
                }
                let here = part_range(length, index, count);
                assert!(here.start <= here.end && here.end <= length, "{about}: {here:?}");
                // As many pairs in each, but for one.
                let in_part = (here.end - here.start).saturating_sub(1) as u128;
                let even = pairs / count as u128;
                assert!(in_part == even || in_part == even + 1, "{about}: {here:?}");
                if index == 0 {
                    assert_eq!(here.start, 0, "{about}");
                }
                if index == count - 1 {
                    assert!(here.end == length || here.is_empty(), "{about}: {here:?}");
                } else {
                    // The next one begins with the element that ends this one.
                    let next = part_range(length, index + 1, count);
                    let end = if here.is_empty() { here.end } else { here.end - 1 };
                    assert!(next.start == end || next.is_empty(), "{about}: {here:?} before {next:?}");
                }
            }
        }
    }
}

#[test]
fn parts_of_slices_and_texts_by_any_number() {
    let text = "aжж文文😀";
    for count in NUMBERS {
        for index in NUMBERS {
            if index < count {
                assert_eq!(part(text.as_bytes(), index, count), &text.as_bytes()[part_range(text.len(), index, count)]);
                assert!(text.contains(part_of_str(text, index, count)));
            } else {
                let said = format!("part {index} of {count}");
                assert_eq!(panics(|| part(text.as_bytes(), index, count).len()), said);
                assert_eq!(panics(|| part_of_str(text, index, count).len()), said);
            }
        }
    }
    for index in [text.len() - 1, text.len(), usize::MAX - 1] {
        assert_eq!(part_of_str(text, index, usize::MAX), "", "{index}");
    }
}

#[test]
fn runs_of_any_length_are_asked_for() {
    let equal = [7u32; 3000];
    for min_length in NUMBERS.into_iter().skip(1).chain([2999, 3000, 3001]) {
        let expected = (min_length <= equal.len()).then_some(0..equal.len());
        assert_eq!(runs_of_elements(&equal, min_length).next(), expected, "{min_length}");
        assert_eq!(runs_of_elements(&equal, min_length).fold(0, |count, _| count + 1), usize::from(expected.is_some()));
        assert_eq!(runs_of_elements(&equal, min_length).nth(usize::MAX), None);
        let mut finder = RunFinder::<u32>::new(min_length);
        for part in equal.chunks(1001) {
            finder.push(u32::as_bytes(part), |_| unreachable!("the run may go on"));
        }
        assert_eq!(finder.finish(), expected, "{min_length}");
        let text = "ж".repeat(3000);
        let expected = expected.map(|run| 2 * run.start..2 * run.end);
        assert_eq!(runs_of_chars(&text, min_length).next(), expected, "{min_length}");
        #[cfg(feature = "std")]
        {
            let mut appended = Vec::new();
            runs_of_elements(&equal, min_length).append_to(&mut appended).expect("memory");
            assert_eq!(appended.len(), usize::from(min_length <= equal.len()), "{min_length}");
        }
    }
}

#[test]
fn runs_are_cut_to_any_length() {
    let haystack = b"aabbbbbbbcdd";
    for max_run in NUMBERS.into_iter().skip(1) {
        for length in 1..=haystack.len() {
            agree::operations_of(1, haystack, length, max_run);
            agree::operations_of_floats(haystack, length, max_run);
        }
        // The next part goes on with the run.
        let (mut kept, mut squeezer) = (Vec::new(), Squeezer::<Half>::new(max_run));
        for part in [[0; 8], [0; 8], [1; 8]] {
            squeezer.push(&part, |_| true, |piece| kept.extend_from_slice(piece));
        }
        assert_eq!(kept.len(), 2 * (max_run.min(8) + max_run.min(4)), "{max_run}");
        #[cfg(feature = "std")]
        {
            let squeezed = doubles_core::squeeze_bytes(haystack, max_run, |_| true);
            assert_eq!(squeezed.len(), 3 * max_run.min(2) - max_run.min(2) + max_run.min(7) + 1, "{max_run}");
            let text = "жж文文文文a";
            let squeezed = doubles_core::squeeze_chars(text, max_run, |_| true);
            assert_eq!(squeezed.len(), 2 * max_run.min(2) + 3 * max_run.min(4) + 1, "{max_run}");
        }
    }
}

#[test]
fn zero_is_refused_by_all_that_take_a_length_of_runs() {
    let backend = Backend::detect();
    let of_min_length: [fn(); 7] = [
        || drop(runs_of_chars("жж", 0)),
        || drop(runs_of_bytes(b"", 0)),
        || drop(runs_of_elements(&[1.0], 0)),
        || drop(runs_unaligned::<Half>(&[], 0)),
        || drop(RunFinder::<u8>::new(0)),
        || drop(Backend::detect().runs_of_chars("", 0)),
        || drop(Backend::detect().runs_unaligned::<i64>(&[], 0)),
    ];
    for run in of_min_length {
        assert_eq!(panics(run), "min_length must be at least 1", "{backend}");
    }
    let of_max_run: &[fn()] = &[
        || drop(Squeezer::<u8>::new(0)),
        #[cfg(feature = "std")]
        || drop(doubles_core::squeeze_bytes(b"", 0, |_| true)),
        #[cfg(feature = "std")]
        || drop(doubles_core::squeeze_elements::<f64>(&[], 0, |_| true)),
        #[cfg(feature = "std")]
        || drop(doubles_core::squeeze_chars("", 0, |_| true)),
        #[cfg(feature = "std")]
        || drop(doubles_core::squeeze_chars("жж", 0, |_| true)),
    ];
    for run in of_max_run {
        // Those that compare 0 say so, too.
        assert!(panics(run).contains("max_run must be at least 1"), "{backend}");
    }
}

#[test]
fn summaries_of_any_length_are_joined() {
    let [mut left, right] = [[7u8, 7], [7, 8]].map(|items| Summary::of_elements(&items));
    for length in [usize::MAX - 2, usize::MAX / 2, 1 << 40] {
        // So many that are equal.
        (left.length, left.doubles, left.prefix, left.suffix, left.longest) =
            (length, length - 1, length, length, 0..length);
        let joined = left.join(&right);
        assert_eq!((joined.length, joined.doubles), (length + 2, length));
        assert_eq!((joined.prefix, joined.suffix, joined.longest), (length + 1, 1, 0..length + 1));
        assert_eq!(right.join(&left).length, length + 2);
    }
    for length in [usize::MAX - 1, usize::MAX] {
        left.length = length;
        (left.prefix, left.suffix) = (length, length);
        assert!(panics(|| left.join(&right)).contains("no more than usize::MAX"));
        assert!(panics(|| right.join(&left)).contains("no more than usize::MAX"));
        assert_eq!(left.join(&Summary::default()), left);
    }
    // As many as chunks that are joined again and again have.
    let mut whole = Summary::of_elements(&[0.0, -0.0, f64::NAN]);
    for _ in 0..usize::BITS - 2 {
        whole = whole.join(&whole);
    }
    assert_eq!((whole.length, whole.doubles), (3 << (usize::BITS - 2), 1 << (usize::BITS - 2)));
    assert!(panics(|| whole.join(&whole)).contains("no more than usize::MAX"));
}

#[test]
fn elements_at_any_index() {
    for index in NUMBERS {
        let bytes = [0u8; 16];
        for (at, width) in [
            ((|bytes, index| _ = u8::at(bytes, index)) as fn(&[u8], usize), 1),
            (|bytes, index| _ = u16::at(bytes, index), 2),
            (|bytes, index| _ = Half::at(bytes, index), 2),
            (|bytes, index| _ = i32::at(bytes, index), 4),
            (|bytes, index| _ = f64::at(bytes, index), 8),
        ] {
            if index < bytes.len() / width {
                at(&bytes, index);
            } else {
                assert!(panics(|| at(&bytes, index)).contains("out of bounds"), "{index}");
            }
        }
    }
}

#[test]
#[cfg(feature = "std")]
fn files_by_any_number_of_threads() {
    use doubles_core::{FileCounter, Unit};

    let expected =
        doubles_core::count_bytes_of(std::fs::File::open("Cargo.toml").expect("it is there")).expect("it is read");
    for threads in NUMBERS {
        let file = std::fs::File::open("Cargo.toml").expect("it is there");
        let mut counter = FileCounter::new(file, Unit::Bytes, threads).expect("it is open");
        while counter.step().expect("it is read") {}
        assert_eq!(counter.finish().expect("it was read"), expected, "{threads} threads");
    }
}
