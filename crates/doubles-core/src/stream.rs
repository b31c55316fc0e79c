//! Counting what comes in chunks: files, pipes, sockets.

use core::fmt;
use std::collections::TryReserveError;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek};

use crate::arch::length_of_char;
use crate::{count_bytes, count_chars};

/// The bytes of a chunk that are checked and then counted: they stay in a core's own cache.
const CHUNK: usize = 64 << 10;

/// The bytes that are read at a time.
const READ: usize = 256 << 10;

/// What room for reading begins at: the system copies twice as fast to a page's start as to 16 bytes after it, where
/// large allocations begin.
const PAGE: usize = 4096;

/// Room for what is read.
#[derive(Debug)]
struct Room {
    bytes: Vec<u8>,
    start: usize,
}

impl Room {
    fn new() -> io::Result<Self> {
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(READ + PAGE).map_err(out_of_memory)?;
        bytes.resize(READ + PAGE, 0);
        // Not more than a page, whatever the offset is said to be.
        let start = bytes.as_ptr().align_offset(PAGE).min(PAGE);
        Ok(Self { bytes, start })
    }

    fn bytes(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..self.start + READ]
    }
}

/// Counts the doubled bytes of a stream that comes in chunks, wherever it is cut.
///
/// ```
/// let mut counter = doubles_core::ByteCounter::new();
/// counter.push(b"aab");
/// counter.push(b"b");
/// assert_eq!(counter.finish(), 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ByteCounter {
    count: u64,
    ends: Option<(u8, u8)>,
}

impl ByteCounter {
    /// Nothing so far.
    ///
    /// ```
    /// assert_eq!(doubles_core::ByteCounter::new().finish(), 0);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next chunk.
    ///
    /// ```
    /// let mut counter = doubles_core::ByteCounter::new();
    /// counter.push(b"x\n");
    /// counter.push(b"\ny");
    /// assert_eq!(counter.finish(), 1);
    /// ```
    pub fn push(&mut self, chunk: &[u8]) {
        let ends = chunk.first().copied().zip(chunk.last().copied());
        self.join(&Self { count: count_bytes(chunk) as u64, ends });
    }

    /// What came to another counter, as if it came here next.
    ///
    /// ```
    /// let mut counters = ["aab", "bcc"].map(|chunk| {
    ///     let mut counter = doubles_core::ByteCounter::new();
    ///     counter.push(chunk.as_bytes());
    ///     counter
    /// });
    /// let [mut first, second] = counters;
    /// first.join(&second);
    /// assert_eq!(first.finish(), 3);
    /// ```
    pub fn join(&mut self, next: &Self) {
        self.count += next.count + u64::from(meet(self.ends, next.ends));
        self.ends = joined(self.ends, next.ends);
    }

    /// How many bytes equalled the next one.
    ///
    /// ```
    /// let mut counter = doubles_core::ByteCounter::new();
    /// counter.push(b"mississippi");
    /// assert_eq!(counter.finish(), 3);
    /// ```
    #[must_use]
    pub fn finish(self) -> u64 {
        self.count
    }
}

/// Whether what ends here is what begins there.
fn meet<T: PartialEq>(here: Option<(T, T)>, there: Option<(T, T)>) -> bool {
    here.zip(there).is_some_and(|((_, last), (first, _))| last == first)
}

/// The first and the last of both.
fn joined<T>(here: Option<(T, T)>, there: Option<(T, T)>) -> Option<(T, T)> {
    match (here, there) {
        (Some((first, _)), Some((_, last))) => Some((first, last)),
        (here, there) => here.or(there),
    }
}

