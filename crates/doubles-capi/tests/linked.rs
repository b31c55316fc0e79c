//! `doubles.c` and the README's example, by the C compiler (`CC`, or else `cc`), against the static and the shared library.
#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Where Cargo put the libraries of this build: beside this program.
fn libraries() -> PathBuf {
    let program = env::current_exe().expect("this program has a path");
    program.parent().expect("it lies in a directory").to_path_buf()
}

/// Compiles `source` with `link` into the program `name`, and runs it.
fn run(name: &str, source: &Path, link: &[String]) {
    let root = env!("CARGO_MANIFEST_DIR");
    let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let compiled = Command::new(env::var_os("CC").unwrap_or_else(|| "cc".into()))
        .args(["-Wall", "-Wextra", "-Werror", "-pedantic"])
        .args([&format!("-I{root}/include"), &format!("-DVERSION=\"{}\"", env!("CARGO_PKG_VERSION"))])
        .arg(source)
        .arg("-o")
        .arg(&program)
        .args(link)
        .args(["-lpthread", "-ldl", "-lm"])
        .status()
        .expect("there is a C compiler");
    assert!(compiled.success(), "the C compiler failed");
    let done = Command::new(&program).status().expect("the program can be run");
    assert!(done.success(), "{name}: {done}");
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/doubles.c")
}

fn static_library() -> String {
    libraries().join("libdoubles.a").display().to_string()
}

#[test]
fn by_the_static_library() {
    run("static", &tests(), &[static_library()]);
}

#[test]
fn the_example() {
    let (_, example) = include_str!("../README.md").split_once("```c\n").expect("an example in C");
    let (example, _) = example.split_once("```").expect("its end");
    let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join("example.c");
    fs::write(&source, example).expect("Cargo's directory can be written to");
    run("example", &source, &[static_library()]);
}

#[test]
fn by_the_shared_library() {
    let at = libraries();
    let file = at.join(format!("{}doubles{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX));
    run("shared", &tests(), &[file.display().to_string(), format!("-Wl,-rpath,{}", at.display())]);
}
