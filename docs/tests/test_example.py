"""The worked example, done as its reader would: see docs/example."""

from __future__ import annotations

import re
from pathlib import Path

import follow
import pytest

from quoting import ROOT


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each command prints."""
    return follow.follow(tmp_path_factory.mktemp("mine"))


def plain(text: str) -> str:
    """The text in one line."""
    return " ".join(text.split())


def test_the_ceiling_is_above_what_was_reached(printed: dict[str, str]) -> None:
    said = plain(printed["1-ceiling"])
    most = re.search(r"Worth trying: at most ([\d,.]+) times as fast on lines-100000", said)
    reached = re.search(r"pyo3 +[\d.,]+ +[\d.,]+ +([\d.,]+) ", printed["4-run"])
    assert most and reached, said
    assert 2 < float(reached[1].replace(",", "")) < float(most[1].replace(",", ""))


def test_what_is_to_be_written_is_named(printed: dict[str, str]) -> None:
    assert "Next: write bytes_by_path/pyo3.rs" in printed["2-new"]
    assert "bytes_by_path/cython.pyx: a translation that works" in printed["2-new"]


def test_a_translation_is_shown_as_it_was_written(printed: dict[str, str]) -> None:
    assert "total/pyo3.rs: a translation that works" in printed["6-translation"]
    assert "result += value;" in printed["6-translation"]


def test_the_difference_is_found_and_then_gone(printed: dict[str, str]) -> None:
    assert "UnicodeEncodeError" in printed["3-verify"]
    assert "broke what they state: 1" in plain(printed["3-verify"])
    assert "choose pyo3" in plain(printed["4-run"])


@pytest.mark.parametrize("name", follow.STEPS)
def test_the_page_shows_each_command_and_what_it_printed_once(name: str) -> None:
    page = follow.STEPS[name].page.read_text(encoding="utf-8")
    recorded = ROOT / f"docs/results/example/{name}.txt"
    assert f"docs/example/{name}.sh" in page and f"docs/results/example/{name}.txt" in page
    assert Path(recorded).exists()
