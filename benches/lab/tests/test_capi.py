"""The implementations over the C ABI: what they are linked with, and what they do with what is no str."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from doubles_lab.approaches import build, capi
from doubles_lab.folder import bundled, function_of, read
from doubles_lab.implementation import CORE, Unavailable

FOLDER = read(bundled())
IMPLEMENTATIONS = {each.name: each for each in FOLDER.implementations}
OVER_THE_C_ABI = [
    "c-fastcall", "c-o", "cffi-abi", "cffi-api", "ctypes-encode", "ctypes-utf8", "cython-capi", "cython-capi-encode",
    "nanobind-in-place", "nanobind-utf8", "pybind11-in-place", "pybind11-utf8", "swig-in-place", "swig-utf8",
]  # fmt: skip


@pytest.fixture(scope="module")
def library() -> capi.Library:
    """The C ABI, built."""
    try:
        return capi.library()
    except Unavailable as reason:
        pytest.skip(str(reason))


@pytest.mark.timeout(600)  # the first time, it builds
def test_the_library_is_whole(library: capi.Library) -> None:
    assert (library.include / "doubles.h").exists()
    assert library.static.exists() and library.shared.exists() and library.static != library.shared
    assert list(capi.details()) == ["backend"] and capi.details()["backend"]
    if sys.platform != "win32":
        assert all(link.startswith("-") for link in library.links) and library.links


def test_what_runs_the_core_is_tagged() -> None:
    tagged = {name for name, each in IMPLEMENTATIONS.items() if CORE in each.tags}
    assert {
        *OVER_THE_C_ABI,
        "pyo3-count-doubles",
        "rust-cpython-count-doubles",
        "ffi-o",
        "pyo3-str",
        "uniffi",
    } <= tagged
    assert all(IMPLEMENTATIONS[name].language == "Rust" for name in tagged)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", [*OVER_THE_C_ABI, "pyo3-str", "pyo3-abi3-str", "rust-cpython-str", "uniffi"])
def test_what_is_no_str_is_an_exception(name: str, tmp_path: Path) -> None:
    # In a process of its own, as a wrong binding would end it.
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        "from doubles_lab.folder import bundled, function_of, read\n"
        "from doubles_lab.implementation import Unavailable\n"
        "folder = read(bundled())\n"
        "try:\n"
        "    function = function_of(folder, folder.implementation(sys.argv[1]))\n"
        "except Unavailable as reason:\n"
        "    print('unavailable:', reason)\n"
        "    sys.exit()\n"
        "for wrong in (5, None, ['a', 'a'], object()):\n"
        "    try:\n"
        "        function(wrong)\n"
        "    except (TypeError, AttributeError):\n"
        "        continue\n"
        "    sys.exit(f'{wrong!r} is taken')\n"
        "for call in (lambda: function(), lambda: function('aa', 'aa')):\n"
        "    try:\n"
        "        call()\n"
        "    except TypeError:\n"
        "        continue\n"
        "    sys.exit('another number of arguments is taken')\n"
        "print(function('aab'))\n"
    )
    done = subprocess.run([sys.executable, str(script), name], capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr
    if done.stdout.startswith("unavailable:"):
        pytest.skip(done.stdout)
    # What builds an implementation the first time may say so.
    assert done.stdout.splitlines()[-1] == "1"


@pytest.mark.parametrize("name", OVER_THE_C_ABI)
def test_without_cargo_an_implementation_says_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_cargo(name: str) -> str:
        raise Unavailable(f"the program {name} is not installed")

    capi.library.cache_clear()
    monkeypatch.setattr(build, "tool", no_cargo)
    with pytest.raises(Unavailable, match="is not installed"):
        function_of(FOLDER, IMPLEMENTATIONS[name])


def test_what_is_no_longer_released_says_what_replaced_it() -> None:
    for name, instead in (("milksnake", "cffi-abi"), ("hpy", "pyo3-abi3-str")):
        assert instead in IMPLEMENTATIONS
        with pytest.raises(Unavailable, match=r"the last is \S+ of \d{4}-\d\d-\d\d\b.*\(PyPI, seen \d{4}-\d\d-\d\d\)"):
            function_of(FOLDER, IMPLEMENTATIONS[name])
