//! What is asked besides the count, beside what people write for it. In GB/s of the input.
#![allow(missing_docs)] // of what criterion's macros make

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use doubles_bench::{DNA, LETTERS, random_text};
use doubles_core::{
    count_bytes, count_bytes_by_value, find_bytes, find_chars, has_bytes, has_chars, longest_run_of_bytes,
    longest_run_of_chars, runs_of_bytes, runs_of_chars, squeeze_bytes, squeeze_chars,
};

const BYTES: usize = 1_000_000;

/// A name and a function of the text.
type Way<'a> = (&'a str, &'a dyn Fn(&str));

/// One operation over every input.
fn compare(criterion: &mut Criterion, operation: &str, ways: &[Way<'_>]) {
    let inputs = [
        ("letters", random_text(LETTERS, BYTES)),
        ("DNA", random_text(DNA, BYTES)),
        ("no doubles", "ab".repeat(BYTES / 2)),
    ];
    let mut group = criterion.benchmark_group(operation);
    group
        .throughput(Throughput::BytesDecimal(BYTES as u64))
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600));
    for (name, way) in ways {
        for (input, text) in &inputs {
            group.bench_with_input(BenchmarkId::new(*name, input), text.as_str(), |bencher, text| {
                bencher.iter(|| way(black_box(text)));
            });
        }
    }
    group.finish();
}

/// Calls a function for its result, which is made and dropped.
macro_rules! way {
    ($name:literal, |$text:ident| $result:expr) => {
        ($name, &|$text: &str| {
            let _ = black_box($result);
        })
    };
}

fn has(criterion: &mut Criterion) {
    compare(
        criterion,
        "has",
        &[
            way!("has_bytes", |text| has_bytes(text.as_bytes())),
            way!("has_chars", |text| has_chars(text)),
            way!("count_bytes", |text| count_bytes(text.as_bytes())),
            way!("windows(2).any()", |text| text.as_bytes().windows(2).any(|pair| pair[0] == pair[1])),
        ],
    );
}

fn find(criterion: &mut Criterion) {
    compare(
        criterion,
        "find",
        &[
            way!("find_bytes, collected", |text| find_bytes(text.as_bytes()).collect::<Vec<_>>()),
            way!("find_bytes, append_to", |text| {
                let mut found = Vec::new();
                find_bytes(text.as_bytes()).append_to(&mut found).expect("memory");
                found
            }),
            way!("find_bytes, summed", |text| find_bytes(text.as_bytes()).sum::<usize>()),
            way!("find_chars, collected", |text| find_chars(text).collect::<Vec<_>>()),
            way!("windows(2), collected", |text| {
                let pairs = text.as_bytes().windows(2).enumerate();
                pairs.filter(|(_, pair)| pair[0] == pair[1]).map(|(position, _)| position).collect::<Vec<_>>()
            }),
        ],
    );
}

fn runs(criterion: &mut Criterion) {
    compare(
        criterion,
        "runs",
        &[
            way!("runs_of_bytes, collected", |text| runs_of_bytes(text.as_bytes(), 2).collect::<Vec<_>>()),
            way!("runs_of_bytes, append_to", |text| {
                let mut found = Vec::new();
                runs_of_bytes(text.as_bytes(), 2).append_to(&mut found).expect("memory");
                found
            }),
            way!("runs_of_bytes, counted", |text| runs_of_bytes(text.as_bytes(), 2).fold(0, |count, _| count + 1)),
            way!("runs_of_bytes from 1, collected", |text| runs_of_bytes(text.as_bytes(), 1).collect::<Vec<_>>()),
            way!("runs_of_chars, collected", |text| runs_of_chars(text, 2).collect::<Vec<_>>()),
            way!("chunk_by, collected", |text| {
                let mut start = 0;
                let chunks = text.as_bytes().chunk_by(|a, b| a == b).map(|chunk| {
                    start += chunk.len();
                    start - chunk.len()..start
                });
                chunks.filter(|run| run.len() > 1).collect::<Vec<_>>()
            }),
            way!("longest_run_of_bytes", |text| longest_run_of_bytes(text.as_bytes())),
            way!("longest_run_of_chars", |text| longest_run_of_chars(text)),
        ],
    );
}

fn squeeze(criterion: &mut Criterion) {
    compare(
        criterion,
        "squeeze",
        &[
            way!("squeeze_bytes", |text| squeeze_bytes(text.as_bytes(), 1, |_| true)),
            way!("squeeze_chars", |text| squeeze_chars(text, 1, |_| true)),
            way!("to_vec: a copy", |text| text.as_bytes().to_vec()),
            way!("dedup of a copy", |text| {
                let mut copy = text.as_bytes().to_vec();
                copy.dedup();
                copy
            }),
        ],
    );
}

fn by_value(criterion: &mut Criterion) {
    compare(
        criterion,
        "by value",
        &[
            way!("count_bytes_by_value", |text| count_bytes_by_value(text.as_bytes())),
            way!("windows(2) and a table", |text| {
                let mut counts = [0_usize; 256];
                text.as_bytes()
                    .windows(2)
                    .for_each(|pair| counts[usize::from(pair[0])] += usize::from(pair[0] == pair[1]));
                counts
            }),
        ],
    );
}

criterion_group!(benches, has, find, runs, squeeze, by_value);
criterion_main!(benches);