/// Counts the doubled characters of a UTF-8 stream that comes in chunks, wherever it is cut: within a character, too.
///
/// ```
/// let mut counter = doubles_core::CharCounter::new();
/// let text = "ёё".as_bytes();
/// counter.push(&text[..1])?;
/// counter.push(&text[1..])?;
/// assert_eq!(counter.finish()?, 1);
///
/// let mut counter = doubles_core::CharCounter::new();
/// assert_eq!(counter.push(b"ok \xff").unwrap_err().offset(), 3);
/// # Ok::<(), doubles_core::InvalidUtf8>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct CharCounter {
    count: u64,
    ends: Option<(char, char)>,
    /// The bytes of whole characters so far.
    valid: u64,
    /// The first `begun` bytes of a character that the chunk before ended in.
    start: [u8; 4],
    begun: usize,
    failed: Option<InvalidUtf8>,
}

impl CharCounter {
    /// Nothing so far.
    ///
    /// ```
    /// assert_eq!(doubles_core::CharCounter::new().finish(), Ok(0));
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next chunk.
    ///
    /// ```
    /// let mut counter = doubles_core::CharCounter::new();
    /// assert_eq!(counter.push("文文".as_bytes()), Ok(()));
    /// assert!(counter.push(b"\xff").is_err_and(|error| error.offset() == 6));
    /// assert!(counter.push(b"and what follows").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// If what came so far is not UTF-8, and then again for each chunk that follows.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), InvalidUtf8> {
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        // What is looked at twice is still in the cache then.
        chunk.chunks(CHUNK).try_for_each(|part| self.push_part(part))
    }

    fn push_part(&mut self, part: &[u8]) -> Result<(), InvalidUtf8> {
        let mut rest = part;
        while self.begun != 0 {
            let [byte, others @ ..] = rest else { return Ok(()) };
            rest = others;
            let (mut start, begun) = (self.start, self.begun);
            start[begun] = *byte;
            self.push_from_start(&start[..=begun])?;
        }
        self.push_from_start(rest)
    }

    /// Counts bytes that start with a character, and keeps the start of the one that they end in.
    fn push_from_start(&mut self, bytes: &[u8]) -> Result<(), InvalidUtf8> {
        let (whole, rest) = bytes.split_at(bytes.len() - unfinished(bytes));
        let (valid, bad) = match (validated(whole), core::str::from_utf8(rest)) {
            (Some(text), Ok(_)) => (text, None),
            (Some(text), Err(error)) => (text, error.error_len()),
            (None, _) => {
                let error = core::str::from_utf8(bytes).expect_err("it is not valid");
                let valid = core::str::from_utf8(&bytes[..error.valid_up_to()]);
                (valid.expect("this is what is valid"), error.error_len())
            }
        };
        let ends = valid.chars().next().zip(valid.chars().next_back());
        self.count += count_chars(valid) as u64 + u64::from(meet(self.ends, ends));
        self.ends = joined(self.ends, ends);
        self.valid += valid.len() as u64;
        if let Some(length) = bad {
            return Err(self.fail(&bytes[valid.len()..][..length], false));
        }
        let begun = &bytes[valid.len()..];
        self.start[..begun.len()].copy_from_slice(begun);
        self.begun = begun.len();
        Ok(())
    }

    /// What came to another counter, as if it came here next. What came here must end with a whole character.
    ///
    /// ```
    /// let [mut first, mut second] = [(); 2].map(|()| doubles_core::CharCounter::new());
    /// first.push("ё文".as_bytes())?;
    /// second.push("文".as_bytes())?;
    /// first.join(&second)?;
    /// assert_eq!(first.finish()?, 1);
    /// # Ok::<(), doubles_core::InvalidUtf8>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If what came to either is not UTF-8, or what came here ends within a character.
    pub fn join(&mut self, next: &Self) -> Result<(), InvalidUtf8> {
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        if self.begun != 0 {
            let start = self.start;
            return Err(self.fail(&start[..self.begun], false));
        }
        self.count += next.count + u64::from(meet(self.ends, next.ends));
        self.ends = joined(self.ends, next.ends);
        if let Some(failed) = next.failed {
            self.failed = Some(InvalidUtf8 { offset: self.valid + failed.offset, ..failed });
        }
        self.valid += next.valid;
        (self.start, self.begun) = (next.start, next.begun);
        self.failed.map_or(Ok(()), Err)
    }

    /// How many characters equalled the next one.
    ///
    /// ```
    /// let mut counter = doubles_core::CharCounter::new();
    /// counter.push(&"文".as_bytes()[..2])?;
    /// assert!(counter.finish().is_err_and(|error| error.ended()));
    /// # Ok::<(), doubles_core::InvalidUtf8>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the stream is not UTF-8, or ends within a character.
    pub fn finish(mut self) -> Result<u64, InvalidUtf8> {
        match self.failed {
            Some(failed) => Err(failed),
            None if self.begun != 0 => {
                let start = self.start;
                Err(self.fail(&start[..self.begun], true))
            }
            None => Ok(self.count),
        }
    }

    /// Remembers that these bytes are no character.
    #[cold]
    fn fail(&mut self, bad: &[u8], ended: bool) -> InvalidUtf8 {
        let mut bytes = [0; 4];
        bytes[..bad.len()].copy_from_slice(bad);
        let failed = InvalidUtf8 { offset: self.valid, bytes, length: bad.len(), ended };
        self.failed = Some(failed);
        failed
    }
}

