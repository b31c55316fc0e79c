"""Every step of the tutorial, as its reader would do it, and its pages beside the steps."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest
from reader import NAMES, Reader

from quoting import COG, PART, ROOT, STEPS, version_of

TUTORIAL = ROOT / "docs/tutorial"
SOURCES = ROOT / "benches/lab/doubles_lab/problems/count_doubles"
CHECKED = [name for name in NAMES if (STEPS / name / "expected.txt").exists()]
FENCE = re.compile(r"^```", re.MULTILINE)


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """One reader for all steps, with an empty folder at first."""
    return Reader(tmp_path_factory.mktemp("speed"))


def pattern_of(expected: str) -> re.Pattern[str]:
    """What must stand at the end of what a step prints: ``...`` is anything on a line, or any lines."""
    lines = [
        ".*" if line == "..." else re.escape(line).replace(re.escape("..."), "[^\n]+") for line in expected.splitlines()
    ]
    return re.compile(r"(?s:.*\n)?" + "\n".join(lines) + r"\n?", re.DOTALL)


@pytest.mark.parametrize("name", CHECKED)
def test_a_step_prints_what_its_page_says(reader: Reader, name: str) -> None:
    if name.startswith("08") and sys.version_info >= (3, 14):
        pytest.skip("rust-cpython, which this page is about, supports Python up to 3.13")
    printed = reader.does(name[:2])
    expected = (STEPS / name / "expected.txt").read_text(encoding="utf-8")
    assert pattern_of(expected).fullmatch(printed), f"printed:\n{printed}\nexpected:\n{expected}"


def test_a_wrong_count_is_seen() -> None:
    expected = (STEPS / "01-the-slow-function/expected.txt").read_text(encoding="utf-8")
    said = expected.replace("...", "7.1")
    assert pattern_of(expected).fullmatch(said)
    assert not pattern_of(expected).fullmatch(said.replace("19,076", "19,077", 1))
    assert not pattern_of(expected).fullmatch(said.replace("once: ", "twice: "))


def test_the_first_extension_takes_less_than_ten_minutes(reader: Reader) -> None:
    reader.does("07")
    assert reader.seconds["00"] + reader.seconds["07"] < 600


def test_every_step_is_tried() -> None:
    assert [name for name in NAMES if name not in CHECKED] == ["00-set-up"]  # whose commands print versions


PAGES = [*sorted(TUTORIAL.glob("*.md")), ROOT / "docs/which-one.md", ROOT / "docs/moving-to-pyo3.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_nothing_but_files(page: Path) -> None:
    rest = re.sub(r"<!-- \[\[\[cog show\(.*?\[\[\[end\]\]\] -->", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not FENCE.search(rest), "a block of code that no file has"


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_all_that_its_reader_needs(name: str) -> None:
    text = page_of(name).read_text(encoding="utf-8")
    said = re.sub(r"<!--.*?-->|^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    shown = set(text.splitlines())
    for file in sorted(each for each in (STEPS / name).rglob("*") if each.is_file()):
        lines = [
            line
            for line in file.read_text(encoding="utf-8").splitlines()
            if not PART.match(line) and not COG.match(line)
        ]
        assert [line for line in lines if line not in shown] == [], f"{file} is not shown whole"
        made = str(file.relative_to(STEPS / name))
        assert made in ("commands.sh", "expected.txt") or f"`{made}`" in said, f"what to save as {made} is not said"


def page_of(step: str) -> Path:
    """The page that a step belongs to."""
    return TUTORIAL / ("README.md" if step.startswith("00") else f"{step}.md")


@pytest.mark.parametrize("manifest", sorted(STEPS.rglob("Cargo.toml")), ids=lambda file: file.parts[-3])
def test_the_crates_are_those_of_the_workspace(manifest: Path) -> None:
    found = re.findall(
        r'^(pyo3|cpython) = (?:\{ version = )?"([^"]+)"', manifest.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert found
    assert all(version == version_of(crate) for crate, version in found)


def functions(file: Path) -> dict[str, str]:
    """The functions of a file, each without its decorators and docstring."""
    found = {}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            found[node.name] = ast.dump(ast.Module(node.body, [])) + ast.dump(node.args)
    return found


@pytest.mark.parametrize(
    ("step", "name", "source", "theirs"),
    [
        ("01-the-slow-function/loops.py", "count_doubles", "python.py", "count_doubles_zip"),
        ("01-the-slow-function/loops.py", "count_doubles_once", "python.py", "count_doubles_once"),
        ("01-the-slow-function/loops.py", "count_doubles_itertools", "python.py", "count_doubles_itertools"),
        (
            "01-the-slow-function/loops.py",
            "count_doubles_comprehension",
            "python.py",
            "count_doubles_comprehension",
        ),
        ("01-the-slow-function/loops.py", "count_doubles_map", "python.py", "count_doubles_map"),
        ("01-the-slow-function/loops.py", "count_doubles_bigint", "python.py", "count_doubles_bigint"),
        ("03-numpy/arrays.py", "count_double_numpy", "numpy_article.py", "count_doubles"),
        ("03-numpy/arrays.py", "count_double_frombuffer", "numpy.py", "count_doubles_frombuffer"),
        ("03-numpy/arrays.py", "count_doubles_array", "numpy.py", "count_doubles_array"),
        ("03-numpy/arrays.py", "count_doubles_subtract", "numpy.py", "count_doubles_array_best"),
        ("04-numba/jitted.py", "count_doubles_once_numba", "numba.py", "count_doubles_once"),
        ("04-numba/jitted.py", "count_doubles", "numba.py", "count_doubles_array"),
        ("04-numba/jitted.py", "count_doubles_blocks", "numba.py", "count_doubles_array_best"),
    ],
)
def test_a_step_has_the_function_of_the_contender(step: str, name: str, source: str, theirs: str) -> None:
    assert functions(STEPS / step)[name] == functions(SOURCES / source)[theirs]


@pytest.mark.parametrize(
    ("step", "source"),
    [
        ("05-cython/cython_article.pyx", "cython_article.pyx"),
        ("05-cython/cython_typed.pyx", "cython_typed.pyx"),
        ("05-cython/cython_in_place.pyx", "cython_best.pyx"),
        ("06-c/until_nul.c", "swig_article.c"),
        ("06-c/until_nul.i", "swig_article.i"),
        ("06-c/told_length.c", "swig_length.c"),
        ("06-c/told_length.i", "swig_length.i"),
    ],
)
def test_a_step_has_the_source_of_the_contender(step: str, source: str) -> None:
    """But for what the functions and the module are called."""
    ours, theirs = ((each).read_text(encoding="utf-8") for each in (STEPS / step, SOURCES / source))
    ours = ours.replace("count_byte_doubles", "count_doubles").replace(f"%module {Path(step).stem}", "%module native")
    assert ours.strip() == theirs.removeprefix("// flags: -O3 -march=native\n").strip()
