"""Every contender of the lab: it loads or says why, and gives what it states."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import doubles_lab.contenders
from doubles_lab import registry
from doubles_lab.case import Case, Input
from doubles_lab.implementation import Contender, Raises, Unit, raises_on_empty
from doubles_lab.measure.verify import verify_all

IMPLEMENTATIONS = registry.find_contenders()

#: The article's, each of which must be there by some name.
ARTICLE = [
    "python-zip", "python-once", "python-itertools", "python-comprehension", "re-article", "numpy-article", "numba-str",
    "cython-article", "c-swig", "rust-cpython-zip", "rust-cpython-once", "rust-cpython-bytes-once", "pyo3-zip",
    "pyo3-once", "pyo3-bytes-once", "pyo3-bytes-once-native",
]  # fmt: skip


def test_the_article_s_contenders_are_all_there() -> None:
    names = {contender.name for contender in IMPLEMENTATIONS}
    assert set(ARTICLE) <= names
    assert all("article" in contender.tags for contender in IMPLEMENTATIONS if contender.name in ARTICLE)


def test_every_file_is_found() -> None:
    files = {Path(contender.file).name for contender in IMPLEMENTATIONS}
    on_disk = {file.name for file in Path(doubles_lab.contenders.__path__[0]).glob("[!_]*.py")}
    assert files == on_disk


@pytest.mark.parametrize("contender", IMPLEMENTATIONS, ids=lambda contender: contender.name)
def test_every_contender_says_what_it_is(contender: Contender) -> None:
    assert contender.access and contender.language and contender.binding
    assert re.search(r"\d{4}|which", contender.origin)
    assert "\n" not in contender.origin


def test_contenders_that_build_nothing_give_what_they_state() -> None:
    # `make test-lab` verifies all of them, on more cases.
    cases = [case for case in registry.find_cases() if "hostile" in case.tags]
    ran = 0
    light = [contender for contender in IMPLEMENTATIONS if contender.binding in ("none", "re", "NumPy")]
    for findings in verify_all(light, [Input(case) for case in cases], 60):
        for finding in findings:
            assert not finding.broken, finding
            assert finding.found is not None or finding.reason
        ran += any(finding.found is not None for finding in findings)
        if all(finding.found is None for finding in findings):
            print("not run:", findings[0].contender, findings[0].reason)
    assert ran >= 10  # pure Python, re and NumPy run wherever the lab does


def test_contenders_that_take_bytes_count_them() -> None:
    taking = [contender for contender in IMPLEMENTATIONS if contender.takes_bytes]
    given = Input(Case("bytes", "not UTF-8", lambda: b"aa\xff\xff\xff\0\0b"))
    for findings in verify_all(taking, [given], 60):
        assert findings[0].found in (4, None), findings


def test_a_name_is_one_word() -> None:
    with pytest.raises(ValueError, match="one word"):
        Contender("two words", Unit.BYTES, lambda: len, "Python", "none", "", "")


def test_a_statement_applies_where_it_says() -> None:
    contender = Contender(
        "x", Unit.BYTES, lambda: len, "Python", "none", "", "", divergences=(raises_on_empty("StopIteration"),)
    )
    assert contender.stated("", 0) == (Raises("StopIteration"), '"" raises StopIteration')
    assert contender.stated("éé", 0) == (0, "")


def test_two_of_a_name_are_refused(tmp_path: Path) -> None:
    original = Path(next(contender.file for contender in IMPLEMENTATIONS if contender.name == "python-zip"))
    (tmp_path / "copy.py").write_text(original.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(registry.Clash, match="two files declare 'python-zip'"):
        registry.find_contenders([tmp_path])
