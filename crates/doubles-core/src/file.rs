//! Counting files, by several threads.

use core::hint::black_box;
use core::ops::Range;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::stream::{Room, invalid, out_of_memory};
use crate::{ByteCounter, CharCounter, InvalidUtf8};

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
/// What lies before the place where the file is does not count, and is not looked at: a file that is within a character
/// there is not UTF-8, whatever the number of threads. At the end the file is at its end.
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
    /// The bytes that a thread reads in a step.
    step: u64,
    /// The places that are read at once. One is read as a pipe is, without a position.
    places: Vec<Mutex<Place>>,
    /// Where the first place begins, if there are several.
    position: u64,
    /// Where the file was.
    start: u64,
    bytes: ByteCounter,
    chars: CharCounter,
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
        error.raw_os_error().map_or(Self::Other(error.kind()), Self::System)
    }
}

impl From<InvalidUtf8> for Failure {
    fn from(error: InvalidUtf8) -> Self {
        Self::Invalid(error)
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
    /// The most threads that count a file.
    pub const MAX_THREADS: usize = 256;

    /// Counts with up to so many threads, and up to [`MAX_THREADS`](Self::MAX_THREADS): with no more than have 16 MiB each
    /// to read and memory to read it to, and with one if the file is none that can be read anywhere. 0 is 1.
    ///
    /// ```
    /// use doubles_core::{FileCounter, Unit};
    /// let counter = FileCounter::new(std::fs::File::open("Cargo.toml")?, Unit::Bytes, usize::MAX)?;
    /// assert_eq!(counter.finish()?, 0); // nothing was read
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What the system says when it is asked where the file is; `OutOfMemory` if there is no memory to read to.
    pub fn new(file: File, unit: Unit, threads: usize) -> io::Result<Self> {
        Self::by_steps(STEP, file, unit, threads)
    }

    fn by_steps(step: u64, mut file: File, unit: Unit, threads: usize) -> io::Result<Self> {
        let (mut count, mut start) = (1, 0);
        if cfg!(unix) && threads > 1 {
            let metadata = file.metadata()?;
            if metadata.is_file() {
                start = file.stream_position()?;
                let steps = metadata.len().saturating_sub(start).div_ceil(step);
                count = usize::try_from(steps).unwrap_or(usize::MAX).min(threads).clamp(1, Self::MAX_THREADS);
            }
        }
        let mut places = Vec::new();
        places.try_reserve_exact(count).map_err(out_of_memory)?;
        places.push(Mutex::new(Place::new()?));
        places.extend((1..count).take_while(|_| can_spare()).map_while(|_| Place::new().ok()).map(Mutex::new));
        let (bytes, chars) = (ByteCounter::new(), CharCounter::new());
        Ok(Self { file, unit, step, places, position: start, start, bytes, chars, state: State::More })
    }

    /// Counts some more: some milliseconds of work where the file is at hand. Gives false at the end of the file, and each
    /// time after that, whatever the file has by then.
    ///
    /// ```
    /// use doubles_core::{FileCounter, Unit};
    /// let mut counter = FileCounter::new(std::fs::File::open("Cargo.toml")?, Unit::Bytes, 1)?;
    /// assert!(!counter.step()?); // a small file ends within the first step
    /// assert!(!counter.step()?);
    /// assert!(counter.finish()? > 0);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What the system says; but where it was interrupted by a signal, this is just a step without bytes. `InvalidData`,
    /// with an [`InvalidUtf8`] inside, if characters are counted and the file is not UTF-8. After an error each step fails
    /// in the same way.
    pub fn step(&mut self) -> io::Result<bool> {
        let stepped = match self.state {
            State::More if self.places.len() == 1 => self.step_in_one_place(),
            State::More => self.step_in_places(),
            State::Ended => Ok(false),
            State::Failed(failure) => Err(failure),
        };
        match stepped {
            Ok(true) => {}
            Ok(false) => self.state = State::Ended,
            Err(failure) => self.state = State::Failed(failure),
        }
        Ok(stepped?)
    }

    fn step_in_one_place(&mut self) -> Result<bool, Failure> {
        let room = &mut of(&mut self.places[0]).room;
        let mut read = 0;
        while read < self.step {
            match self.file.read(room.bytes()) {
                Ok(0) => return Ok(false),
                Ok(length) => {
                    read += length as u64;
                    match self.unit {
                        Unit::Bytes => self.bytes.push(&room.bytes()[..length]),
                        Unit::Characters => self.chars.push(&room.bytes()[..length])?,
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(true),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    /// Each thread counts the next place that no other one has taken, until none is left.
    fn step_in_places(&mut self) -> Result<bool, Failure> {
        let (file, unit, first, places) = (&self.file, self.unit, self.start, &self.places);
        let start = |place: usize| self.position + place as u64 * self.step;
        let [taken, running] = [AtomicUsize::new(0), AtomicUsize::new(0)];
        let count = || {
            while let index = taken.fetch_add(1, Ordering::Relaxed)
                && let Some(place) = places.get(index)
            {
                let mut place = place.lock().expect("one thread takes it");
                let Place { room, counted } = &mut *place;
                *counted = Counted::of(file, unit, start(index)..start(index + 1), first, room.bytes());
            }
        };
        std::thread::scope(|scope| {
            for others in 1..places.len() {
                // A thread that finds no memory when it starts ends the process. So it is only started where there is more than
                // it needs, and waited for, since the next one could take it.
                let thread = std::thread::Builder::new().stack_size(STACK);
                let work = || {
                    running.fetch_add(1, Ordering::Relaxed);
                    count();
                };
                // What has no thread of its own is counted by those that are there.
                if !can_spare() || thread.spawn_scoped(scope, work).is_err() {
                    break;
                }
                while running.load(Ordering::Relaxed) < others {
                    std::thread::yield_now();
                }
            }
            count();
        });
        for place in &mut self.places {
            let counted = of(place).counted.as_ref().map_err(|failure| *failure)?;
            self.bytes.join(&counted.bytes);
            self.chars.join(&counted.chars)?;
            if let Some(end) = counted.end {
                self.file.seek(io::SeekFrom::Start(end))?;
                return Ok(false);
            }
        }
        self.position = start(self.places.len());
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
    /// `InvalidData`, with an [`InvalidUtf8`] inside, if characters are counted and the file ends within one; the error of
    /// the step that failed, if one did.
    pub fn finish(self) -> io::Result<u64> {
        match (self.state, self.unit) {
            (State::Failed(failure), _) => Err(failure.into()),
            (_, Unit::Bytes) => Ok(self.bytes.finish()),
            (_, Unit::Characters) => self.chars.finish().map_err(invalid),
        }
    }
}

/// The bytes that a thread reads in a step.
const STEP: u64 = 16 << 20;

/// The stack of a thread that counts, which needs little: threads are to be had where memory is scarce, too.
const STACK: usize = 256 << 10;

/// Whether there is memory for more than what is needed: so much that glibc's allocator must ask the system for it, since it
/// keeps 64 MiB at most.
fn can_spare() -> bool {
    const SPARED: usize = 80 << 20;
    let mut spared = Vec::<u8>::new();
    let reserved = spared.try_reserve_exact(SPARED);
    // Or else it would be optimised away.
    black_box(&mut spared);
    reserved.is_ok()
}

/// Some bytes of a file that are read in a step, and what is counted there.
#[derive(Debug)]
struct Place {
    room: Room,
    counted: Result<Counted, Failure>,
}

impl Place {
    fn new() -> io::Result<Self> {
        Ok(Self { room: Room::new()?, counted: Ok(Counted::default()) })
    }
}

/// The place that no thread has any more.
fn of(place: &mut Mutex<Place>) -> &mut Place {
    place.get_mut().expect("the thread that had it would have panicked")
}

/// What is counted of a place.
#[derive(Clone, Debug, Default)]
struct Counted {
    bytes: ByteCounter,
    chars: CharCounter,
    /// Where the file ended, if it did.
    end: Option<u64>,
}

impl Counted {
    /// Counts these bytes of a file: characters, if these are asked for, that begin there. No place begins before `first`.
    fn of(file: &File, unit: Unit, place: Range<u64>, first: u64, buffer: &mut [u8]) -> Result<Self, Failure> {
        let mut counted = Self::default();
        let Range { start, end } = place;
        let mut at = start;
        // A character that begins before the start is counted there, and the one that begins before the end here.
        let mut begun_before = start != first && unit == Unit::Characters;
        while at < end || (unit == Unit::Characters && at < end + 3) {
            let most = if at < end { (end - at).min(buffer.len() as u64) } else { 1 };
            let length = match read_at(file, &mut buffer[..most as usize], at) {
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            if length == 0 {
                counted.end = Some(at);
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

/// Reads what a file has at a place.
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_at(file, buffer, at);
    #[cfg(not(unix))]
    unreachable!("one place is read: {file:?}, {} bytes, {at}", buffer.len());
}

/// Whether a byte of UTF-8 goes on with a character.
fn continues_char(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

#[cfg(all(test, unix))]
mod tests;
