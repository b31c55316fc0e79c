//! Floats are equal as Rust's own are: a NaN equals nothing, and -0.0 equals 0.0. Every backend, operation and seam.

mod agree;

use agree::{Known, LINE, items_of, numbers, seeds};
use doubles_core::scalar::count_pairs;
use doubles_core::{Backend, Element, Half};

/// The elements of the longest haystack.
const LONG: usize = 600;

/// Bits of a float of `width` bytes: NaNs of both kinds, several payloads and both signs, zeros, infinities, the smallest
/// and the largest numbers, and neighbours.
fn palette(width: usize) -> Vec<u64> {
    let mantissa = match width {
        2 => 10,
        4 => 23,
        _ => 52,
    };
    let sign = 1 << (8 * width - 1);
    let infinity = sign - (1 << mantissa);
    let one = (infinity / 2) & !((1 << mantissa) - 1);
    let quiet = 1 << (mantissa - 1);
    let magnitudes = [
        0,
        1,
        2,
        (1 << mantissa) - 1,
        1 << mantissa,
        one - 1,
        one,
        one + 1,
        infinity - 1,
        infinity,
        infinity + 1,
        infinity + quiet,
        infinity + quiet + 1,
        sign - 1,
    ];
    magnitudes.into_iter().flat_map(|magnitude| [magnitude, magnitude | sign]).collect()
}

fn is_nan<T: Known>(bits: u64) -> bool {
    let item = T::from_key(bits).known();
    // A NaN is neither below, nor above, nor equal to itself.
    item.partial_cmp(&item).is_none()
}

/// Some of the palette: all, zeros alone, one NaN alone, NaNs, zeros and NaNs, neighbours, and what few of which are equal.
fn alphabets<T: Known>() -> Vec<Vec<u64>> {
    let all = palette(size_of::<T>());
    let nans: Vec<u64> = all.iter().copied().filter(|bits| is_nan::<T>(*bits)).collect();
    vec![
        all.clone(),
        all[..2].to_vec(),
        nans[..1].to_vec(),
        nans.clone(),
        [&all[..2], &nans].concat(),
        all[10..16].to_vec(),
        [&all[..2], &nans[..2], &all[12..13]].concat(),
    ]
}

/// The bytes of elements of these bits, in the byte order of this machine.
fn bytes_of<T: Known>(bits: impl IntoIterator<Item = u64>) -> Vec<u8> {
    bits.into_iter().flat_map(|bits| T::as_bytes(&[T::from_key(bits)]).to_vec()).collect()
}

/// So many of an alphabet.
fn some<T: Known>(seed: u64, alphabet: &[u64], length: usize) -> Vec<u8> {
    bytes_of::<T>(numbers(seed, alphabet.len()).map(|place| alphabet[place]).take(length))
}

/// The bytes from an offset on, at which they are placed.
fn placed(bytes: &[u8], offset: usize) -> Vec<u8> {
    std::iter::repeat_n(0xff, offset).chain(bytes.iter().copied()).collect()
}

fn every_length_at_every_alignment<T: Known>() {
    for (seed, alphabet) in seeds().flat_map(|seed| alphabets::<T>().into_iter().map(move |alphabet| (seed, alphabet)))
    {
        let bytes = some::<T>(seed, &alphabet, LONG);
        let items = items_of::<T>(&bytes);
        let doubles: Vec<usize> = (0..LONG - 1).filter(|place| items[*place] == items[place + 1]).collect();
        for offset in 0..LINE {
            let haystack = &placed(&bytes, offset)[offset..];
            let mut expected = 0;
            for length in 0..=LONG {
                let haystack = &haystack[..length * size_of::<T>()];
                expected += usize::from(doubles.get(expected).is_some_and(|place| place + 1 < length));
                for backend in Backend::available() {
                    let about = format_args!("{backend}, {length} of {alphabet:x?} at {offset}");
                    assert_eq!(backend.count_unaligned::<T>(haystack), expected, "{about}");
                    assert_eq!(backend.has_unaligned::<T>(haystack), expected != 0, "{about}");
                    let found = backend.find_unaligned::<T>(haystack);
                    assert!(found.eq(doubles[..expected].iter().copied()), "{about}");
                }
            }
        }
    }
}

