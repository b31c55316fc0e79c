//! Counting what comes in chunks: files, pipes, sockets.

use core::fmt;
use std::io::{self, ErrorKind, Read};

use crate::{count_bytes, count_chars};

/// The bytes of a chunk that are checked and then counted: they stay in a core's own cache.
const CHUNK: usize = 64 << 10;

/// The bytes that are read at a time.
const READ: usize = 256 << 10;

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
    last: Option<u8>,
}

impl ByteCounter {
    /// Nothing so far.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next chunk.
    pub fn push(&mut self, chunk: &[u8]) {
        let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else { return };
        self.count += u64::from(self.last == Some(*first)) + count_bytes(chunk) as u64;
        self.last = Some(*last);
    }

    /// How many bytes equalled the next one.
    #[must_use]
    pub fn finish(self) -> u64 {
        self.count
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
    last: Option<char>,
    /// The bytes of whole characters so far.
    valid: u64,
    /// The first `begun` bytes of a character that the chunk before ended in.
    start: [u8; 4],
    begun: usize,
    failed: Option<InvalidUtf8>,
}

impl CharCounter {
    /// Nothing so far.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next chunk.
    ///
    /// # Errors
    ///
    /// If what came so far is not UTF-8, and then again for each chunk that follows.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), InvalidUtf8> {
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
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        let (valid, bad) = match validated(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let valid = core::str::from_utf8(&bytes[..error.valid_up_to()]);
                (valid.expect("this is what is valid"), error.error_len())
            }
        };
        if let (Some(first), Some(last)) = (valid.chars().next(), valid.chars().next_back()) {
            self.count += u64::from(self.last == Some(first)) + count_chars(valid) as u64;
            self.last = Some(last);
        }
        self.valid += valid.len() as u64;
        if bad.is_some() {
            self.failed = Some(InvalidUtf8 { offset: self.valid, ended: false });
            return Err(InvalidUtf8 { offset: self.valid, ended: false });
        }
        let begun = &bytes[valid.len()..];
        self.start[..begun.len()].copy_from_slice(begun);
        self.begun = begun.len();
        Ok(())
    }

    /// How many characters equalled the next one.
    ///
    /// # Errors
    ///
    /// If the stream is not UTF-8, or ends within a character.
    pub fn finish(self) -> Result<u64, InvalidUtf8> {
        match self.failed {
            Some(failed) => Err(failed),
            None if self.begun != 0 => Err(InvalidUtf8 { offset: self.valid, ended: true }),
            None => Ok(self.count),
        }
    }
}

/// Checks UTF-8: with the feature `simdutf8` some ten times as fast where text is not ASCII.
fn validated(bytes: &[u8]) -> Result<&str, core::str::Utf8Error> {
    #[cfg(feature = "simdutf8")]
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return Ok(text);
    }
    core::str::from_utf8(bytes)
}

/// A stream is not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidUtf8 {
    offset: u64,
    ended: bool,
}

impl InvalidUtf8 {
    /// The bytes of the stream before the one that begins no character, or an unfinished one.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether the stream ended within a character; otherwise its bytes are no character.
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
    let invalid = |error: InvalidUtf8| io::Error::new(ErrorKind::InvalidData, error);
    let mut counter = CharCounter::new();
    each_chunk(reader, |chunk| counter.push(chunk).map_err(invalid))?;
    counter.finish().map_err(invalid)
}

/// Hands each chunk that is read to `push`.
fn each_chunk(mut reader: impl Read, mut push: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut buffer = vec![0; READ];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => push(&buffer[..length])?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
