#![no_main]

#[path = "../../tests/agree/mod.rs"]
mod agree;

libfuzzer_sys::fuzz_target!(|data: &[u8]| agree::fuzz("found_chars", data));