#[test]
fn halves_of_every_length_at_every_alignment() {
    every_length_at_every_alignment::<Half>();
}

#[test]
fn singles_of_every_length_at_every_alignment() {
    every_length_at_every_alignment::<f32>();
}

#[test]
fn doubles_of_every_length_at_every_alignment() {
    every_length_at_every_alignment::<f64>();
}

fn every_operation<T: Known>() {
    for alphabet in alphabets::<T>() {
        // Blocks are of 1,024 elements.
        for length in (0..70).chain([129, 200, 1000, 1100, 2300]) {
            let bytes = some::<T>(length as u64, &alphabet, length);
            agree::counted::<T>(&bytes);
            agree::found_elements::<T>(&bytes);
            for (part, max_run) in [(0, 1), (0, 2), (1, 1), (2, 1), (2, 3), (6, 2), (40, 1), (40, 9), (length, 1)] {
                agree::operations::<T>(&bytes, part, max_run);
            }
        }
    }
}

#[test]
fn operations_on_floats() {
    every_operation::<Half>();
    every_operation::<f32>();
    every_operation::<f64>();
}

/// Each pair of the palette, at each place of what is short and at some of what is longer, among others that are not equal.
fn every_pair<T: Known>() {
    let palette = palette(size_of::<T>());
    let others = [palette[12] + 5, palette[12] + 9];
    for (a, b) in palette.iter().flat_map(|a| palette.iter().map(move |b| (*a, *b))) {
        let [one, other] = [a, b].map(|bits| T::from_key(bits).known());
        for length in [2, 3, 4, 5, 6, 7, 8, 17, 40, 130, 300] {
            for place in (0..length - 1).step_by(1 + length / 40) {
                let at = |index: usize| match index.checked_sub(place) {
                    Some(0) => a,
                    Some(1) => b,
                    _ => others[index % 2],
                };
                let bytes = bytes_of::<T>((0..length).map(at));
                for backend in Backend::available() {
                    let about = format_args!("{backend}, {one:?} and {other:?} at {place} of {length}");
                    assert_eq!(backend.count_unaligned::<T>(&bytes), usize::from(one == other), "{about}");
                    assert_eq!(backend.has_unaligned::<T>(&bytes), one == other, "{about}");
                    let expected = (one == other).then_some(place);
                    assert_eq!(backend.find_unaligned::<T>(&bytes).next(), expected, "{about}");
                }
            }
        }
    }
}

#[test]
fn every_pair_is_compared_as_rust_does() {
    every_pair::<Half>();
    every_pair::<f32>();
    every_pair::<f64>();
}

fn one_key_for_what_is_equal<T: Known>() {
    for (a, b) in palette(size_of::<T>()).iter().flat_map(|a| palette(size_of::<T>()).into_iter().map(move |b| (*a, b)))
    {
        let [one, other] = [a, b].map(|bits| T::from_key(bits));
        let equal = one.known() == other.known() || is_nan::<T>(a) && is_nan::<T>(b);
        assert_eq!(one.key() == other.key(), equal, "{one:?} and {other:?}");
        assert!(T::from_key(one.key()).known() == one.known() || is_nan::<T>(a), "{one:?}");
        assert_eq!(T::from_key(one.key()).key(), one.key(), "{one:?}");
        // Bits above those of an element are ignored.
        let above = u64::MAX << (8 * size_of::<T>() - 1) << 1;
        assert_eq!(T::from_key(a | above).key(), one.key(), "{one:?}");
    }
}

