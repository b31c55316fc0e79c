//! Nothing outside the haystack is read: it lies between two pages that fault.
#![cfg(unix)]

use std::ptr;

use doubles_core::scalar::count_pairs;
use doubles_core::{Backend, count_bools, count_byte_doubles_of};

/// Readable memory with an unreadable page right before and right after it.
struct Guarded {
    map: *mut libc::c_void,
    page: usize,
}

impl Guarded {
    fn new() -> Self {
        // SAFETY: a fresh anonymous mapping, of whose four pages the outer two are made unreadable.
        unsafe {
            let page = usize::try_from(libc::sysconf(libc::_SC_PAGESIZE)).expect("a page size");
            let (rw, shared) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
            let map = libc::mmap(ptr::null_mut(), 4 * page, rw, shared, -1, 0);
            assert_ne!(map, libc::MAP_FAILED);
            assert_eq!(libc::mprotect(map, page, libc::PROT_NONE), 0);
            assert_eq!(libc::mprotect(map.byte_add(3 * page), page, libc::PROT_NONE), 0);
            Self { map, page }
        }
    }

    fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: the two pages in the middle are readable and writable, zeroed, and borrowed as `self` is.
        unsafe { std::slice::from_raw_parts_mut(self.map.byte_add(self.page).cast(), 2 * self.page) }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: the mapping made above, which nothing borrows any more.
        unsafe { libc::munmap(self.map, 4 * self.page) };
    }
}

/// Every function over the haystack; a read outside it ends the process.
fn count_all(haystack: &[u8]) {
    let equal = |width: usize| count_pairs(haystack.chunks_exact(width));
    for backend in Backend::available() {
        assert_eq!(backend.count_bytes(haystack), equal(1), "{backend}");
        let whole = |width: usize| &haystack[..haystack.len() / width * width];
        assert_eq!(backend.count_unaligned::<u16>(whole(2)), equal(2), "{backend}");
        assert_eq!(backend.count_unaligned::<u32>(whole(4)), equal(4), "{backend}");
        assert_eq!(backend.count_unaligned::<u64>(whole(8)), equal(8), "{backend}");
        if let Ok(text) = std::str::from_utf8(haystack) {
            assert_eq!(backend.count_chars(text), count_pairs(text.chars()), "{backend}");
        }
    }
    let _ = count_bools(haystack);
    let _ = count_byte_doubles_of(b'a', haystack);
}

#[test]
fn reads_stay_between_the_pages() {
    let mut guarded = Guarded::new();
    for unit in ["aab", "жжё", "文文中", "😀😀🎉", "a文😀ж"] {
        let bytes = guarded.bytes();
        let size = bytes.len();
        for length in (0..1100).chain([size]) {
            // A text of whole characters that ends right before a page, and one that starts right after one.
            let text: String =
                unit.chars().cycle().take(length / unit.chars().last().map_or(1, char::len_utf8)).collect();
            let length = text.len().min(size);
            bytes[size - length..].copy_from_slice(&text.as_bytes()[..length]);
            count_all(&bytes[size - length..]);
            bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
            count_all(&bytes[..length]);
        }
    }
}
