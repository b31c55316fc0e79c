//! Counting what comes in chunks: pipes, sockets, any reader.

use core::fmt;
use std::collections::TryReserveError;
use std::io::{self, ErrorKind, Read};

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
pub(crate) struct Room {
    bytes: Vec<u8>,
    start: usize,
}

impl Room {
    pub(crate) fn new() -> io::Result<Self> {
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(READ + PAGE).map_err(out_of_memory)?;
        bytes.resize(READ + PAGE, 0);
        // Not more than a page, whatever the offset is said to be.
        let start = bytes.as_ptr().align_offset(PAGE).min(PAGE);
        Ok(Self { bytes, start })
    }

    pub(crate) fn bytes(&mut self) -> &mut [u8] {
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

pub(crate) fn out_of_memory(_: TryReserveError) -> io::Error {
    ErrorKind::OutOfMemory.into()
}

pub(crate) fn invalid(error: InvalidUtf8) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, error)
}
