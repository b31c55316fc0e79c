//! Where memory ends, what needs some gives an error: it neither panics nor ends the process.
#![cfg(all(feature = "std", target_os = "linux"))]

mod forked;

use std::collections::TryReserveError;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::ops::Range;

use doubles_core::{
    FileCounter, Unit, ValueCounter, count_bytes_of, count_chars_of, find_bytes, find_chars, runs_of_bytes,
};
use forked::forked;

/// What a limit is of: writable memory, or addresses, of which a thread's allocator has taken some in advance.
const LIMITED: [libc::__rlimit_resource_t; 2] = [libc::RLIMIT_DATA, libc::RLIMIT_AS];

/// The bytes that are to be had, from none to more than enough.
const LIMITS: [usize; 9] = [0, 1 << 17, 1 << 18, 1 << 19, 1 << 20, 16 << 20, 83 << 20, 130 << 20, 1 << 30];

/// Does this while the process can have so many bytes more and no more.
fn limited<T>(resource: libc::__rlimit_resource_t, more: usize, run: impl FnOnce() -> T) -> T {
    let limit = |most| {
        let limit = libc::rlimit { rlim_cur: most, rlim_max: libc::RLIM_INFINITY };
        // SAFETY: a call to the system, without memory.
        assert_eq!(unsafe { libc::setrlimit(resource, &limit) }, 0);
    };
    let sizes = std::fs::read_to_string("/proc/self/statm").expect("its sizes");
    let used = sizes.split(' ').nth(if resource == libc::RLIMIT_AS { 0 } else { 5 }).expect("its size");
    // SAFETY: a call to the system, without memory.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as usize;
    limit((used.parse::<usize>().expect("pages") * page + more) as libc::rlim_t);
    let done = run();
    limit(libc::RLIM_INFINITY);
    done
}

/// Tries something with each limit, in a process each. It must give an error where there is no memory, and a result where
/// there is enough.
fn each_limit(name: &str, tried: impl Fn() -> Result<(), String>) {
    for resource in LIMITED {
        let refused =
            forked(|| limited(resource, 0, || Vec::<u8>::new().try_reserve_exact(1 << 30).is_err()).to_string());
        if refused.as_deref() != Ok("true") {
            eprintln!("{name}: not tried: this system does not limit memory ({refused:?})");
            continue;
        }
        let outcomes = LIMITS.map(|more| {
            let outcome = forked(|| limited(resource, more, &tried).err().unwrap_or_default());
            outcome.unwrap_or_else(|ended| panic!("{name}, {more} bytes: {ended}"))
        });
        for (outcome, more) in outcomes.iter().zip(LIMITS) {
            assert!(["", "memory"].contains(&outcome.as_str()), "{name}, {more} bytes: {outcome}");
        }
        assert!(outcomes[0] == "memory" || resource == libc::RLIMIT_AS, "{name}: {outcomes:?}");
        assert_eq!(outcomes[LIMITS.len() - 1], "", "{name}: {outcomes:?}");
    }
}

/// Checks what was appended: all there is, or how it begins.
fn appended<T: PartialEq>(
    outcome: Result<(), TryReserveError>,
    found: &[T],
    mut expected: impl Iterator<Item = T>,
) -> Result<(), String> {
    if !found.iter().all(|item| expected.next().as_ref() == Some(item)) {
        return Err("other items".to_owned());
    }
    match outcome {
        Ok(()) if expected.next().is_some() => Err("too few items".to_owned()),
        Ok(()) => Ok(()),
        Err(_) => Err("memory".to_owned()),
    }
}

#[test]
fn positions_and_runs_need_memory() {
    const LENGTH: usize = 6 << 20;
    let equal = "a".repeat(LENGTH);
    let wide = "ж".repeat(LENGTH / 2);
    let pairs: Vec<u8> = (0..LENGTH).map(|place| (place / 2 % 2) as u8).collect();
    let triples: Vec<u8> = (0..LENGTH).map(|place| (place / 3 % 2) as u8).collect();
    each_limit("positions of bytes", || {
        let mut found = Vec::new();
        let outcome = find_bytes(equal.as_bytes()).append_to(&mut found);
        appended(outcome, &found, 0..LENGTH - 1)
    });
    each_limit("positions of characters", || {
        let mut found = Vec::new();
        let outcome = find_chars(&wide).append_to(&mut found);
        appended(outcome, &found, (0..LENGTH - 2).step_by(2))
    });
    for (haystack, length, min_length) in [(&pairs, 2, 1), (&pairs, 2, 2), (&triples, 3, 3)] {
        each_limit(&format!("runs of {min_length} at least"), || {
            let mut found: Vec<Range<usize>> = Vec::new();
            let outcome = runs_of_bytes(haystack, min_length).append_to(&mut found);
            appended(outcome, &found, (0..LENGTH).step_by(length).map(|first| first..(first + length).min(LENGTH)))
        });
    }
}

#[test]
fn counts_by_value_need_memory() {
    const VALUES: u64 = 2 << 20;
    let haystack: Vec<u8> = (0..2 * VALUES).flat_map(|place| (1000 + place / 2).to_ne_bytes()).collect();
    each_limit("counts by value", || {
        let mut counter = ValueCounter::<u64>::new();
        let pushed = haystack.chunks(8 * 1001).try_for_each(|part| counter.push(part));
        if let Err(error) = pushed {
            // And it stays so, whatever memory there is then.
            let fails = [counter.push(&[]), counter.push(&[7; 16]), counter.finish().map(|_| ())];
            return if fails.iter().all(|failed| *failed == Err(error.clone())) {
                Err("memory".to_owned())
            } else {
                Err(format!("{fails:?} after {error}"))
            };
        }
        let Ok(counts) = counter.finish() else { return Err("memory".to_owned()) };
        if counts.into_iter().eq((1000..1000 + VALUES).map(|value| (value, 1))) {
            Ok(())
        } else {
            Err("other counts".to_owned())
        }
    });
}

fn is(outcome: io::Result<u64>, expected: u64) -> Result<(), String> {
    match outcome {
        Ok(count) if count == expected => Ok(()),
        Ok(count) => Err(format!("{count} and not {expected}")),
        Err(error) if error.kind() == ErrorKind::OutOfMemory => Err("memory".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn streams_and_files_need_memory() {
    each_limit("a stream of bytes", || is(count_bytes_of(&b"aabb"[..]), 2));
    each_limit("a stream of characters", || is(count_chars_of("жжa".as_bytes()), 1));
    let name = std::env::temp_dir().join(format!("doubles-core-memory-{}", std::process::id()));
    let mut file = File::options().read(true).write(true).create_new(true).open(&name).expect("a file");
    std::fs::remove_file(name).expect("it is there");
    file.write_all(b"aabb").expect("it is written");
    // Some ten steps, which take no room on the disk: NULs.
    const LENGTH: u64 = 150 << 20;
    file.set_len(LENGTH).expect("room");
    for threads in [1, usize::MAX] {
        each_limit(&format!("a file by {threads} threads"), || {
            let mut file = file.try_clone().expect("a handle");
            io::Seek::rewind(&mut file).expect("it is no pipe");
            let count = FileCounter::new(file, Unit::Bytes, threads).and_then(|mut counter| {
                while counter.step()? {}
                counter.finish()
            });
            is(count, LENGTH - 1 - 2)
        });
    }
}
