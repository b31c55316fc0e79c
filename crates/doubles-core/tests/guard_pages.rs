//! Nothing outside the haystack is read: it lies between two pages that fault.
#![cfg(unix)]

mod agree;

use doubles_core::Backend;

use std::ptr;

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
    agree::found_chars(std::str::from_utf8(haystack).expect("whole characters"));
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
