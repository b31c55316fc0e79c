//! Times one operation on the bytes of a file and prints, as JSON, the nanoseconds of so many calls and what each gave:
//! `operations find book.txt 10`. The lab asks it in its rounds, so that Rust alone stands beside what Python calls.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::ops::Range;
use std::time::{Duration, Instant};

use doubles_core::{count_bytes_by_value, find_bytes, has_bytes, longest_run_of_bytes, runs_of_bytes, squeeze_bytes};
use serde_json::{Value, json};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [operation, file, calls] = arguments.as_slice() else { panic!("usage: operations OPERATION FILE CALLS") };
    let haystack = std::fs::read(file).expect("the file can be read");
    let calls = calls.parse().expect("a number of calls");
    let measured = match operation.as_str() {
        "has" => measure(calls, || has_bytes(&haystack), |has| json!(has)),
        "find" => measure(calls, || found(&haystack), |found| json!(found)),
        "runs" => measure(calls, || runs(&haystack, 2), shown),
        "encode" => measure(calls, || runs(&haystack, 1), shown),
        "longest" => {
            measure(calls, || longest_run_of_bytes(&haystack), |run| json!(run.map(|run| (run.start, run.len()))))
        }
        "squeeze" => measure(
            calls,
            || squeeze_bytes(&haystack, 1, |_| true),
            |squeezed| json!(String::from_utf8(squeezed).expect("text stays text")),
        ),
        "by-value" => measure(calls, || count_bytes_by_value(&haystack), |counts| json!(BTreeMap::from_iter(counts))),
        _ => panic!("no operation is called {operation}"),
    };
    println!("{measured}");
}

fn found(haystack: &[u8]) -> Vec<usize> {
    let mut positions = Vec::new();
    find_bytes(haystack).append_to(&mut positions).expect("memory");
    positions
}

fn runs(haystack: &[u8], min_length: usize) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    runs_of_bytes(haystack, min_length).append_to(&mut runs).expect("memory");
    runs
}

fn shown(runs: Vec<Range<usize>>) -> Value {
    runs.into_iter().map(|run| json!((run.start, run.len()))).collect()
}

/// The nanoseconds of so many calls, once a call is as quick as in a program that runs for long, and the last result. The
/// others are dropped within.
fn measure<R>(calls: usize, call: impl Fn() -> R, shown: impl Fn(R) -> Value) -> Value {
    /// Memory that is asked for again and again does not come from the system each time.
    const WARM_UP: Duration = Duration::from_millis(50);
    let mut result = call();
    let clock = Instant::now();
    while clock.elapsed() < WARM_UP {
        result = black_box(black_box(&call)());
    }
    let clock = Instant::now();
    for _ in 0..calls {
        result = black_box(black_box(&call)());
    }
    let nanoseconds = clock.elapsed().as_nanos();
    json!({ "ns": u64::try_from(nanoseconds).expect("less than 500 years"), "result": shown(result) })
}
