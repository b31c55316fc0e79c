use std::fs::OpenOptions;
use std::io::Write;

use forked::forked;

use super::*;
use crate::scalar::count_pairs;

#[path = "../../tests/forked/mod.rs"]
mod forked;

/// A new file, opened so, that has no name any more.
fn nameless(options: &mut OpenOptions) -> File {
    use std::sync::atomic::{AtomicUsize, Ordering};

    static FILES: AtomicUsize = AtomicUsize::new(0);
    let name = format!("doubles-core-{}-{}", std::process::id(), FILES.fetch_add(1, Ordering::Relaxed));
    let path = std::env::temp_dir().join(name);
    let file = options.create_new(true).open(&path).expect("a file");
    std::fs::remove_file(path).expect("it is there");
    file
}

/// A file of these bytes.
fn file(bytes: &[u8]) -> File {
    let mut file = nameless(File::options().read(true).write(true));
    file.write_all(bytes).expect("it is written");
    file.rewind().expect("it is no pipe");
    file
}

/// What the places of a file add up to, of so many bytes each.
fn in_places(file: &File, unit: Unit, length: u64) -> io::Result<u64> {
    let (mut bytes, mut chars) = (ByteCounter::new(), CharCounter::new());
    let mut room = Room::new()?;
    for place in 0.. {
        let counted = Counted::of(file, unit, place * length..(place + 1) * length, 0, room.bytes())?;
        bytes.join(&counted.bytes);
        chars.join(&counted.chars).map_err(invalid)?;
        if counted.end.is_some() {
            break;
        }
    }
    if unit == Unit::Bytes { Ok(bytes.finish()) } else { chars.finish().map_err(invalid) }
}