/// The text that these bytes are, if they are UTF-8: with the feature `simdutf8` some ten times as fast where text is not
/// ASCII.
fn validated(bytes: &[u8]) -> Option<&str> {
    #[cfg(feature = "simdutf8")]
    return simdutf8::basic::from_utf8(bytes).ok();
    #[cfg(not(feature = "simdutf8"))]
    core::str::from_utf8(bytes).ok()
}

/// How many bytes at the end begin a character and do not end it.
fn unfinished(bytes: &[u8]) -> usize {
    let last = bytes.iter().rev().take(3).position(|byte| byte & 0xC0 != 0x80);
    let begun = last.map_or(0, |last| last + 1);
    if begun != 0 && length_of_char(bytes[bytes.len() - begun]) > begun { begun } else { 0 }
}

/// A stream is not UTF-8.
///
/// ```
/// let mut counter = doubles_core::CharCounter::new();
/// let error = counter.push(b"ok \xff").unwrap_err();
/// assert_eq!(error.to_string(), "the stream is not UTF-8 in the byte at offset 3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidUtf8 {
    offset: u64,
    bytes: [u8; 4],
    length: usize,
    ended: bool,
}

impl InvalidUtf8 {
    /// The bytes of the stream before the one that begins no character, or an unfinished one.
    ///
    /// ```
    /// let error = doubles_core::CharCounter::new().push(b"ok \xff").unwrap_err();
    /// assert_eq!(error.offset(), 3);
    /// ```
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The bytes that are no character, or the start of one.
    ///
    /// ```
    /// let error = doubles_core::CharCounter::new().push(b"ok \xff").unwrap_err();
    /// assert_eq!(error.bytes(), [0xff]);
    /// ```
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Whether the stream ended within a character; otherwise its bytes are no character.
    ///
    /// ```
    /// let error = doubles_core::CharCounter::new().push(b"ok \xff").unwrap_err();
    /// assert!(!error.ended());
    /// ```
    #[must_use]
    pub fn ended(&self) -> bool {
        self.ended
    }
}

impl fmt::Display for InvalidUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.ended { "ends within the character" } else { "is not UTF-8 in the byte" };
        write!(f, "the stream {what} at offset {}", self.offset)
    }
}

impl std::error::Error for InvalidUtf8 {}

/// How many bytes of a stream equal the next one, read to its end.
///
/// Takes 256 KiB of memory. `std::io::BufReader` is not needed.
///
/// ```
/// assert_eq!(doubles_core::count_bytes_of(&b"x\n\ny"[..])?, 1);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// What the reader raises, but for interruptions, after which it is asked again.
pub fn count_bytes_of(reader: impl Read) -> io::Result<u64> {
    let mut counter = ByteCounter::new();
    each_chunk(reader, |chunk| {
        counter.push(chunk);
        Ok(())
    })?;
    Ok(counter.finish())
}