#[test]
fn keys_are_equal_where_elements_are() {
    one_key_for_what_is_equal::<Half>();
    one_key_for_what_is_equal::<f32>();
    one_key_for_what_is_equal::<f64>();
    for integer in [i8::MIN, -1, 0, 1, i8::MAX] {
        assert_eq!(integer.key(), u64::from(integer.cast_unsigned()));
        assert_eq!(i8::from_key(integer.key()), integer);
        let wide = i64::from(integer) << 56;
        assert_eq!(wide.key(), wide.cast_unsigned());
        assert_eq!(i64::from_key(wide.key()), wide);
        let middle = i32::from(integer) << 24;
        assert_eq!((middle.key(), i32::from_key(middle.key())), (u64::from(middle.cast_unsigned()), middle));
        let short = i16::from(integer) << 8;
        assert_eq!((short.key(), i16::from_key(short.key())), (u64::from(short.cast_unsigned()), short));
    }
}

#[test]
fn halves_are_the_numbers_that_they_stand_for() {
    for bits in 0..=u16::MAX {
        let [exponent, fraction] = [bits >> 10 & 31, bits & 1023].map(i32::from);
        let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
        let expected = match (exponent, fraction) {
            (31, 0) => f64::INFINITY,
            (31, _) => f64::NAN,
            (0, _) => f64::from(fraction) * 2f64.powi(-24),
            _ => f64::from(fraction + 1024) * 2f64.powi(exponent - 25),
        };
        let [single, double] = [f32::from(Half(bits)).into(), f64::from(Half(bits))];
        assert_eq!(single.to_bits(), double.to_bits(), "{bits:x}");
        assert!(double == sign * expected || double.is_nan() && expected.is_nan(), "{bits:x}: {double}");
        assert_eq!(double.is_sign_negative(), bits >> 15 == 1, "{bits:x}: {double}");
    }
}

#[test]
fn every_half_is_equal_to_what_it_should_be() {
    // Each one beside itself, its neighbour and its opposite.
    let beside = |other: fn(u16) -> u16| (0..=u16::MAX).flat_map(move |bits| [bits, other(bits)]);
    for other in [|bits| bits, |bits| bits ^ 1, |bits| bits ^ 0x8000, u16::swap_bytes] {
        let halves: Vec<Half> = beside(other).map(Half).collect();
        let known: Vec<f32> = halves.iter().map(|half| half.known()).collect();
        assert_eq!(count_pairs(&halves), count_pairs(&known));
        for backend in Backend::available() {
            assert_eq!(backend.count_elements(&halves), count_pairs(&known), "{backend}");
        }
    }
}

#[test]
fn float_lanes_never_overflow() {
    // Of each length past several flushes of the backends that count in bytes; of zeros that have other bits, in turn.
    for width in [2, 4, 8] {
        let zeros = palette(width)[..2].to_vec();
        let longest = 3 * 223 * 128 / width + 100;
        let lengths = (0..longest).filter(|length| *length < 3000 || length % (223 * 64 / width) < 40);
        let check = |count: fn(Backend, &[u8]) -> usize, bytes: Vec<u8>| {
            for length in lengths {
                for backend in Backend::available() {
                    let counted = count(backend, &bytes[..length * width]);
                    assert_eq!(counted, length.max(1) - 1, "{backend}, {length} zeros of {width} bytes");
                }
            }
        };
        let bits = zeros.into_iter().cycle().take(longest);
        match width {
            2 => check(Backend::count_unaligned::<Half>, bytes_of::<Half>(bits)),
            4 => check(Backend::count_unaligned::<f32>, bytes_of::<f32>(bits)),
            _ => check(Backend::count_unaligned::<f64>, bytes_of::<f64>(bits)),
        }
    }
}

#[test]
fn long_floats_are_counted_in_several_places() {
    // Prefetches from 256 KiB on, four places from 4 MiB on.
    for length in [(256 << 10) + 776, (4 << 20) + 776] {
        for alphabet in alphabets::<f64>() {
            let bytes = some::<f64>(1, &alphabet, length / 8);
            agree::counted::<f64>(&bytes);
            agree::counted::<f64>(&placed(&bytes, 3)[3..]);
        }
        for alphabet in alphabets::<f32>() {
            agree::counted::<f32>(&some::<f32>(2, &alphabet, length / 4));
        }
        for alphabet in alphabets::<Half>() {
            agree::counted::<Half>(&some::<Half>(3, &alphabet, length / 2));
        }
    }
}
