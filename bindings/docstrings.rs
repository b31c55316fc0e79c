//! What the build scripts of both bindings do: takes the docstrings out of the type stub, where they are written once.
//!
//! The result is a macro, `doc!(count_doubles)`, since a Rust doc attribute takes a literal and not a constant.

use std::fmt::Write;
use std::{env, fs};

pub(crate) fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    write("doubles.pyi", "doc");
}

/// Writes the docstrings of a stub to a file of their own, as a macro of this name.
pub(crate) fn write(stub: &str, macro_name: &str) {
    println!("cargo::rerun-if-changed={stub}");
    let stub = fs::read_to_string(stub).expect("the stub is in the package");
    let mut arms = String::new();
    // Docstrings are what is between the quotes: every second part, whose owner is the last definition before it.
    let parts: Vec<&str> = stub.split("\"\"\"").collect();
    for (before, docstring) in parts.chunks_exact(2).map(|pair| (pair[0], pair[1])) {
        let definition = ["\ndef ", "\nclass "].iter().filter_map(|word| Some(before.rfind(word)? + word.len())).max();
        let owner = definition.map_or("module", |at| before[at..].split(['(', ':']).next().unwrap());
        let text = docstring.trim_end().replace("\n    ", "\n");
        writeln!(arms, "    ({owner}) => {{ {text:?} }};").unwrap();
    }
    fs::write(
        format!("{}/{macro_name}s.rs", env::var("OUT_DIR").unwrap()),
        format!(
            "/// The docstring of a function, of a class, or of the module.\nmacro_rules! {macro_name} {{\n{arms}}}\n"
        ),
    )
    .unwrap();
}