/// How many characters of a stream of UTF-8 equal the next one, read to its end.
///
/// ```
/// assert_eq!(doubles_core::count_chars_of("ёё, 文文".as_bytes())?, 2);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// Takes 256 KiB of memory. `std::io::BufReader` is not needed.
///
/// # Errors
///
/// What the reader raises, but for interruptions, after which it is asked again; `InvalidData`, with an [`InvalidUtf8`]
/// inside, if the stream is not UTF-8.
pub fn count_chars_of(reader: impl Read) -> io::Result<u64> {
    let mut counter = CharCounter::new();
    each_chunk(reader, |chunk| counter.push(chunk).map_err(invalid))?;
    counter.finish().map_err(invalid)
}

/// Hands each chunk that is read to `push`.
fn each_chunk(mut reader: impl Read, mut push: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut room = Room::new()?;
    let buffer = room.bytes();
    loop {
        match reader.read(buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => push(&buffer[..length])?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// What of a file is counted.
///
/// ```
/// use doubles_core::{FileCounter, Unit};
/// for unit in [Unit::Bytes, Unit::Characters] {
///     FileCounter::new(std::fs::File::open("Cargo.toml")?, unit, 1)?;
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes, of any file.
    Bytes,
    /// Characters, of a file in UTF-8.
    Characters,
}

/// Counts an open file, from where it is to its end, step by step: for programs that have something to do in between.
///
/// A pipe is read as it comes. A file on a disk can be read in several places at once, by a thread each; what it has when
/// it is read is counted, and no page of it is mapped, so that a file which is cut meanwhile is only shorter.
///
/// ```
/// use doubles_core::{FileCounter, Unit};
/// let mut counter = FileCounter::new(std::fs::File::open("Cargo.toml")?, Unit::Characters, 2)?;
/// while counter.step()? {
///     // Something else: show progress, look whether to stop.
/// }
/// assert!(counter.finish()? > 0);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct FileCounter {
    file: File,
    unit: Unit,
    /// How many places are read at once; one is read without asking where.
    places: usize,
    position: u64,
    /// Whether nothing was read yet: what lies before the position is not counted, and a character does not begin there.
    at_start: bool,
    bytes: ByteCounter,
    chars: CharCounter,
    room: Room,
    state: State,
}

/// Whether there is more to read.
#[derive(Debug)]
enum State {
    More,
    Ended,
    Failed(Failure),
}

/// What an error says, so that it can be said again.
#[derive(Clone, Copy, Debug)]
enum Failure {
    Invalid(InvalidUtf8),
    System(i32),
    Other(ErrorKind),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match (error.raw_os_error(), error.get_ref().and_then(|inner| inner.downcast_ref())) {
            (Some(code), _) => Self::System(code),
            (None, Some(invalid)) => Self::Invalid(*invalid),
            (None, None) => Self::Other(error.kind()),
        }
    }
}

impl From<Failure> for io::Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Invalid(error) => invalid(error),
            Failure::System(code) => Self::from_raw_os_error(code),
            Failure::Other(kind) => kind.into(),
        }
    }
}

impl FileCounter {
    /// The bytes that a thread reads in a step.
    const STEP: u64 = 16 << 20;

    /// The most threads that count a file.
    pub const MAX_THREADS: usize = 256;

    /// Counts with up to so many threads, and up to [`MAX_THREADS`](Self::MAX_THREADS): with no more than have something
    /// to read, and with one if the file is none that can be read anywhere. 0 is 1.
    ///
    /// ```
    /// use doubles_core::{FileCounter, Unit};
    /// let counter = FileCounter::new(std::fs::File::open("Cargo.toml")?, Unit::Bytes, 1)?;
    /// assert_eq!(counter.finish()?, 0); // nothing was read
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What the system says when it is asked where the file is; `OutOfMemory` if there is no memory to read to.
    pub fn new(mut file: File, unit: Unit, threads: usize) -> io::Result<Self> {
        let (mut places, mut position) = (1, 0);
        if cfg!(unix) && threads > 1 {
            let metadata = file.metadata()?;
            if metadata.is_file() {
                position = file.stream_position()?;
                let steps = metadata.len().saturating_sub(position).div_ceil(Self::STEP);
                places = usize::try_from(steps).unwrap_or(usize::MAX).min(threads).clamp(1, Self::MAX_THREADS);
            }
        }
        let (bytes, chars) = (ByteCounter::new(), CharCounter::new());
        Ok(Self { file, unit, places, position, at_start: true, bytes, chars, room: Room::new()?, state: State::More })
    }

