"""What a build that failed says, and what the rows that were left out have in common."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from conftest import SHORT, Lab
from test_saved import a_record, a_row

from doubles_lab.approaches import failure
from doubles_lab.report import cause, exports, page
from doubles_lab.results import record
from doubles_lab.results.verdict import judge


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "error: subprocess-exited-with-error\n  │ exit code: 1\n  x.c:3:5: error: unknown type name 'u8'\n"
            "  error: command '/usr/bin/gcc' failed with exit code 1\nERROR: Failed building wheel for x",
            "x.c:3:5: error: unknown type name 'u8'",
        ),
        (
            "error: failed to run custom build command for `pyo3-ffi v0.30.1`\n"
            "  error: the configured Python interpreter version (3.8) is lower than PyO3's minimum (3.9)\n",
            "error: the configured Python interpreter version (3.8) is lower than PyO3's minimum (3.9)",
        ),
        (
            "  ERROR: Could not find a version that satisfies the requirement nanobind (from versions: none)\n"
            "  ERROR: No matching distribution found for nanobind",
            "ERROR: Could not find a version that satisfies the requirement nanobind (from versions: none)",
        ),
        ('  File "/a b/c.py"\n/opt/x/lib.h:1:1: fatal error: no such file', "lib.h:1:1: fatal error: no such file"),
        (
            "  Link requires a different Python (3.8 not in: '>=3.9'): https://example.org/x.whl\n"
            "  CMake Error at /a/b/x.cmake:8 (message):\n\n    x now requires Python 3.9\n",
            "CMake Error at x.cmake:8 (message): x now requires Python 3.9",
        ),
        (
            "running build_ext\nIn file included from /usr/include/x.h:1:\na.c:2:9: warning: error: is unused\n"
            'cython_best.c:33:10: fatal error: Python.h: No such file or directory\n   33 | #include "Python.h"\n'
            "compilation terminated.\nerror: command '/usr/bin/gcc' failed with exit code 1",
            "cython_best.c:33:10: fatal error: Python.h: No such file or directory",
        ),
        (
            "bad.c:33:10: fatal error: 'Python.h' file not found\n1 error generated.\nerror: Command '['cc', '-c']' "
            "returned non-zero exit status 1.",
            "bad.c:33:10: fatal error: 'Python.h' file not found",
        ),
        (
            '{"reason":"compiler-artifact","target":{"name":"x"}}\n'
            '{"reason":"compiler-message","message":{"rendered":"error[E0432]: unresolved import `nothing`\\n --> '
            'src/lib.rs:1:5\\n"}}\n{"reason":"build-finished","success":false}\n'
            "   Compiling x v0.1.0 (/work/x)\nerror: could not compile `x` (lib) due to 1 previous error",
            "error[E0432]: unresolved import `nothing`",
        ),
        (
            "   Compiling libc v0.2.1\nerror: linker `cc` not found\n  |\n  = note: No such file or directory\n\n"
            "error: could not compile `libc` (build script) due to 1 previous error",
            "error: linker `cc` not found",
        ),
        (
            'error: linking with `cc` failed: exit status: 1\n  |\n  = note:  "cc" "-m64"\n'
            "  = note: /usr/bin/ld: cannot find -lnothere: No such file or directory\n"
            "          collect2: error: ld returned 1 exit status",
            "ld: cannot find -lnothere: No such file or directory",
        ),
        (
            "/usr/bin/ld: /tmp/cckGRbGY.o: in function `main':\nb.c:(.text+0x5): undefined reference to `foo'\n"
            "collect2: error: ld returned 1 exit status",
            "b.c:(.text+0x5): undefined reference to `foo'",
        ),
        (
            "\nError compiling Cython file:\n----------\n...\ndef f(x):\n    return y\n           ^\n----------\n"
            "bad.pyx:2:11: undeclared name not builtin: y\nTraceback (most recent call last):\n"
            "Cython.Compiler.Errors.CompileError: bad.pyx",
            "bad.pyx:2:11: undeclared name not builtin: y",
        ),
        (
            "m.py:2: error: Incompatible return value type\nFound 1 error",
            "m.py:2: error: Incompatible return value type",
        ),
        (
            "/tmp/tmph84k.cpp:41:89: error: cannot convert 'str' to 'long int' in return\n"
            "Compilation error, trying hard to find its origin...\nYou shall not pass!\n"
            "E: bad.py:3:11 error: Invalid operand for `+`: `T0` and `str`\n----\n    return n + 'a'\n",
            "E: bad.py:3:11 error: Invalid operand for `+`: `T0` and `str`",
        ),
        ("x.i:3: Error: Unable to find 'y.i'", "x.i:3: Error: Unable to find 'y.i'"),
        (
            "x.c(1): fatal error C1083: Cannot open include file: 'Python.h'\nerror: command 'cl.exe' failed with exit "
            "code 2",
            "x.c(1): fatal error C1083: Cannot open include file: 'Python.h'",
        ),
        (
            "g++: fatal error: cannot execute 'cc1plus': execvp: No such file or directory\ncompilation terminated.",
            "g++: fatal error: cannot execute 'cc1plus': execvp: No such file or directory",
        ),
        (
            "Traceback (most recent call last):\nModuleNotFoundError: No module named 'x'",
            "ModuleNotFoundError: No module named 'x'",
        ),
        ("just this", "just this"),
        ("one\n\n  the last line\n\n", "the last line"),
        ("", "it said nothing"),
    ],
)
def test_the_line_of_a_failed_build_that_says_most(said: str, expected: str) -> None:
    assert failure.of_build(said) == expected


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        (
            (
                "the build failed: a.c:33:10: fatal error: Python.h: No such file or directory",
                "the build failed: b.c:1:10: fatal error: 'Python.h' file not found",
                "the build failed: c.c(1): fatal error C1083: Cannot open include file: 'Python.h'",
            ),
            "Python.h is missing (Debian: apt install python3-dev)",
        ),
        (
            (
                "the build failed: error: [Errno 2] No such file or directory: 'g++'",
                "the build failed: error: command 'x86_64-linux-gnu-g++' failed: No such file or directory",
                "the build failed: gcc: fatal error: cannot execute 'cc1plus': execvp: No such file or directory",
                "the build failed: x.cpp:1:10: fatal error: 'string_view' file not found",
                "the program c++ is not installed",
            ),
            "no C++ compiler (Debian: apt install g++)",
        ),
        (
            (
                "the build failed: error: [Errno 2] No such file or directory: 'x86_64-linux-gnu-gcc'",
                "the build failed: error: command 'gcc-12' failed: No such file or directory",
                "the build failed: error: linker `cc` not found",
                "the program cc is not installed",
            ),
            "no C compiler (Debian: apt install gcc)",
        ),
        (("the program cargo is not installed", "the program rustc is not installed"), "no Rust (https://rustup.rs)"),
        (("no longer released: the last is 0.9.0", "no longer released: the last is 0.1.6"), "no longer released"),
        (
            ("the build failed: a.c:3:5: error: unknown type", "the build failed: b.c:9:1: error: unknown type"),
            "the build failed: error: unknown type",
        ),
        (("numba is not installed: pip install numba",), "numba is not installed: pip install numba"),
        (("the build failed: a.c:3:5: error: foo.h: No such file",), "the build failed: error: foo.h: No such file"),
    ],
)
def test_reasons_that_share_a_cause(reasons: tuple[str, ...], expected: str) -> None:
    assert {cause.shared(reason) for reason in reasons} == {expected}


def test_the_verdict_counts_what_was_left_out() -> None:
    missing = "the build failed: {}.c:1:1: fatal error: Python.h: No such file or directory"
    rows = [a_row(f"c-{name}", 1.0, record.UNAVAILABLE, reason=missing.format(name), runs=[]) for name in "abcd"]
    result = a_record(
        a_row("timed", 1.0),
        *rows,
        a_row("old", 1.0, record.UNAVAILABLE, reason="no longer released: the last is 1.0", runs=[]),
        a_row("bad", 1.0, record.WRONG, reason="gives 7"),
    )
    lines = [
        "1 of 7 contenders were timed.",
        "4 left out: Python.h is missing (Debian: apt install python3-dev)",
        "1 left out (old): no longer released",
        "1 left out (bad): wrong: gives 7",
    ]
    assert cause.sentences(result.cases[0]) == lines
    markdown = exports.as_markdown(result, judge(result)).replace("\\", "")
    assert all(line in markdown for line in lines)
    assert '"cause": "no longer released"' in exports.as_json(result, judge(result))
    html = page.render(result, judge(result))
    assert all(line in html for line in lines)
    assert cause.sentences(a_record(a_row("timed", 1.0)).cases[0]) == []


#: A compiler that has no headers of Python.
WITHOUT_HEADERS = """#!/bin/sh
echo "x.c:33:10: fatal error: Python.h: No such file or directory" >&2
echo "   33 | #include <Python.h>" >&2
echo "compilation terminated." >&2
exit 1
"""


@pytest.mark.skipif(sys.platform == "win32", reason="plants a shell script as a compiler")
@pytest.mark.parametrize(
    ("which", "compiler", "reason", "shared"),
    [
        (
            "CC",
            WITHOUT_HEADERS,
            "the build failed: x.c:33:10: fatal error: Python.h: No such file or directory",
            "1 left out (cython-typed): Python.h is missing (Debian: apt install python3-dev)",
        ),
        (
            "CC",
            None,
            "No such file or directory: 'gcc'",
            "1 left out (cython-typed): no C compiler (Debian: apt install gcc)",
        ),
    ],
)
def test_a_race_says_what_the_compiler_said(
    lab: Lab,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    which: str,
    compiler: str | None,
    reason: str,
    shared: str,
) -> None:
    pytest.importorskip("Cython", reason="Cython is not installed")
    file = tmp_path / "bin" / "gcc"
    if compiler is not None:
        file.parent.mkdir()
        file.write_text(compiler)
        file.chmod(0o755)
    monkeypatch.setenv(which, str(file))
    monkeypatch.setenv("DOUBLES_LAB_CACHE", str(tmp_path / "cache"))
    names = ("--contender", "cython-typed", "--contender", "python-zip", "--case", "size-3")
    done = lab("run", *names, *SHORT, timeout=280)
    said = " ".join(done.stdout.split())
    assert done.returncode == 0
    assert reason in said and shared in said and "1 of 2 contenders were timed." in said
    (markdown,) = lab.saved(".md")
    assert "1 of 2 contenders were timed." in markdown.read_text(encoding="utf-8")
    assert list((tmp_path / "cache").glob(".building-*")) == []
