//! Counts that pass 2³². The input is some MiB of memory, mapped again and again up to the length: it takes address
//! space and not memory.
#![cfg(all(target_os = "linux", target_pointer_width = "64"))]

mod agree;

use std::fs::File;
use std::io::Write;
use std::os::fd::{AsRawFd, FromRawFd};
use std::ptr;

use doubles_core::{Backend, count_bools, count_byte_doubles_of};

/// The items of each input.
const ITEMS: usize = 5 << 30;

/// The bytes that are mapped again and again: a multiple of each length of a character, and of a page.
const BLOCK: usize = 12 << 20;

/// `ITEMS` equal items.
struct Huge {
    map: *mut libc::c_void,
    length: usize,
}

impl Huge {
    fn new(item: &[u8]) -> Self {
        let length = ITEMS * item.len();
        // SAFETY: a fresh range of addresses, over which a file of its own is mapped, to be read only.
        unsafe {
            let mut file = File::from_raw_fd(libc::memfd_create(c"huge".as_ptr(), 0));
            file.write_all(&item.repeat(BLOCK / item.len())).expect("12 MiB of memory");
            let reserved = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
            let map = libc::mmap(ptr::null_mut(), length, libc::PROT_NONE, reserved, -1, 0);
            assert_ne!(map, libc::MAP_FAILED, "no {length} bytes of address space");
            for at in (0..length).step_by(BLOCK) {
                let (here, fixed) = (map.byte_add(at), libc::MAP_SHARED | libc::MAP_FIXED);
                let mapped = libc::mmap(here, BLOCK.min(length - at), libc::PROT_READ, fixed, file.as_raw_fd(), 0);
                assert_eq!(mapped, here);
            }
            Self { map, length }
        }
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: all of it is mapped for as long as `self` lives, and nobody writes to the file.
        unsafe { std::slice::from_raw_parts(self.map.cast(), self.length) }
    }
}

impl Drop for Huge {
    fn drop(&mut self) {
        // SAFETY: the mapping made above, which nothing borrows any more.
        unsafe { libc::munmap(self.map, self.length) };
    }
}

#[test]
#[ignore = "a minute"]
fn elements_past_2_to_the_32_are_counted() {
    for (width, count) in agree::TYPES {
        let huge = Huge::new(&vec![7; width]);
        for backend in Backend::available() {
            assert_eq!(count(backend, huge.bytes()), ITEMS - 1, "{backend}, elements of {width}");
        }
    }
}

#[test]
#[ignore = "some minutes"]
fn characters_past_2_to_the_32_are_counted() {
    for char in ["x", "ж", "文", "😀"] {
        let huge = Huge::new(char.as_bytes());
        // SAFETY: it is this character again and again.
        let text = unsafe { std::str::from_utf8_unchecked(huge.bytes()) };
        for backend in Backend::available() {
            assert_eq!(backend.count_chars(text), ITEMS - 1, "{backend}, characters of {}", char.len());
        }
    }
}

#[test]
#[ignore = "a minute"]
fn bytes_past_2_to_the_32_are_counted_otherwise() {
    let huge = Huge::new(&[7]);
    assert_eq!(count_bools(huge.bytes()), ITEMS - 1);
    assert_eq!(count_byte_doubles_of(7, huge.bytes()), ITEMS - 1);
    #[cfg(feature = "rayon")]
    assert_eq!(doubles_core::parallel::count_bytes(huge.bytes()), ITEMS - 1);
}
