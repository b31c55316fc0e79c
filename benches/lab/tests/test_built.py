"""Modules that are not built to be fast are recognised by their files, and refused or marked."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from conftest import SHORT, Lab
from test_problem import PROBLEMS, folder

from doubles_lab.measure import built
from doubles_lab.measure.built import ASSERTIONS, BOUNDS, DEBUG, OVERFLOW, UNOPTIMISED, Flaw, flaws_of_file, unoptimised

C = "#include <assert.h>\nint twice(int x) { assert(x < 1000); return 2 * x; }\n"
RUST = """
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sum(values: *const i64, length: usize) -> i64 {
    let mut total = 0;
    for value in unsafe { std::slice::from_raw_parts(values, length) } { total += value }
    total
}
"""


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs GCC")
@pytest.mark.parametrize(
    ("options", "flaws"),
    [
        ("-O3 -DNDEBUG -g", []),
        ("-O3 -DNDEBUG", []),
        ("-O2", [ASSERTIONS]),
        ("-g -O3 -O0 -DNDEBUG", [UNOPTIMISED]),
        ("-g", [ASSERTIONS, UNOPTIMISED]),
    ],
)
def test_c_is_known_by_its_options(tmp_path: Path, options: str, flaws: list[Flaw]) -> None:
    (tmp_path / "a.c").write_text(C)
    subprocess.run(["gcc", "-shared", "-fPIC", *options.split(), "-o", "a.so", "a.c"], cwd=tmp_path, check=True)
    assert flaws_of_file(tmp_path / "a.so") == flaws


@pytest.mark.skipif(shutil.which("rustc") is None, reason="needs Rust")
@pytest.mark.parametrize(
    ("options", "flaws"),
    [
        ("-C opt-level=3", []),
        ("-C opt-level=3 -C overflow-checks=on", [OVERFLOW]),
        ("", [DEBUG]),
        ("-C opt-level=1 -C debug-assertions=on", [DEBUG]),
    ],
)
def test_rust_is_known_by_its_checks(tmp_path: Path, options: str, flaws: list[Flaw]) -> None:
    (tmp_path / "a.rs").write_text(RUST)
    command = ["rustc", "--edition=2024", "--crate-type=cdylib", *options.split(), "-o", "a.so", "a.rs"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert flaws_of_file(tmp_path / "a.so") == flaws


def test_what_is_no_module_has_no_flaws(tmp_path: Path) -> None:
    (tmp_path / "empty.so").touch()
    assert (
        flaws_of_file(tmp_path / "empty.so") == flaws_of_file(tmp_path / "absent.so") == flaws_of_file(tmp_path) == []
    )


@pytest.mark.parametrize(
    ("producer", "slow"),
    [
        ("GNU C17 12.2.0 -g -O3", False),
        ("GNU C17 12.2.0 -g -O", False),
        ("GNU C17 12 -O2 -O0", True),
        ("GNU C17 12 -g", True),
    ],
)
def test_the_last_level_counts(producer: str, slow: bool) -> None:
    assert unoptimised(producer) is slow


def test_functions_of_python_alone_have_no_modules() -> None:
    assert (
        list(built.modules_of(shutil.copy)) == list(built.modules_of(len)) == list(built.modules_of(re.compile)) == []
    )


MODULE = """
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <assert.h>
static PyObject *add(PyObject *m, PyObject *args) {
    long long a, b;
    if (!PyArg_ParseTuple(args, "LL", &a, &b)) return NULL;
    assert(a < 1000000000000000);
    return PyLong_FromLongLong(a + b);
}
static PyMethodDef methods[] = {{"add", add, METH_VARARGS, ""}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "theirs", "", 0, methods};
PyMODINIT_FUNC PyInit_theirs(void) { return PyModule_Create(&definition); }
"""
ADD = """
from doubles_lab import Input, Problem

def add(a, b): return a + b

PROBLEM = Problem(add, [Input.of("small", 3, 4)])
"""


def module(place: Path, *options: str) -> None:
    """The extension module ``theirs`` in a directory, as somebody else built it."""
    (place / "theirs.c").write_text(MODULE)
    headers = sysconfig.get_path("include")
    file = "theirs" + str(sysconfig.get_config_var("EXT_SUFFIX"))
    subprocess.run(["gcc", "-shared", "-fPIC", f"-I{headers}", *options, "-o", file, "theirs.c"], cwd=place, check=True)


@pytest.mark.skipif(shutil.which("gcc") is None or sys.platform != "linux", reason="needs GCC")
def test_a_module_that_is_not_optimised_is_refused_and_one_with_assertions_marked(tmp_path: Path, lab: Lab) -> None:
    problem = tmp_path / "add"
    problem.mkdir()
    folder(problem, problem__py=ADD)
    chosen = ("run", problem, "--contender", "reference", "--contender", "theirs:add", *SHORT)
    module(tmp_path, "-g", "-O0", "-DNDEBUG")
    refused = lab(*chosen)
    assert refused.returncode == 2
    assert "was compiled without optimisation: compile it with -O2 or -O3" in " ".join(refused.stderr.split())
    module(tmp_path, "-O3")
    marked = lab(*chosen)
    assert marked.returncode == 0, marked.stderr
    shown = " ".join(marked.stdout.split())
    assert "‡ theirs:add: theirs" in shown
    assert "was compiled with assertions: compile it with -DNDEBUG, if they are not meant" in shown
    (summary,) = lab.saved(".md")
    assert "was compiled with assertions" in summary.read_text(encoding="utf-8")


def test_cython_that_checks_bounds_is_marked(tmp_path: Path) -> None:
    pytest.importorskip("Cython")
    from doubles_lab.approaches import build, find
    from doubles_lab.approaches.approach import NATIVE, ExtensionApproach, Links

    source = "def add(double[:] values, int i):\n    return values[i]\n"
    approach = find()["cython"]
    assert isinstance(approach, ExtensionApproach)
    for top, flaws in (("", [BOUNDS]), ("# cython: boundscheck=False, wraparound=False\n", [])):
        (tmp_path / "cython.pyx").write_text(top + source)
        place = approach.built(tmp_path / "cython.pyx", Links())
        assert flaws_of_file(build.extension_file(place, NATIVE)) == flaws


def test_what_the_lab_builds_itself_has_no_flaws(lab: Lab) -> None:
    verified = lab("verify", PROBLEMS / "add", "--examples", 5, timeout=280)
    assert verified.returncode == 0, verified.stdout
    assert "Could not run" not in verified.stdout
