//! Every backend × function × size, beside what others do in the same memory. In GB/s.
#![allow(missing_docs)] // of what criterion's macros make

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use doubles_bench::{CHINESE, CYRILLIC, LETTERS, random_text, read_only};
use doubles_core::{Backend, Element, Half, count_byte_doubles_of, scalar};

const SIZES: [(&str, usize); 6] =
    [("16B", 16), ("64B", 64), ("1KB", 1 << 10), ("32KB", 32 << 10), ("1MB", 1 << 20), ("64MB", 64 << 20)];

type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// A group that measures quickly: there are many, and what matters is how they compare.
fn group<'a>(criterion: &'a mut Criterion, name: &str, bytes: usize) -> Group<'a> {
    let mut group = criterion.benchmark_group(name);
    group
        .throughput(Throughput::BytesDecimal(bytes as u64))
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600));
    group
}

fn bench<I: ?Sized, O>(group: &mut Group<'_>, name: &str, size: &str, input: &I, function: impl Fn(&I) -> O) {
    group.bench_with_input(BenchmarkId::new(name, size), input, |bencher, input| {
        bencher.iter(|| function(black_box(input)));
    });
}

fn elements<T: Element>(criterion: &mut Criterion, name: &str) {
    for (size, bytes) in SIZES {
        let text = random_text(LETTERS, bytes);
        let mut group = group(criterion, name, bytes);
        for backend in Backend::available() {
            bench(&mut group, backend.name(), size, text.as_bytes(), |bytes| backend.count_unaligned::<T>(bytes));
        }
        group.finish();
    }
}

fn chars(criterion: &mut Criterion) {
    for (name, alphabet) in [("chars, ASCII", LETTERS), ("chars, Cyrillic", CYRILLIC), ("chars, Chinese", CHINESE)] {
        for (size, bytes) in SIZES {
            let text = random_text(alphabet, bytes);
            let mut group = group(criterion, name, bytes);
            for backend in Backend::available() {
                bench(&mut group, backend.name(), size, text.as_str(), |text| backend.count_chars(text));
            }
            bench(&mut group, "article's char loop", size, text.as_str(), scalar::count_doubles_once);
            group.finish();
        }
    }
}

fn anchors(criterion: &mut Criterion) {
    for (size, bytes) in SIZES {
        let text = random_text(LETTERS, bytes);
        let bytes_of = text.as_bytes();
        let mut group = group(criterion, "anchors", bytes);
        bench(&mut group, "read only: the limit", size, bytes_of, read_only);
        bench(&mut group, "bytecount::count", size, bytes_of, |bytes| bytecount::count(bytes, b'a'));
        bench(&mut group, "memchr_iter().count()", size, bytes_of, |bytes| memchr::memchr_iter(b'a', bytes).count());
        bench(&mut group, "count_byte_doubles_of", size, bytes_of, |bytes| count_byte_doubles_of(b'a', bytes));
        bench(&mut group, "article's byte loop", size, bytes_of, scalar::count_doubles_bytes_once);
        bench(&mut group, "windows(2)", size, bytes_of, scalar::count_doubles_bytes_windows);
        group.finish();
    }
}

fn every_width(criterion: &mut Criterion) {
    elements::<u8>(criterion, "bytes");
    elements::<u16>(criterion, "u16");
    elements::<u32>(criterion, "u32");
    elements::<u64>(criterion, "u64");
    elements::<Half>(criterion, "f16");
    elements::<f32>(criterion, "f32");
    elements::<f64>(criterion, "f64");
}

criterion_group!(benches, anchors, every_width, chars);
criterion_main!(benches);
