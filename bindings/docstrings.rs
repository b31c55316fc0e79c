//! What the build scripts of both bindings do: takes the docstrings out of the type stub, where they are written once.
//!
//! The result is a macro, `doc!(count_doubles)`, since a Rust doc attribute takes a literal and not a constant.

use std::fmt::Write;
use std::{env, fs};

pub(crate) fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=doubles.pyi");
    let stub = fs::read_to_string("doubles.pyi").expect("the stub is in the package");
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
