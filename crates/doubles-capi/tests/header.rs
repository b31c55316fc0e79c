//! The header that is in the repository is the one that cbindgen makes of the source.
//!
//! `DOUBLES_WRITE_HEADER=1 cargo test -p doubles-capi --test header` writes it anew.

use std::{env, fs};

#[test]
fn the_header_is_of_this_source() {
    let root = env!("CARGO_MANIFEST_DIR");
    let header = format!("{root}/include/doubles.h");
    let mut made = Vec::new();
    cbindgen::Builder::new()
        .with_config(cbindgen::Config::from_root_or_default(root))
        .with_src(format!("{root}/src/lib.rs"))
        .generate()
        .expect("the source can be read")
        .write(&mut made);
    let made = String::from_utf8(made).expect("the source is UTF-8");
    if env::var_os("DOUBLES_WRITE_HEADER").is_some() {
        fs::write(&header, &made).expect("the header can be written");
    }
    assert_eq!(fs::read_to_string(&header).expect("there is a header").replace("\r\n", "\n"), made);
}
