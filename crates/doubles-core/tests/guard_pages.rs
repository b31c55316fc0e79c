//! Nothing outside the haystack is read: it lies between two pages that fault.
#![cfg(unix)]

mod agree;

#[cfg(feature = "std")]
use std::mem::MaybeUninit;
use std::ptr;

use doubles_core::{Backend, Half};

/// Readable memory with an unreadable page right before and right after it.
struct Guarded {
    map: *mut libc::c_void,
    page: usize,
    pages: usize,
}

impl Guarded {
    fn new(pages: usize) -> Self {
        // SAFETY: a fresh anonymous mapping, of whose pages the outer two are made unreadable.
        unsafe {
            let page = usize::try_from(libc::sysconf(libc::_SC_PAGESIZE)).expect("a page size");
            let (rw, shared) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
            let map = libc::mmap(ptr::null_mut(), (pages + 2) * page, rw, shared, -1, 0);
            assert_ne!(map, libc::MAP_FAILED);
            assert_eq!(libc::mprotect(map, page, libc::PROT_NONE), 0);
            assert_eq!(libc::mprotect(map.byte_add((pages + 1) * page), page, libc::PROT_NONE), 0);
            Self { map, page, pages }
        }
    }

    fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: the pages in the middle are readable and writable, zeroed, and borrowed as `self` is.
        unsafe { std::slice::from_raw_parts_mut(self.map.byte_add(self.page).cast(), self.pages * self.page) }
    }

    /// Reads a text that starts right after the first page, and one that ends right before the last one; a
    /// read outside it ends the process.
    fn each_end(&mut self, text: &str, read: impl Fn(&[u8])) {
        let bytes = self.bytes();
        let (length, size) = (text.len(), bytes.len());
        bytes[size - length..].copy_from_slice(text.as_bytes());
        read(&bytes[size - length..]);
        bytes[..length].copy_from_slice(text.as_bytes());
        read(&bytes[..length]);
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: the mapping made above, which nothing borrows any more.
        unsafe { libc::munmap(self.map, (self.pages + 2) * self.page) };
    }
}

fn count_all(haystack: &[u8]) {
    for (width, _) in agree::WIDTHS {
        // Whole elements from the first byte on, and up to the last one.
        let rest = haystack.len() % width;
        agree::elements_of(width, &haystack[..haystack.len() - rest]);
        agree::elements_of(width, &haystack[rest..]);
    }
    agree::counted::<Half>(haystack);
    agree::counted::<f32>(haystack);
    agree::counted::<f64>(haystack);
    agree::counted::<Half>(&haystack[haystack.len() % 2..]);
    agree::counted::<f32>(&haystack[haystack.len() % 4..]);
    agree::counted::<f64>(&haystack[haystack.len() % 8..]);
    agree::bytes(haystack);
    agree::chars(std::str::from_utf8(haystack).expect("whole characters"));
    agree::bools(haystack);
    agree::byte_doubles_of(b'a', haystack);
}

/// Everything that finds, over a haystack that is not long: there is no other code for long ones.
fn find_all(haystack: &[u8]) {
    for (width, _) in agree::WIDTHS {
        let rest = haystack.len() % width;
        agree::found_elements_of(width, &haystack[..haystack.len() - rest]);
        agree::found_elements_of(width, &haystack[rest..]);
    }
    let rest = haystack.len() % 8;
    agree::found_floats(haystack);
    agree::found_floats(&haystack[rest..]);
    agree::found_chars(std::str::from_utf8(haystack).expect("whole characters"));
}

