"""Every implementation of the lab: it loads or says why, and gives what it states."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from doubles_lab import registry
from doubles_lab.folder import bundled, read
from doubles_lab.given import Given, edge_cases_of
from doubles_lab.implementation import (
    Divergence,
    Implementation,
    Raises,
    Unit,
    raises_on_empty,
    raises_on_lone_surrogates,
)
from doubles_lab.measure.verify import verify_all
from doubles_lab.problem import Call

FOLDER = read(bundled())
IMPLEMENTATIONS = registry.find(FOLDER)

#: The article's, each of which must be there by some name.
ARTICLE = [
    "python-zip", "python-once", "python-itertools", "python-comprehension", "re-article", "numpy-article", "numba-str",
    "cython-article", "c-swig", "rust-cpython-zip", "rust-cpython-once", "rust-cpython-bytes-once", "pyo3-zip",
    "pyo3-once", "pyo3-bytes-once", "pyo3-bytes-once-native",
]  # fmt: skip


def test_the_article_s_implementations_are_all_there() -> None:
    names = {each.name for each in IMPLEMENTATIONS}
    assert set(ARTICLE) <= names
    assert all("article" in each.tags for each in IMPLEMENTATIONS if each.name in ARTICLE)


#: What lies beside the source files: the problem itself, and what a source file includes.
BESIDE = ("problem.py", "existing.py", "inputs.py", "oracle.py", "in_place.h", "swig_article.c", "swig_length.c")


def test_every_file_is_found() -> None:
    files = {each.source for each in FOLDER.implementations if each.source}
    on_disk = {file.name for file in FOLDER.path.iterdir() if file.is_file()}
    assert files == on_disk - set(BESIDE)


@pytest.mark.parametrize("implementation", IMPLEMENTATIONS, ids=lambda each: each.name)
def test_every_implementation_says_what_it_is(implementation: Implementation) -> None:
    assert implementation.access and implementation.language and implementation.binding and implementation.unit
    assert re.search(r"\d{4}|which", implementation.origin)
    assert "\n" not in implementation.origin


def test_implementations_that_build_nothing_give_what_they_state() -> None:
    # `make test-lab` verifies all of them, on more inputs.
    inputs = [given for given in edge_cases_of(FOLDER.problem) if "hostile" in given.tags]
    ran = 0
    light = [each for each in IMPLEMENTATIONS if each.binding in ("none", "re", "NumPy")]
    for findings in verify_all(light, inputs, 60):
        for finding in findings:
            assert not finding.broken, finding
            assert finding.found is not None or finding.reason
        ran += any(finding.found is not None for finding in findings)
        if all(finding.found is None for finding in findings):
            print("not run:", findings[0].contender, findings[0].reason)
    assert ran >= 10  # pure Python, re and NumPy run wherever the lab does


def test_implementations_that_take_bytes_count_them() -> None:
    taking = [each for each in IMPLEMENTATIONS if each.takes_bytes]
    given = Given(FOLDER.problem, "bytes", lambda: b"aa\xff\xff\xff\0\0b", "not UTF-8")
    for findings in verify_all(taking, [given], 60):
        assert findings[0].found in (4, None), findings


def test_a_name_is_one_word() -> None:
    with pytest.raises(ValueError, match="one word"):
        Implementation("two words", "Python", "none", unit=Unit.BYTES, load=lambda: len)


def test_a_statement_applies_where_it_says() -> None:
    stating = Implementation(
        "x", "Python", "none", unit=Unit.BYTES, load=lambda: len, divergences=(raises_on_empty("StopIteration"),)
    )
    assert stating.stated(Call(""), 0) == (Raises("StopIteration"), '"" raises StopIteration')
    assert stating.stated(Call("éé"), 0) == (0, "")


def test_a_statement_knows_arguments_by_name() -> None:
    by_position = Divergence("takes no names", lambda *args, **kwargs: Raises("TypeError") if kwargs else None)
    stating = Implementation("x", load=lambda: len, divergences=(by_position,))
    assert stating.stated(Call(1, b=2), 3) == (Raises("TypeError"), "takes no names")
    assert stating.stated(Call(1, 2), 3) == (3, "")


def test_a_lone_surrogate_counts_in_any_argument() -> None:
    outcome = raises_on_lone_surrogates("UnicodeEncodeError").outcome
    assert outcome("a", "\ud800") == outcome("\udfff") == Raises("UnicodeEncodeError")
    assert outcome("a", "😀") is None and outcome("a", None) is None


def test_two_of_a_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "copy.py").write_text(
        "from doubles_lab.implementation import Implementation\n"
        "IMPLEMENTATIONS = [Implementation('python-zip', load=lambda: len)]\n",
        encoding="utf-8",
    )
    with pytest.raises(registry.Clash, match="two files declare 'python-zip'"):
        registry.find(FOLDER, [tmp_path])
