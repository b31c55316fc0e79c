//! No function allocates, so none can find too little memory.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ffi::CStr;

/// The system's allocator, which counts how often each thread asks it.
struct Counting;

thread_local! {
    static ASKED: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is handed on to the system's allocator as it came. What is counted is a thread's own, and needs no
// memory to be made.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.set(ASKED.get() + 1);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn no_function_allocates() {
    // Short, long, and such that a main loop reads several places at once.
    let equal = vec![0u64; 1 << 20];
    let text = "жж文文aa".repeat(500_000);
    let before = ASKED.get();
    drop(Box::new(7));
    assert_eq!(ASKED.get(), before + 1, "it counts");
    let before = ASKED.get();
    let mut counts = [0; 10];
    for length in [0, 1, 2, 15, 100, 5000, equal.len()] {
        // SAFETY: so many items are there, and so much of the text, in whole characters.
        unsafe {
            counts = [
                doubles::doubles_count_bytes(equal.as_ptr().cast(), length),
                doubles::doubles_count_u16(equal.as_ptr().cast(), length),
                doubles::doubles_count_u32(equal.as_ptr().cast(), length),
                doubles::doubles_count_u64(equal.as_ptr(), length),
                doubles::doubles_count_f16(equal.as_ptr().cast(), length),
                doubles::doubles_count_f32(equal.as_ptr().cast(), length),
                doubles::doubles_count_f64(equal.as_ptr().cast(), length),
                doubles::doubles_count_utf8(text.as_ptr(), length / 12 * 12),
                doubles::doubles_count_utf8_unchecked(text.as_ptr(), length / 12 * 12),
                doubles::doubles_count_utf8(b"\xff".as_ptr(), 1),
            ];
        }
    }
    let (version, backend) = (doubles::doubles_version(), doubles::doubles_backend());
    assert_eq!(ASKED.get(), before, "something was allocated");
    let all = equal.len().cast_signed() - 1;
    let of_text = equal.len().cast_signed() / 12 * 3;
    assert_eq!(counts, [all, all, all, all, all, all, all, of_text, of_text, doubles::DOUBLES_NOT_UTF8]);
    // SAFETY: strings that stay, with a NUL at the end.
    let [version, backend] = [version, backend].map(|name| unsafe { CStr::from_ptr(name) });
    assert_eq!(version.to_str(), Ok(env!("CARGO_PKG_VERSION")));
    assert!(doubles_core::Backend::by_name(backend.to_str().expect("ASCII")).is_some());
    assert!(doubles_core::Backend::names().all(|name| name.len() < 16));
}
