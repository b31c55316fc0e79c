//! Measures every backend × function × size in one run, interleaved, and prints it as JSON.
//!
//! Of each size, rounds go over all contenders in an order shuffled anew, so that a slow moment of the machine falls on
//! all alike. A sample is a loop of calls that takes at least [`SAMPLE`]; each round takes one of each contender, whose
//! count is checked outside the clock. Progress goes to standard error.

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use doubles_bench::{CHINESE, CYRILLIC, LETTERS, random_text, read_only, read_only_streams};
use doubles_core::{Backend, Element, scalar};
use serde_json::{Value, json};

/// How long a sample takes at least: long enough that what the one before left in the caches does not matter.
const SAMPLE: Duration = Duration::from_micros(200);

/// How long a size may take, and how many rounds it has at least and at most.
const BUDGET: Duration = Duration::from_secs(6);
const ROUNDS: std::ops::Range<usize> = 7..61;

/// The texts of one size.
struct Texts {
    letters: String,
    cyrillic: String,
    chinese: String,
}

/// One line of the picture at one size.
struct Contender<'a> {
    function: &'static str,
    implementation: String,
    call: Box<dyn Fn() -> usize + 'a>,
    nanoseconds: Vec<f64>,
}

fn main() {
    let largest = std::env::args().nth(1).map_or(1 << 30, |size| size.parse().expect("the largest size in bytes"));
    let mut results = Vec::new();
    for size in (0..=30).map(|power| 1 << power).filter(|size| *size <= largest) {
        eprintln!("roofline: {size} bytes");
        results.extend(measure(size));
    }
    let date = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs();
    let run = json!({
        "date": date,
        "cpu": cpu(),
        "caches": caches(),
        "backend": Backend::detect().name(),
        "rustc": env!("DOUBLES_RUSTC_VERSION"),
        "version": env!("CARGO_PKG_VERSION"),
        "results": results,
    });
    println!("{run:#}");
}

/// All contenders at one size, in rounds.
fn measure(size: usize) -> Vec<Value> {
    let texts = Texts {
        letters: random_text(LETTERS, size),
        cyrillic: random_text(CYRILLIC, size),
        chinese: random_text(CHINESE, size),
    };
    let mut contenders = contenders(&texts);
    let calls: Vec<usize> = contenders.iter().map(|contender| calibrate(&contender.call)).collect();
    let expected: Vec<usize> = contenders.iter().map(|contender| (contender.call)()).collect();

    let mut order: Vec<usize> = (0..contenders.len()).collect();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let start = Instant::now();
    for round in 0..ROUNDS.end {
        if round >= ROUNDS.start && start.elapsed() > BUDGET {
            break;
        }
        for last in (1..order.len()).rev() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            order.swap(last, (state >> 33) as usize % (last + 1));
        }
        for &index in &order {
            let Contender { call, nanoseconds, .. } = &mut contenders[index];
            let mut count = 0;
            let clock = Instant::now();
            for _ in 0..calls[index] {
                count = black_box(black_box(&*call)());
            }
            let elapsed = clock.elapsed();
            assert_eq!(count, expected[index], "a contender changed its mind");
            nanoseconds.push(elapsed.as_nanos() as f64 / calls[index] as f64);
        }
    }
    contenders
        .into_iter()
        .map(|Contender { function, implementation, mut nanoseconds, .. }| {
            nanoseconds.sort_by(f64::total_cmp);
            let at = |quantile: f64| nanoseconds[((nanoseconds.len() - 1) as f64 * quantile).round() as usize];
            json!({
                "function": function,
                "implementation": implementation,
                "bytes": size,
                "rounds": nanoseconds.len(),
                "ns": at(0.5),
                "ns_low": at(0.25),
                "ns_high": at(0.75),
            })
        })
        .collect()
}

fn contenders(texts: &Texts) -> Vec<Contender<'_>> {
    /// Where a few bytes are no whole element, as many as are.
    fn elements<T: Element>(backend: Backend, bytes: &[u8]) -> usize {
        backend.count_unaligned::<T>(&bytes[..bytes.len() / size_of::<T>() * size_of::<T>()])
    }

    let letters = texts.letters.as_bytes();
    let mut all = Vec::new();
    let mut add = |function, implementation: &str, call| {
        all.push(Contender { function, implementation: implementation.to_owned(), call, nanoseconds: Vec::new() });
    };
    for backend in Backend::available() {
        let name = backend.name();
        add("bytes", name, Box::new(move || backend.count_bytes(letters)));
        add("u16", name, Box::new(move || elements::<u16>(backend, letters)));
        add("u32", name, Box::new(move || elements::<u32>(backend, letters)));
        add("u64", name, Box::new(move || elements::<u64>(backend, letters)));
        add("chars, ASCII", name, Box::new(move || backend.count_chars(&texts.letters)));
        add("chars, Cyrillic", name, Box::new(move || backend.count_chars(&texts.cyrillic)));
        add("chars, Chinese", name, Box::new(move || backend.count_chars(&texts.chinese)));
    }
    // What a program calls, the choice of a backend included.
    add("bytes", "count_bytes", Box::new(move || doubles_core::count_bytes(letters)));
    add("bytes", "read only", Box::new(move || usize::from(read_only(letters))));
    add("bytes", "read only, 4 streams", Box::new(move || usize::from(read_only_streams(letters))));
    add("bytes", "bytecount::count", Box::new(move || bytecount::count(letters, b'a')));
    add("bytes", "bytecount::num_chars", Box::new(move || bytecount::num_chars(letters)));
    add("bytes", "memchr_iter().count()", Box::new(move || memchr::memchr_iter(b'a', letters).count()));
    add("bytes", "article's byte loop", Box::new(move || scalar::count_doubles_bytes_once(letters)));
    add("chars, ASCII", "article's char loop", Box::new(move || scalar::count_doubles_once(&texts.letters)));
    add("chars, Cyrillic", "article's char loop", Box::new(move || scalar::count_doubles_once(&texts.cyrillic)));
    add("chars, Chinese", "article's char loop", Box::new(move || scalar::count_doubles_once(&texts.chinese)));
    all
}

/// How many calls a sample needs. Also warms up.
fn calibrate(call: &dyn Fn() -> usize) -> usize {
    let mut calls = 1;
    loop {
        let clock = Instant::now();
        for _ in 0..calls {
            black_box(black_box(call)());
        }
        if clock.elapsed() >= SAMPLE {
            return calls;
        }
        calls *= 2;
    }
}

/// The CPU's name, if the system tells.
fn cpu() -> Option<String> {
    let info = fs::read_to_string("/proc/cpuinfo").ok()?;
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'))?.1;
    Some(name.trim().to_owned())
}

/// The data caches that the first CPU reaches, if the system tells: level and bytes.
fn caches() -> Vec<Value> {
    let Ok(entries) = fs::read_dir("/sys/devices/system/cpu/cpu0/cache") else { return Vec::new() };
    let mut caches: Vec<(u64, u64)> = entries
        .filter_map(|entry| {
            let index = entry.ok()?.path();
            let read = |file| fs::read_to_string(index.join(file)).ok();
            if read("type")?.trim() == "Instruction" {
                return None;
            }
            let kilobytes: u64 = read("size")?.trim().strip_suffix('K')?.parse().ok()?;
            Some((read("level")?.trim().parse().ok()?, kilobytes << 10))
        })
        .collect();
    caches.sort_unstable();
    caches.into_iter().map(|(level, bytes)| json!({ "level": level, "bytes": bytes })).collect()
}
