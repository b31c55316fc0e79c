//! `doubles.c`, by the C compiler (`CC`, or else `cc`), against the static and against the shared library.
#![cfg(unix)]

use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Where Cargo put the libraries of this build: beside this program.
fn libraries() -> PathBuf {
    let program = env::current_exe().expect("this program has a path");
    program.parent().expect("it lies in a directory").to_path_buf()
}

/// Compiles `doubles.c` with `link` into the program `name`, and runs it.
fn run(name: &str, link: &[String]) {
    let root = env!("CARGO_MANIFEST_DIR");
    let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let compiled = Command::new(env::var_os("CC").unwrap_or_else(|| "cc".into()))
        .args(["-Wall", "-Wextra", "-Werror", "-pedantic"])
        .args([&format!("-I{root}/include"), &format!("-DVERSION=\"{}\"", env!("CARGO_PKG_VERSION"))])
        .arg(format!("{root}/tests/doubles.c"))
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

#[test]
fn by_the_static_library() {
    run("static", &[libraries().join("libdoubles.a").display().to_string()]);
}

#[test]
fn by_the_shared_library() {
    let at = libraries();
    let file = at.join(format!("{}doubles{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX));
    run("shared", &[file.display().to_string(), format!("-Wl,-rpath,{}", at.display())]);
}