/// What is made of runs, and what comes in parts. The room that is squeezed to ends before a page that faults, too.
#[cfg(feature = "std")]
fn operate(haystack: &[u8], guarded: &mut Guarded) {
    fn of<T: agree::Known>(haystack: &[u8], guarded: &mut Guarded) {
        let rest = haystack.len() % size_of::<T>();
        for haystack in [&haystack[..haystack.len() - rest], &haystack[rest..]] {
            let parts = [(haystack.len(), 1), (haystack.len(), 2), (3, 1), (40, 2)];
            for (length, max_run) in parts {
                agree::operations::<T>(haystack, length, max_run);
                let mut expected = vec![MaybeUninit::uninit(); haystack.len()];
                let expected = agree::squeezed_into::<T>(haystack, length, max_run, &mut expected);
                let bytes = guarded.bytes();
                // SAFETY: bytes that are written may be taken for some that are not.
                let room = unsafe { &mut *(ptr::from_mut(bytes) as *mut [MaybeUninit<u8>]) };
                assert!(agree::squeezed_into::<T>(haystack, length, max_run, room) == expected);
            }
            // SAFETY: they are aligned where they are, and any bytes are an element.
            if let ([], elements, []) = unsafe { haystack.align_to::<T>() } {
                let squeezed = doubles_core::squeeze_elements(elements, 1, |_| true);
                let expected = agree::squeezed_into::<T>(
                    haystack,
                    haystack.len(),
                    1,
                    &mut vec![MaybeUninit::uninit(); haystack.len()],
                );
                assert_eq!(T::as_bytes(&squeezed), expected);
                assert_eq!(doubles_core::count_elements(elements), doubles_core::count_unaligned::<T>(haystack));
            }
        }
    }
    of::<u8>(haystack, guarded);
    of::<u16>(haystack, guarded);
    of::<u32>(haystack, guarded);
    of::<u64>(haystack, guarded);
    of::<Half>(haystack, guarded);
    of::<f32>(haystack, guarded);
    of::<f64>(haystack, guarded);
    agree::operations_of_text(std::str::from_utf8(haystack).expect("whole characters"));
}

/// Whether there is a double, which is looked for as doubles are counted.
fn has_any(haystack: &[u8]) {
    for backend in Backend::available() {
        let text = std::str::from_utf8(haystack).expect("whole characters");
        assert_eq!(backend.has_chars(text), backend.count_chars(text) != 0, "{backend}");
        for (width, has) in agree::HAS {
            let rest = haystack.len() % width;
            for haystack in [&haystack[..haystack.len() - rest], &haystack[rest..]] {
                let expected =
                    haystack.chunks_exact(width).zip(haystack.chunks_exact(width).skip(1)).any(|(a, b)| a == b);
                assert_eq!(has(backend, haystack), expected, "{backend}, elements of {width}");
            }
        }
    }
}

/// Characters of this many bytes at most.
fn text(characters: &str, length: usize) -> String {
    let mut text = String::with_capacity(length);
    for char in characters.chars().cycle() {
        if text.len() + char.len_utf8() > length {
            break;
        }
        text.push(char);
    }
    text
}

const ALPHABETS: [&str; 6] = ["aab", "жжё", "文文中", "😀😀🎉", "a文😀ж", "\0"];

#[test]
fn reads_stay_between_the_pages() {
    // More than a block of elements of eight bytes.
    let mut guarded = Guarded::new(5);
    let size = guarded.bytes().len();
    for alphabet in ALPHABETS {
        for length in (0..=1100).chain([size - 600, size - 1, size]) {
            guarded.each_end(&text(alphabet, length), |haystack| {
                count_all(haystack);
                find_all(haystack);
            });
        }
    }
}

#[test]
#[cfg(feature = "std")]
fn operations_stay_between_the_pages() {
    let [mut guarded, room] = [3, 2].map(Guarded::new);
    let room = std::cell::RefCell::new(room);
    for alphabet in ALPHABETS {
        for length in (0..200).chain((200..1400).step_by(7)) {
            guarded.each_end(&text(alphabet, length), |haystack| operate(haystack, &mut room.borrow_mut()));
        }
    }
}

#[test]
fn reads_of_long_input_stay_between_the_pages() {
    // The main loop prefetches from 256 KiB on, and reads four places from 4 MiB on.
    for seam in [256 << 10, 4 << 20] {
        let mut guarded = Guarded::new(seam / 4096 + 1);
        let size = guarded.bytes().len();
        // Without a double, since nothing after the first one is read.
        for alphabet in ["ab", "a文😀ж"] {
            for length in [seam - 1, seam + 1300, size] {
                guarded.each_end(&text(alphabet, length.min(size)), has_any);
            }
        }
        for alphabet in ["aab", "a文😀ж"] {
            for length in [seam - 1, seam + 1300, size] {
                guarded.each_end(&text(alphabet, length.min(size)), count_all);
            }
        }
    }
}
