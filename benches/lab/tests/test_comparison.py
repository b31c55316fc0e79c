"""Two runs, one against the other: ratios that are known, what cannot be compared, and exit codes."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from conftest import SHORT, Lab, Plant
from rich.console import Console
from test_saved import a_record, a_row

from doubles_lab.measure.statistics import change
from doubles_lab.report import document
from doubles_lab.results import comparison, record, saved
from doubles_lab.results.record import Record, Row, Run


def a_noisy_row(name: str, seconds: float, seed: int, noise: float = 0.01, processes: int = 5) -> Row:
    """A row with so many processes of 20 rounds each."""
    rng = np.random.default_rng(seed)
    runs = [Run(10, [(1, seconds)], list(seconds * rng.normal(1, noise, 20))) for _ in range(processes)]
    return a_row(name, seconds, runs=runs)


def test_a_known_change_is_within_its_interval() -> None:
    for factor in (0.8, 1.0, 1.2):
        old, new = a_noisy_row("a", 1e-6, 1).samples, a_noisy_row("a", factor * 1e-6, 2).samples
        found = change(new, old)
        assert found.low <= factor * 1.003 and found.high >= factor * 0.997
        assert found.high - found.low < 0.05
        assert change(new, old) == found


def test_the_interval_widens_with_either_run() -> None:
    def width(old: float, new: float) -> float:
        found = change(a_noisy_row("a", 1e-6, 1, new).samples, a_noisy_row("a", 1e-6, 2, old).samples)
        return found.high - found.low

    assert width(0.1, 0.01) > 3 * width(0.01, 0.01)
    assert width(0.01, 0.1) > 3 * width(0.01, 0.01)


def test_no_samples_are_an_error() -> None:
    with pytest.raises(ValueError, match="no samples"):
        change([[]], [[1.0]])


def compared(old: Row, new: Row) -> comparison.Change:
    """What became of a contender that is in both."""
    (found,) = comparison.compare(a_record(old), a_record(new))
    return found


def test_slower_faster_and_neither() -> None:
    row = a_noisy_row("a", 1e-6, 1)
    assert compared(row, a_noisy_row("a", 1.1e-6, 2)).verdict == "slower"
    assert compared(row, a_noisy_row("a", 0.9e-6, 2)).verdict == "faster"
    assert compared(row, row).verdict == comparison.NO_CHANGE


def test_only_an_interval_that_is_beyond_the_limit_exceeds_it() -> None:
    sure = compared(a_noisy_row("a", 1e-6, 1), a_noisy_row("a", 1.2e-6, 2))
    assert sure.exceeds(0.1) and not sure.exceeds(0.2)
    unsure = compared(a_noisy_row("a", 1e-6, 1, noise=0.4), a_noisy_row("a", 1.2e-6, 2, noise=0.4))
    assert unsure.ratio is not None and unsure.ratio.value > 1.1
    assert not unsure.exceeds(0.1)


@pytest.mark.parametrize(
    ("old", "new", "note", "broken"),
    [
        (a_row("a", 1e-6), a_row("a", 1.0, record.WRONG, reason="gives 7"), "new run: wrong: gives 7", True),
        (a_row("a", 1e-6), a_row("a", 1.0, record.FAILED, reason="crashed", runs=[]), "new run: crashed", True),
        (a_row("a", 1e-6), a_row("a", 1.0, record.UNAVAILABLE, reason="needs x", runs=[]), "new run: needs x", False),
        (a_row("a", 1.0, record.WRONG, reason="gives 7"), a_row("a", 1e-6), "old run: wrong: gives 7", False),
        (
            a_row("a", 1e-6),
            a_row("a", 1e-6, record.APART, found=2),
            "gave 3 in the old run and 2 in the new one",
            False,
        ),
        (a_row("a", 1e-6), a_row("b", 1e-6), "is not in the old run", False),
    ],
)
def test_what_cannot_be_compared_says_why(old: Row, new: Row, note: str, broken: bool) -> None:
    first = comparison.compare(a_record(old), a_record(new))[0]
    assert (first.ratio, first.note, first.broken) == (None, note, broken)


def test_another_input_of_the_same_name_is_not_compared() -> None:
    old, new = a_record(a_row("a", 1e-6)), a_record(a_row("a", 1e-6))
    new.cases[0].sha256 = "11"
    assert "another one" in comparison.compare(old, new)[0].note


def test_contenders_of_the_old_run_alone_come_last() -> None:
    old, new = a_record(a_row("gone", 1e-6), a_row("both", 1e-6)), a_record(a_row("both", 1e-6), a_row("new", 1e-6))
    found = comparison.compare(old, new)
    assert [each.contender for each in found] == ["both", "new", "gone"]
    assert found[2].note == "is not in the new run"


def test_relative_to_another_takes_out_what_fell_on_both() -> None:
    def run(factor: float, seed: int) -> Record:
        return a_record(a_noisy_row("slow", factor * 1e-3, seed), a_noisy_row("a", factor * 1e-6, seed + 1))

    by_time = comparison.compare(run(1, 1), run(2, 3))
    assert [each.verdict for each in by_time] == ["slower", "slower"]
    relative = {each.contender: each for each in comparison.compare(run(1, 1), run(2, 3), "slow")}
    assert relative["a"].ratio is not None and abs(relative["a"].ratio.value - 1) < 0.02
    assert relative["slow"].ratio is not None and relative["slow"].ratio.value == 1.0
    missing = comparison.compare(a_record(a_row("a", 1.0)), a_record(a_row("a", 1.0)), "slow")
    assert missing[0].note == "slow was not timed in both runs"


def test_other_versions_are_named() -> None:
    found = compared(a_row("a", 1.0, versions={"numpy": "2.0"}), a_row("a", 1.0, versions={"numpy": "2.1"}))
    assert found.note == "numpy 2.0 → 2.1"


def test_another_machine_and_another_python_are_warned_of() -> None:
    old, new = a_record(a_row("a", 1.0)), a_record(a_row("a", 1.0))
    assert comparison.warnings(old, new) == []
    new.machine = {"cpu_model_name": "B CPU", "cpu_count": 2, "python_version": "3.14.0"}
    new.interrupted = True
    assert comparison.warnings(old, new) == [
        "another CPU: A CPU → B CPU",
        "another Python: unknown → 3.14.0",
        "the new run was interrupted",
    ]


def test_a_run_that_failed_its_own_check_is_warned_of() -> None:
    from test_selfcheck import a_doubtful_record

    found = comparison.warnings(a_record(a_row("slow", 1.0)), a_doubtful_record())
    assert len(found) == 1 and found[0].startswith("the new run failed its own check on case: fast entered twice")


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits(width: int) -> None:
    name = "[red]a-name-that-is-as-long[/red]"
    found = comparison.compare(a_record(a_row(name, 1e-6), a_row("b", 2.0)), a_record(a_row(name, 2e-6)))
    console = Console(width=width, file=io.StringIO(), highlight=False)
    document.show(comparison.report(found, ["another CPU: A → B"], 0.1, last=True), console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert max(map(len, text.splitlines())) <= width
    assert "Warning: another CPU: A → B." in text
    assert "2.000 [" in text
    assert f"Slower by more than 10 %: {name} on case." in " ".join(text.split())
    markdown = document.markdown(comparison.report(found, ["x"], None))
    assert "| 2.000 \\[" in markdown and "Slower: 1; not compared: 1." in markdown


def saved_at(file: Path, *rows: Row) -> Path:
    saved.save(a_record(*rows), file)
    return file


def test_exit_codes(lab: Lab, tmp_path: Path) -> None:
    old = saved_at(tmp_path / "old.json", a_noisy_row("a", 1e-6, 1), a_noisy_row("b", 1e-6, 2))
    slow = saved_at(tmp_path / "slow.json", a_noisy_row("a", 1.3e-6, 3), a_noisy_row("b", 1e-6, 4))
    broken = saved_at(tmp_path / "broken.json", a_row("a", 1.0, record.WRONG, found=7), a_noisy_row("b", 1e-6, 4))
    other = saved_at(tmp_path / "other.json", a_noisy_row("c", 1e-6, 1))
    assert lab("compare", old, slow).returncode == 0
    assert lab("compare", old, slow, "--fail-if-slower", "50%").returncode == 0
    done = lab("compare", old, slow, "--fail-if-slower", "10%", "--output", "out.md")
    assert done.returncode == 5
    assert "Slower by more than 10 %: a on case." in done.stdout
    assert "a on case" in (lab.directory / "out.md").read_text(encoding="utf-8")
    assert lab("compare", old, slow, "--fail-if-slower", "10%", "--contender", "b").returncode == 0
    assert lab("compare", old, broken).returncode == 1
    assert lab("compare", old, other).returncode == 4
    for arguments, code, hint in [
        ((old, "missing.json"), 4, "missing.json: No such file"),
        ((old, slow, "--fail-if-slower", "10"), 2, "is not a percentage such as 10%"),
        ((old, slow, "--fail-if-slower", "-5%"), 2, "is not a percentage such as 10%"),
        ((old, slow, "--contender", "x"), 2, "no contender in these results is called 'x'"),
        ((old, slow, "--case", "csae"), 2, "did you mean case"),
        ((old, slow, "--relative-to", "x"), 2, "no contender in these results is called 'x'"),
        ((old,), 2, "Missing argument 'NEW'"),
    ]:
        done = lab("compare", *arguments)
        assert done.returncode == code and hint in " ".join(done.stderr.split()), (arguments, done.stderr)


def test_a_run_is_compared_with_another(lab: Lab, plant: Plant) -> None:
    source = """
def f(val):
    time.sleep(float(os.environ['PAUSE']))
    return right(val)
CONTENDERS = [contender('sleeps', f)]
"""
    chosen = ("--contenders", plant(source), "--contender", "sleeps", "--case", "size-3", *SHORT)
    for pause, output in (("0.001", "old"), ("0.05", "new")):
        assert lab("run", *chosen, "--output", output, PAUSE=pause).returncode == 0

    def file(directory: str) -> Path:
        (found,) = [
            each for each in (lab.directory / directory).glob("*.json") if not each.name.endswith("summary.json")
        ]
        return found

    assert lab("compare", file("old"), file("new"), "--fail-if-slower", "100%").returncode == 5
    assert lab("compare", file("new"), file("old"), "--fail-if-slower", "0%").returncode == 0
