"""Builds: cached, whole or not at all, and a reason where a tool is missing."""

from __future__ import annotations

import ctypes
import shutil
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import Lab

from doubles_lab import approaches
from doubles_lab.approaches import build, shared
from doubles_lab.approaches.approach import Links
from doubles_lab.approaches.crates import CrateApproach
from doubles_lab.folder import bundled, function_of, read
from doubles_lab.implementation import Implementation, Unavailable
from doubles_lab.measure import building


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("DOUBLES_LAB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_build_is_made_once(cache: Path) -> None:
    made = []

    def make(work: Path) -> None:
        made.append(work)
        (work / "result").write_text("x")

    place = build.built("thing", ["flags"], make)
    assert build.built("thing", ["flags"], make) == place
    assert len(made) == 1 and (place / "result").read_text() == "x"
    assert build.built("thing", ["other flags"], make) != place
    assert sorted(cache.iterdir()) == sorted([place, build.built("thing", ["other flags"], make)])


CRATE = """
use pyo3::prelude::*;

#[pyfunction]
fn NAME() -> u8 {
    1
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::NAME;
}
"""


def test_crates_that_share_what_they_depend_on_are_each_built_of_their_own_source(tmp_path: Path) -> None:
    rust = approaches.find()["pyo3"]
    assert isinstance(rust, CrateApproach)
    run = time.time_ns()  # nothing of it is in the cache
    names = [f"crate_{run}_{i}" for i in range(3)]
    sources = [tmp_path / f"{name}.rs" for name in names]
    for name, source in zip(names, sources):
        source.write_text(CRATE.replace("NAME", name))
    with ThreadPoolExecutor(3) as pool:
        libraries = list(pool.map(rust.library, sources))
    for name, library in zip(names, libraries):
        assert name.encode() in library.read_bytes()
        shutil.rmtree(library.parent)


def test_crates_are_built_together_and_one_that_fails_stops_no_other(tmp_path: Path) -> None:
    rust = approaches.find()["pyo3"]
    assert isinstance(rust, CrateApproach)
    run = time.time_ns()
    texts = {f"good_{run}": CRATE, f"bad_{run}": CRATE.replace("u8 {", "u8 { +"), f"other_{run}": CRATE}
    sources = {name: tmp_path / f"{name}.rs" for name in texts}
    for name, text in texts.items():
        sources[name].write_text(text.replace("NAME", name))
    rust.build(list(sources.values()))
    assert [name for name in texts if rust.place(sources[name]).exists()] == [f"good_{run}", f"other_{run}"]
    for name in (f"good_{run}", f"other_{run}"):
        assert name.encode() in rust.library(sources[name]).read_bytes()
        shutil.rmtree(rust.place(sources[name]))
    with pytest.raises(Unavailable, match="the build failed"):
        rust.library(sources[f"bad_{run}"])


def test_a_source_with_several_functions_is_built_once(tmp_path: Path) -> None:
    def of(name: str, source: str, **more: Any) -> Implementation:
        return Implementation(name, source=source, function=name, folder=str(tmp_path), compiled=True, **more)

    for name in ("pyo3.rs", "pyo3_more.rs", "c.c"):
        (tmp_path / name).touch()
    all_of = [of("pyo3", "pyo3.rs"), of("pyo3-fast", "pyo3.rs"), of("pyo3-more", "pyo3_more.rs"), of("c", "c.c")]
    other = Implementation("other", load=lambda: len, compiled=True, file="elsewhere")
    found = building.builds([*all_of, of("c-fast", "c.c"), other], 1.0)
    assert [each.name for each in found] == ["2 of pyo3", "c", "other"]


def test_c_that_includes_that_of_another_problem_is_built_anew_with_it(cache: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
    (two / "lib.c").write_text('/* The same. */\n#include "../one/lib.c"\n')
    for wanted in (1, 2):
        (one / "lib.c").write_text(f"int answer(void) {{ return {wanted}; }}\n")
        assert ctypes.CDLL(str(shared.library(two, Links()))).answer() == wanted


NOTHING = """
from doubles_lab import Input, Problem

def nothing():
    return 0

PROBLEM = Problem(nothing, inputs=[Input.of("none")])
"""


@pytest.mark.parametrize("comment", ["", "// flags: -O1 -DANSWER=2\n", "/* Why. */\n/* flags: -O1 -DANSWER=2 */\n"])
def test_c_without_python_names_its_flags(comment: str, cache: Path, tmp_path: Path) -> None:
    (tmp_path / "problem.py").write_text(NOTHING)
    (tmp_path / "lib.c").write_text(
        f"{comment}#ifndef ANSWER\n#define ANSWER 1\n#endif\nint answer(void) {{ return ANSWER; }}\n"
    )
    (tmp_path / "ctypes.py").write_text("import ctypes\n\nnothing = ctypes.CDLL(LIBRARY).answer\n")
    (tmp_path / "cffi_api.py").write_text(
        'DECLARATIONS = "int answer(void);"\n\n\ndef nothing():\n    return lib.answer()\n'
    )
    folder = read(tmp_path)
    for name in ("ctypes", "cffi-api"):
        implementation = folder.implementation(name)
        assert function_of(folder, implementation)() == (2 if comment else 1)
        assert ("-DANSWER=2" in implementation.flags.split()) == bool(comment)


def test_a_build_that_fails_leaves_nothing(cache: Path) -> None:
    def make(work: Path) -> None:
        (work / "half").touch()
        raise Unavailable("no")

    with pytest.raises(Unavailable):
        build.built("thing", [], make)
    assert list(cache.iterdir()) == []


def test_two_builds_at_once(cache: Path) -> None:
    both = threading.Barrier(2, timeout=10)
    places: list[Path] = []

    def make(work: Path) -> None:
        (work / "result").write_text("x")
        both.wait()

    threads = [threading.Thread(target=lambda: places.append(build.built("thing", [], make))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert places[0] == places[1]
    assert [file.name for file in cache.iterdir()] == [places[0].name]


def test_the_reason_is_the_compiler_s(tmp_path: Path) -> None:
    code = "import sys; print('warning: x', file=sys.stderr); sys.exit('a.c:1: error: no such thing')"
    with pytest.raises(Unavailable, match=r"failed: a\.c:1: error: no such thing"):
        build.run([sys.executable, "-c", code], tmp_path)
    with pytest.raises(Unavailable, match="no-such-program: No such file"):
        build.run(["no-such-program"], tmp_path)


def test_missing_tools_and_packages() -> None:
    with pytest.raises(Unavailable, match="the program no-such-program is not installed"):
        build.tool("no-such-program")
    with pytest.raises(Unavailable, match="no-such-package is not installed"):
        build.installed("no-such-package")
    both = "no-such-package and nor-such are not installed: pip install no-such-package nor-such"
    with pytest.raises(Unavailable, match=both):
        build.installed("no-such-package", "click", "nor-such")


@pytest.mark.parametrize("name", ["cython-best", "c-swig"])
def test_without_a_compiler_an_implementation_says_so(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = read(bundled())
    monkeypatch.setenv("CC", str(tmp_path / "no-such-compiler"))
    with pytest.raises(Unavailable, match=r"no-such-compiler|is not installed"):
        function_of(folder, folder.implementation(name))
    assert list(cache.glob("*-*")) == []


def test_the_command_builds_what_is_compiled_and_names_what_it_cannot(lab: Lab, tmp_path: Path) -> None:
    problem = tmp_path / "problem"
    problem.mkdir()
    (problem / "problem.py").write_text(
        "from doubles_lab import Input, Problem\n\n\ndef one(n):\n    return 1\n\n\n"
        "PROBLEM = Problem(one, inputs=[Input.of('a', 1)])\n"
    )
    (problem / "cython.pyx").write_text("def one(n):\n    return 1\n")
    (problem / "python.py").write_text("def one(n):\n    return 1\n")
    done = lab("build", problem)
    assert (done.returncode, done.stdout) == (0, "Built: 1 of 1.\n")
    (problem / "cython_typed.pyx").write_text("def one(int n:\n    return 1\n")
    done = lab("build", problem)
    assert done.stdout == "Built: 1 of 2.\n"
    assert done.returncode == 4
    assert "cython-typed: the build failed: " in done.stderr