    /// Counts some more: some milliseconds of work where the file is at hand. Gives false at the end of the file, and each
    /// time after that, whatever the file has by then.
    ///
    /// ```
    /// use doubles_core::{FileCounter, Unit};
    /// let mut counter = FileCounter::new(std::fs::File::open("Cargo.toml")?, Unit::Bytes, 1)?;
    /// assert!(!counter.step()?); // a small file ends within the first step
    /// assert!(counter.finish()? > 0);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What the system says; but where it was interrupted by a signal, this is just a step without bytes. `InvalidData`,
    /// with an [`InvalidUtf8`] inside, if characters are counted and the file is not UTF-8; `OutOfMemory`. After an error
    /// each step fails in the same way.
    pub fn step(&mut self) -> io::Result<bool> {
        match self.state {
            State::More => {}
            State::Ended => return Ok(false),
            State::Failed(failure) => return Err(failure.into()),
        }
        match self.next_step() {
            Ok(true) => Ok(true),
            Ok(false) => {
                self.state = State::Ended;
                Ok(false)
            }
            Err(error) => {
                let failure = error.into();
                self.state = State::Failed(failure);
                Err(failure.into())
            }
        }
    }

    /// What [`step`](Self::step) does before the end.
    fn next_step(&mut self) -> io::Result<bool> {
        #[cfg(unix)]
        if self.places > 1 {
            return self.step_in_places();
        }
        let mut read = 0;
        while read < Self::STEP {
            match self.file.read(self.room.bytes()) {
                Ok(0) => return Ok(false),
                Ok(length) => {
                    read += length as u64;
                    match self.unit {
                        Unit::Bytes => self.bytes.push(&self.room.bytes()[..length]),
                        Unit::Characters => self.chars.push(&self.room.bytes()[..length]).map_err(invalid)?,
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(true),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// As [`next_step`](Self::next_step), where each thread reads a place of its own.
    #[cfg(unix)]
    fn step_in_places(&mut self) -> io::Result<bool> {
        let (file, unit) = (&self.file, self.unit);
        let start = |place: usize| self.position + place as u64 * Self::STEP;
        let at_start = self.at_start;
        let counted: Vec<io::Result<Counted>> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..self.places)
                .map(|place| {
                    let start = start(place);
                    std::thread::Builder::new()
                        .spawn_scoped(scope, move || Counted::of(file, unit, start, Self::STEP, false))
                        .map_err(|_| start)
                })
                .collect();
            let own = Counted::of(file, unit, start(0), Self::STEP, at_start);
            let others = others.into_iter().map(|other| match other {
                Ok(other) => other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                // There is no thread to be had.
                Err(start) => Counted::of(file, unit, start, Self::STEP, false),
            });
            std::iter::once(own).chain(others).collect()
        });
        for place in counted {
            let place = place?;
            self.bytes.join(&place.bytes);
            self.chars.join(&place.chars).map_err(invalid)?;
            if place.at_end {
                return Ok(false);
            }
        }
        self.position = start(self.places);
        self.at_start = false;
        Ok(true)
    }

    /// How many equalled the next one, of what was read.
    ///
    /// ```
    /// use doubles_core::{FileCounter, Unit, count_bytes_of};
    /// let mut counter = FileCounter::new(std::fs::File::open("Cargo.toml")?, Unit::Bytes, 1)?;
    /// while counter.step()? {}
    /// assert_eq!(counter.finish()?, count_bytes_of(std::fs::File::open("Cargo.toml")?)?);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `InvalidData`, with an [`InvalidUtf8`] inside, if characters are counted and the file ends within one; and the error
    /// of the step that failed.
    pub fn finish(self) -> io::Result<u64> {
        if let State::Failed(failure) = self.state {
            return Err(failure.into());
        }
        match self.unit {
            Unit::Bytes => Ok(self.bytes.finish()),
            Unit::Characters => self.chars.finish().map_err(invalid),
        }
    }
}

/// What one thread counts in a step.
#[cfg(unix)]
#[derive(Default)]
struct Counted {
    bytes: ByteCounter,
    chars: CharCounter,
    at_end: bool,
}

#[cfg(unix)]
impl Counted {
    /// Counts `length` bytes of a file from `start` on: characters, if these are asked for, that begin there. `is_first` says
    /// that no place comes before this one.
    fn of(file: &File, unit: Unit, start: u64, length: u64, is_first: bool) -> io::Result<Self> {
        use std::os::unix::fs::FileExt;

        let mut counted = Self::default();
        let mut room = Room::new()?;
        let buffer = room.bytes();
        let end = start + length;
        let mut at = start;
        // A character that begins before the start is counted there, and the one that begins before the end here.
        let mut begun_before = !is_first && unit == Unit::Characters;
        while at < end || (unit == Unit::Characters && at < end + 3) {
            let most = if at < end { (end - at).min(READ as u64) } else { 1 };
            let length = match file.read_at(&mut buffer[..most as usize], at) {
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if length == 0 {
                counted.at_end = true;
                break;
            }
            let mut read = &buffer[..length];
            if at >= end && !continues_char(read[0]) {
                break;
            }
            at += length as u64;
            while begun_before && let [byte, others @ ..] = read {
                begun_before = continues_char(*byte) && at - (others.len() as u64) < start + 4;
                if begun_before {
                    read = others;
                }
            }
            match unit {
                Unit::Bytes => counted.bytes.push(read),
                // What is wrong is told when the counters are joined, in order.
                Unit::Characters => {
                    if counted.chars.push(read).is_err() {
                        break;
                    }
                }
            }
        }
        Ok(counted)
    }
}

/// Whether a byte of UTF-8 goes on with a character.
#[cfg(unix)]
fn continues_char(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

fn out_of_memory(_: TryReserveError) -> io::Error {
    ErrorKind::OutOfMemory.into()
}

fn invalid(error: InvalidUtf8) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, error)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::OpenOptions;
    use std::io::Write;

    use super::*;
    use crate::scalar::count_pairs;

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
        for place in 0.. {
            let counted = Counted::of(file, unit, place * length, length, place == 0)?;
            bytes.join(&counted.bytes);
            chars.join(&counted.chars).map_err(invalid)?;
            if counted.at_end {
                break;
            }
        }
        if unit == Unit::Bytes { Ok(bytes.finish()) } else { chars.finish().map_err(invalid) }
    }

    #[test]
    fn a_long_file_takes_several_steps() {
        let mut long = file(b"");
        long.set_len(2 * FileCounter::STEP + 1).expect("it is all zeros");
        for (threads, steps) in [(1, 2), (2, 1)] {
            long.rewind().expect("it is no pipe");
            let handle = long.try_clone().expect("a handle");
            let mut counter = FileCounter::new(handle, Unit::Bytes, threads).expect("it is open");
            for _ in 0..steps {
                assert!(counter.step().expect("it is read"), "{threads} threads");
            }
            assert!(!counter.step().expect("it is read"), "{threads} threads");
            assert_eq!(counter.finish().expect("bytes are always right"), 2 * FileCounter::STEP);
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
        for bad in
            [&b"\xff"[..], b"\x80", b"\x80\x80\x80\x80\x80", b"\xc3", b"\xe6\x96", b"\xf0\x9f\x98", b"\xed\xa0\x80"]
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
        let text = "aab жжё 文文中 😀😀😀\n\n".repeat((FileCounter::STEP / 20) as usize);
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
}
