"""The numbers on the pages are those of the recorded runs, and none was typed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import quoting
from quoting import ROOT

#: The pages on which each measured number is quoted.
QUOTED = [
    ROOT / "README.md",
    ROOT / "docs/which-one.md",
    ROOT / "docs/moving-to-pyo3.md",
    ROOT / "docs/example/README.md",
    *(ROOT / "docs/tutorial").glob("*.md"),
]
SPLICED = re.compile(r"<!-- \[\[\[cog.*?\]\]\] -->.*?<!-- \[\[\[end\]\]\] -->", re.DOTALL)
UNITS = r"ns|µs|us|ms|s|seconds?|minutes?|min|[kKMG]i?B(?:/s)?|bytes/s|×|x|times|%|percent|GHz"
#: A number with a unit of what is measured: 1.5 ms, 20×, 10 times, 3 GB/s.
MEASURED = re.compile(rf"(?<![\w.])\d[\d,.]*(?:\s?|&nbsp;)(?:{UNITS})(?![\w])")
#: What looks measured and is not, with the reason.
ALLOWED: dict[str, str] = {}


def quote(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Runs the tool that writes and checks the numbers."""
    command = [sys.executable, str(ROOT / "docs/quoting.py"), *map(str, arguments)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def measured_looking(text: str) -> list[str]:
    """The numbers with a unit outside of what cog wrote."""
    return [found for found in MEASURED.findall(SPLICED.sub("", text)) if found not in ALLOWED]


def test_every_page_holds_what_it_quotes() -> None:
    done = quote("--check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(quoting.pages()) > 15


def test_a_number_that_was_changed_by_hand_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    shutil.copy(ROOT / "docs/tutorial/01-the-slow-function.md", page)
    done = quote("--check", page)
    assert done.returncode == 0, done.stdout + done.stderr
    text = page.read_text(encoding="utf-8")
    time = quoting.time_of("python-zip")
    assert time in text
    page.write_text(text.replace(time, "1.00 ms", 1), encoding="utf-8")
    done = quote("--check", page)
    assert done.returncode != 0
    assert "1.00 ms" in done.stdout + done.stderr


@pytest.mark.parametrize("page", QUOTED, ids=lambda page: page.stem)
def test_no_measured_number_is_typed(page: Path) -> None:
    assert measured_looking(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text", ["takes 28.1 ms", "1,733 times as fast", "20× as fast", "at 58.5 GB/s", "in 3 s", "12%"]
)
def test_a_typed_number_is_seen(text: str) -> None:
    assert measured_looking(f'It {text}.\n<!-- [[[cog say("") ]]] -->\n<!-- [[[end]]] -->\n')
    assert not measured_looking(f'<!-- [[[cog say("") ]]] -->\nIt {text}.\n<!-- [[[end]]] -->\n')


def test_what_is_not_so_is_an_error() -> None:
    with pytest.raises(ValueError, match="no contender"):
        quoting.time_of("no-such")
    with pytest.raises(ValueError, match="a sentence has it"):
        quoting.in_order("python-zip", "python-bigint")
    with pytest.raises(ValueError, match="a sentence has it"):
        quoting.alike("python-zip", "python-bigint")
    with pytest.raises(ValueError, match="no such file"):
        quoting.show("no-such.py")
    with pytest.raises(ValueError, match="no part"):
        quoting.show("01-the-slow-function/loops.py", part="no such")
    with pytest.raises(ValueError, match="has no row"):
        quoting.answer_cell("calls", "Timed directly", "no such", "ns per call")


def test_a_page_that_quotes_nothing_is_not_a_check_that_passed(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# A page\n")
    done = quote("--check", tmp_path / "page.md")
    assert done.returncode == 2 and "page.md quotes nothing" in done.stderr