#[test]
fn a_long_file_takes_several_steps() {
    let mut long = file(b"");
    long.set_len(2 * STEP + 1).expect("it is all zeros");
    for (threads, steps) in [(1, 2), (2, 1)] {
        long.rewind().expect("it is no pipe");
        let handle = long.try_clone().expect("a handle");
        let mut counter = FileCounter::new(handle, Unit::Bytes, threads).expect("it is open");
        for _ in 0..steps {
            assert!(counter.step().expect("it is read"), "{threads} threads");
        }
        assert!(!counter.step().expect("it is read"), "{threads} threads");
        assert_eq!(counter.finish().expect("bytes are always right"), 2 * STEP);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    for threads in [1, 2] {
        let written = nameless(File::options().write(true));
        let mut counter = FileCounter::new(written, Unit::Bytes, threads).expect("it is open");
        let error = counter.step().expect_err("it is open for writing alone");
        assert_eq!(error.raw_os_error(), Some(libc::EBADF), "{error}");
    }
}

#[test]
fn a_pipe_is_read_as_it_comes() {
    for threads in [1, 4] {
        let (reader, mut writer) = std::io::pipe().expect("a pipe");
        let writing = std::thread::spawn(move || writer.write_all("ёё文文".as_bytes()));
        let reader = std::os::fd::OwnedFd::from(reader);
        let mut counter = FileCounter::new(reader.into(), Unit::Characters, threads).expect("it is open");
        while counter.step().expect("it is read") {}
        assert_eq!(counter.finish().expect("UTF-8"), 2);
        writing.join().expect("no panic").expect("it was written");
    }
}

#[test]
fn places_add_up_wherever_they_are_cut() {
    let text = "aab жжё 文文中 😀😀😀\n\n".repeat(20);
    let file = file(text.as_bytes());
    for length in 1..=text.len() as u64 + 2 {
        let counted = [Unit::Bytes, Unit::Characters].map(|unit| in_places(&file, unit, length).expect("UTF-8"));
        assert_eq!(counted, [count_pairs(text.bytes()) as u64, count_pairs(text.chars()) as u64], "{length}");
    }
}

#[test]
fn bad_bytes_are_reported_where_they_are_in_any_place() {
    for bad in [&b"\xff"[..], b"\x80", b"\x80\x80\x80\x80\x80", b"\xc3", b"\xe6\x96", b"\xf0\x9f\x98", b"\xed\xa0\x80"]
    {
        for after in ["", "ж文", "a"] {
            let bytes = ["aж文😀".as_bytes(), bad, after.as_bytes()].concat();
            let expected = std::str::from_utf8(&bytes).expect_err("it is bad");
            let file = file(&bytes);
            for length in 1..=bytes.len() as u64 + 1 {
                let error = in_places(&file, Unit::Characters, length).expect_err("it is bad");
                let error = error.downcast::<InvalidUtf8>().expect("it says where");
                let about = format!("{bad:x?} {after:?} by {length}");
                assert_eq!(error.offset(), expected.valid_up_to() as u64, "{about}");
                assert_eq!(error.ended(), expected.error_len().is_none(), "{about}");
                assert_eq!(error.bytes(), &bytes[expected.valid_up_to()..][..error.bytes().len()], "{about}");
                assert!(!error.bytes().is_empty(), "{about}");
            }
        }
    }
}

#[test]
fn files_are_counted_step_by_step() {
    let text = "aab жжё 文文中 😀😀😀\n\n".repeat((STEP / 20) as usize);
    let expected = [count_pairs(text.bytes()) as u64, count_pairs(text.chars()) as u64];
    let mut file = file(text.as_bytes());
    for threads in [1, 2, 5] {
        let counted = [Unit::Bytes, Unit::Characters].map(|unit| {
            file.rewind().expect("it is no pipe");
            let mut counter = FileCounter::new(file.try_clone().expect("a handle"), unit, threads).expect("a file");
            while counter.step().expect("it can be read") {}
            counter.finish().expect("UTF-8")
        });
        assert_eq!(counted, expected, "{threads} threads");
    }
    // From where the file is.
    file.seek(io::SeekFrom::Start(2)).expect("it is no pipe");
    let mut counter = FileCounter::new(file, Unit::Bytes, 2).expect("a file");
    while counter.step().expect("it can be read") {}
    assert_eq!(counter.finish().expect("bytes"), expected[0] - 1);
}

/// Text of characters of each length, some of them doubled, in a hundred bytes or so.
const TEXT: &str = "aab жжё 文文中 😀😀😀\n\nж文😀a文文, ёё 😀文жa aa文文文жж";

/// Counts a file to its end by steps of so many bytes for each thread.
fn counted(file: File, unit: Unit, step: u64, threads: usize) -> io::Result<u64> {
    let mut counter = FileCounter::by_steps(step, file, unit, threads)?;
    while counter.step()? {}
    counter.finish()
}

/// What these bytes have, by the oracle.
fn expected(bytes: &[u8], unit: Unit) -> Result<u64, std::str::Utf8Error> {
    Ok(match unit {
        Unit::Bytes => count_pairs(bytes),
        Unit::Characters => count_pairs(std::str::from_utf8(bytes)?.chars()),
    } as u64)
}

/// What an error says.
fn said(error: io::Error) -> (ErrorKind, Option<i32>, Option<InvalidUtf8>) {
    (error.kind(), error.raw_os_error(), error.downcast().ok())
}

#[test]
fn a_file_is_counted_from_where_it_is() {
    for bytes in [TEXT.as_bytes(), b"aa\xff\xff"] {
        let mut file = file(bytes);
        for offset in 0..=bytes.len() as u64 + 2 {
            let rest = bytes.get(offset as usize..).unwrap_or_default();
            for unit in [Unit::Bytes, Unit::Characters] {
                let mut errors = Vec::new();
                for (threads, step) in [(1, 16 << 20), (2, 16 << 20), (1, 1), (2, 1), (2, 7), (3, 10), (9, 64)] {
                    file.seek(io::SeekFrom::Start(offset)).expect("it is no pipe");
                    let about = format!("{unit:?} from {offset} by {threads} threads, {step} bytes each");
                    match counted(file.try_clone().expect("a handle"), unit, step, threads) {
                        Ok(count) => {
                            assert_eq!(Ok(count), expected(rest, unit), "{about}");
                            let end = file.stream_position().expect("it is no pipe");
                            assert_eq!(end, offset.max(bytes.len() as u64), "{about}");
                        }
                        Err(error) => errors.push((said(error), about)),
                    }
                }
                let Err(bad) = expected(rest, unit) else {
                    assert!(errors.is_empty(), "{errors:?}");
                    continue;
                };
                assert_eq!(errors.len(), 7, "{errors:?}");
                for ((kind, _, invalid), about) in errors {
                    let invalid = invalid.expect("it says where");
                    let at = (invalid.offset(), invalid.ended());
                    assert_eq!(kind, ErrorKind::InvalidData, "{about}");
                    assert_eq!(at, (bad.valid_up_to() as u64, bad.error_len().is_none()), "{about}");
                }
            }
        }
    }
}

#[test]
fn a_counter_that_has_ended_stays_ended() {
    for threads in [1, 2, 5] {
        for unit in [Unit::Bytes, Unit::Characters] {
            let mut file = file(b"aabb");
            let handle = file.try_clone().expect("a handle");
            let mut counter = FileCounter::by_steps(1, handle, unit, threads).expect("it is open");
            while counter.step().expect("it is read") {}
            // What comes after the end has come is not counted, wherever the file is then.
            file.write_all(b"bbbb\xff").expect("it is open for writing, too");
            for at in [0, 4, 9] {
                file.seek(io::SeekFrom::Start(at)).expect("it is no pipe");
                for _ in 0..3 {
                    assert!(!counter.step().expect("nothing is read"), "{threads} threads");
                }
            }
            assert_eq!(counter.finish().expect("UTF-8"), 2, "{threads} threads");
        }
    }
}

#[test]
fn a_counter_that_has_failed_fails_in_the_same_way() {
    for (step, threads) in [(1, 1), (16, 1), (1, 2), (2, 2), (16, 2), (1, 5), (3, 5)] {
        let mut file = file(b"aab\xff, and more that is UTF-8");
        let handle = file.try_clone().expect("a handle");
        let mut counter = FileCounter::by_steps(step, handle, Unit::Characters, threads).expect("it is open");
        let first = loop {
            match counter.step() {
                Ok(more) => assert!(more, "it is not UTF-8"),
                Err(error) => break said(error),
            }
        };
        assert_eq!(first.2.expect("it says where").offset(), 3);
        for _ in 0..3 {
            assert_eq!(said(counter.step().expect_err("it failed")), first, "{threads} threads");
            file.rewind().expect("it is no pipe");
        }
        assert_eq!(said(counter.finish().expect_err("it failed")), first, "{threads} threads");
    }
}

#[test]
fn no_more_threads_than_have_something_to_read() {
    let mut sparse = file(b"aab");
    for threads in [0, 1, 2, 500, 1 << 31, 1 << 42, 1 << 62, usize::MAX - 1, usize::MAX] {
        for (length, most) in [(0, 1), (3, 1), (STEP, 1), (STEP + 1, 2), (9 * STEP, 9), (300 * STEP, 256)] {
            sparse.set_len(length).expect("it takes no room on the disk");
            for left in [length, length.min(STEP), 0] {
                sparse.seek(io::SeekFrom::Start(length - left)).expect("it is no pipe");
                let handle = sparse.try_clone().expect("a handle");
                let counter = FileCounter::new(handle, Unit::Bytes, threads).expect("it is open");
                let most = if left < length { 1 } else { most };
                assert_eq!(counter.places.len(), most.min(threads.max(1)), "{threads} threads for {left} bytes");
            }
        }
        let (reader, _) = std::io::pipe().expect("a pipe");
        let reader = std::os::fd::OwnedFd::from(reader);
        let counter = FileCounter::new(reader.into(), Unit::Bytes, threads).expect("it is open");
        assert_eq!(counter.places.len(), 1, "{threads} threads for a pipe");
    }
}

#[test]
fn threads_that_cannot_be_started_are_done_without() {
    let file = file(TEXT.as_bytes());
    let said = forked(|| {
        // SAFETY: calls to the system, without memory. Root may start threads all the same: then this is nobody.
        unsafe {
            let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
            assert_eq!(libc::setrlimit(libc::RLIMIT_NPROC, &none), 0);
            if libc::geteuid() == 0 {
                assert_eq!(libc::setuid(65534), 0);
            }
        }
        let refused = std::thread::Builder::new().spawn(|| {}).is_err();
        let counts = [1, 7, 64].map(|step| {
            let mut file = file.try_clone().expect("a handle");
            file.rewind().expect("it is no pipe");
            counted(file, Unit::Characters, step, 9).expect("UTF-8")
        });
        format!("{refused} {counts:?}")
    });
    let count = count_pairs(TEXT.chars());
    assert_eq!(said, Ok(format!("true {:?}", [count; 3])));
}

/// What the system does when a file is read, planted: `read` and `pread64` of this program are the ones below.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod planted {
    use std::mem::MaybeUninit;
    use std::os::unix::fs::MetadataExt;
    use std::sync::atomic::AtomicU64;

    use libc::{c_int, c_void, off_t, off64_t, size_t, ssize_t};

    use super::*;

    /// What happens to the reads of one file.
    struct Plan {
        inode: u64,
        /// The bytes that a read gives at most.
        most: usize,
        /// Each read of so many is interrupted; none if 0.
        interrupted: usize,
        /// The read that fails, and how.
        fails: Option<(usize, c_int)>,
        calls: usize,
    }

    impl Plan {
        fn of(file: &File) -> Self {
            Self {
                inode: file.metadata().expect("it is open").ino(),
                most: usize::MAX,
                interrupted: 0,
                fails: None,
                calls: 0,
            }
        }
    }

    static PLAN: Mutex<Option<Plan>> = Mutex::new(None);

    /// The file of the plan, or 0.
    static PLANNED: AtomicU64 = AtomicU64::new(0);

    /// Does this while reads are as planned, and one at a time.
    fn planned<T>(plan: Plan, run: impl FnOnce() -> T) -> T {
        static ONE: Mutex<()> = Mutex::new(());
        let _one = ONE.lock();
        let inode = plan.inode;
        *PLAN.lock().expect("nothing panics with it") = Some(plan);
        PLANNED.store(inode, Ordering::SeqCst);
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
        PLANNED.store(0, Ordering::SeqCst);
        let plan = PLAN.lock().expect("nothing panics with it").take().expect("it was planned");
        assert_ne!(plan.calls, 0, "the system was called past the functions below");
        done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }

    /// How many bytes may be read of a file, or why none.
    fn allowed(file: c_int, bytes: size_t) -> Result<size_t, c_int> {
        let mut about = MaybeUninit::<libc::stat>::zeroed();
        let planned = PLANNED.load(Ordering::SeqCst);
        // SAFETY: room for what is asked; zeros, where that fails, are what it may hold.
        if planned == 0 || planned != unsafe { (libc::fstat(file, about.as_mut_ptr()), about.assume_init()).1.st_ino } {
            return Ok(bytes);
        }
        let mut plan = PLAN.lock().expect("nothing panics with it");
        let plan = plan.as_mut().expect("it was planned");
        plan.calls += 1;
        if plan.interrupted != 0 && plan.calls.is_multiple_of(plan.interrupted) {
            return Err(libc::EINTR);
        }
        match plan.fails {
            Some((call, error)) if call == plan.calls => Err(error),
            _ => Ok(bytes.min(plan.most)),
        }
    }

    fn failed(error: c_int) -> ssize_t {
        // SAFETY: the thread's own.
        unsafe { *libc::__errno_location() = error };
        -1
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn read(file: c_int, bytes: *mut c_void, length: size_t) -> ssize_t {
        match allowed(file, length) {
            // SAFETY: what the caller asked for, or less.
            Ok(iov_len) => unsafe { libc::readv(file, &libc::iovec { iov_base: bytes, iov_len }, 1) },
            Err(error) => failed(error),
        }
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn pread64(file: c_int, bytes: *mut c_void, length: size_t, at: off64_t) -> ssize_t {
        match allowed(file, length) {
            // SAFETY: what the caller asked for, or less.
            Ok(length) => unsafe { libc::pread(file, bytes, length, at as off_t) },
            Err(error) => failed(error),
        }
    }

    /// The file again, from its start, with a plan for it.
    fn again(file: &File) -> (File, Plan) {
        let mut handle = file.try_clone().expect("a handle");
        handle.rewind().expect("it is no pipe");
        let plan = Plan::of(&handle);
        (handle, plan)
    }

    const WAYS: [(u64, usize); 6] = [(STEP, 1), (10, 1), (16, 2), (3, 5), (7, 9), (40, 3)];

    #[test]
    fn reads_may_be_short_at_every_place() {
        let file = file(TEXT.as_bytes());
        for most in 1..=TEXT.len() {
            for unit in [Unit::Bytes, Unit::Characters] {
                for (step, threads) in WAYS {
                    let (handle, plan) = again(&file);
                    let count = planned(Plan { most, ..plan }, || counted(handle, unit, step, threads));
                    let about = format!("{unit:?}, {most} bytes at most, {threads} threads, {step} bytes each");
                    assert_eq!(Ok(count.expect("UTF-8")), expected(TEXT.as_bytes(), unit), "{about}");
                }
            }
        }
    }

    #[test]
    fn reads_may_be_interrupted_at_every_place() {
        let file = file(TEXT.as_bytes());
        for (most, interrupted) in [(1, 2), (1, 3), (2, 2), (3, 2), (4, 5), (50, 2), (usize::MAX, 2), (usize::MAX, 3)] {
            for unit in [Unit::Bytes, Unit::Characters] {
                for (step, threads) in WAYS {
                    let (handle, plan) = again(&file);
                    let plan = Plan { most, interrupted, ..plan };
                    let count = planned(plan, || counted(handle, unit, step, threads));
                    let about = format!("{unit:?}, {most} bytes at most, {threads} threads, {step} bytes each");
                    assert_eq!(Ok(count.expect("UTF-8")), expected(TEXT.as_bytes(), unit), "{about}");
                }
            }
        }
    }

    #[test]
    fn reads_may_fail_at_every_place() {
        let file = file(TEXT.as_bytes());
        for (step, threads) in WAYS {
            for call in 1..=TEXT.len() {
                for unit in [Unit::Bytes, Unit::Characters] {
                    let (handle, plan) = again(&file);
                    let plan = Plan { most: 9, fails: Some((call, libc::EIO)), ..plan };
                    let about = format!("{unit:?}, read {call}, {threads} threads, {step} bytes each");
                    planned(plan, || {
                        let mut counter = FileCounter::by_steps(step, handle, unit, threads).expect("it is open");
                        let error = loop {
                            match counter.step() {
                                Ok(true) => {}
                                // Fewer reads than that, or one that failed after the end was found.
                                Ok(false) => break None,
                                Err(error) => break Some(said(error)),
                            }
                        };
                        let Some(error) = error else {
                            assert!(call > TEXT.len().div_ceil(9) || threads > 1, "{about}");
                            assert_eq!(
                                Ok(counter.finish().expect("UTF-8")),
                                expected(TEXT.as_bytes(), unit),
                                "{about}"
                            );
                            return;
                        };
                        assert_eq!(error.1, Some(libc::EIO), "{about}");
                        // The next read would succeed.
                        for _ in 0..3 {
                            assert_eq!(said(counter.step().expect_err("it failed")), error, "{about}");
                        }
                        assert_eq!(said(counter.finish().expect_err("it failed")), error, "{about}");
                    });
                }
            }
        }
    }

    #[test]
    fn a_signal_while_a_pipe_is_read_is_not_its_end() {
        static HANDLED: AtomicUsize = AtomicUsize::new(0);
        extern "C" fn handle(_: c_int) {
            HANDLED.fetch_add(1, Ordering::SeqCst);
        }
        // SAFETY: the action is as C has it: a handler that returns, and no `SA_RESTART`, so that calls end with `EINTR`.
        // The handler adds to an atomic.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = handle as *const () as usize;
            assert_eq!(libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut()), 0);
        }
        for threads in [1, 4] {
            for counts in [
                (|file, threads| counted(file, Unit::Characters, STEP, threads)) as fn(File, usize) -> io::Result<u64>,
                |file, _| crate::count_chars_of(file),
                |file, _| crate::count_bytes_of(file).map(|_| 2),
            ] {
                let (reader, mut writer) = std::io::pipe().expect("a pipe");
                // SAFETY: the thread's own name, which is used as long as it waits for the one below.
                let this = unsafe { libc::pthread_self() } as usize;
                let writing = std::thread::spawn(move || {
                    for part in [&b"\xd1"[..], b"\x91\xd1\x91", "文文".as_bytes()] {
                        writer.write_all(part).expect("it is read");
                        for _ in 0..3 {
                            let before = HANDLED.load(Ordering::SeqCst);
                            std::thread::sleep(std::time::Duration::from_millis(20));
                            // SAFETY: the thread waits for this one.
                            unsafe { libc::pthread_kill(this as libc::pthread_t, libc::SIGUSR1) };
                            while HANDLED.load(Ordering::SeqCst) == before {
                                std::thread::yield_now();
                            }
                        }
                    }
                });
                let file = std::os::fd::OwnedFd::from(reader).into();
                assert_eq!(counts(file, threads).expect("UTF-8"), 2);
                writing.join().expect("no panic");
            }
        }
        assert!(HANDLED.load(Ordering::SeqCst) >= 2 * 3 * 9);
    }
}
