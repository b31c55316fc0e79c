//! The build script of both bindings: takes the docstrings out of the type stub, where they are written once.
//!
//! The result is a macro, `doc!(count_doubles)`, since a Rust doc attribute takes a literal and not a constant.

use std::fmt::Write;
use std::{env, fs};

fn main() {
    let package = env::var("CARGO_PKG_NAME").unwrap().replace('-', "_");
    let stub = format!("{}/python/{package}/__init__.pyi", env::var("CARGO_MANIFEST_DIR").unwrap());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={stub}");

    let stub = fs::read_to_string(&stub).unwrap_or_else(|error| panic!("{stub}: {error}"));
    let mut arms = String::new();
    // Docstrings are what is between the quotes: every second part, whose owner is the last `def` before it.
    let parts: Vec<&str> = stub.split("\"\"\"").collect();
    for (before, docstring) in parts.chunks_exact(2).map(|pair| (pair[0], pair[1])) {
        let owner = before.rsplit_once("def ").map_or("module", |(_, def)| def.split_once('(').unwrap().0);
        let text = docstring.trim_end().replace("\n    ", "\n");
        writeln!(arms, "    ({owner}) => {{ {text:?} }};").unwrap();
    }
    fs::write(
        format!("{}/docs.rs", env::var("OUT_DIR").unwrap()),
        format!("/// The docstring of a function, or of the module.\nmacro_rules! doc {{\n{arms}}}\n"),
    )
    .unwrap();
}
