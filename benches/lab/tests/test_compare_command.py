"""`doubles-lab compare`: exit codes, and two races."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import SHORT, Lab, Plant
from test_comparison import a_noisy_row
from test_saved import a_record, a_row

from doubles_lab.results import record, saved
from doubles_lab.results.record import Row


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
        ((old,), 2, "Missing argument 'OLD...'"),
    ]:
        done = lab("compare", *arguments)
        assert done.returncode == code and hint in " ".join(done.stderr.split()), (arguments, done.stderr)


def test_of_several_old_runs_the_median_counts(lab: Lab, tmp_path: Path) -> None:
    olds = [saved_at(tmp_path / f"{i}.json", a_noisy_row("a", time, i)) for i, time in enumerate([1e-6, 3e-6, 2e-6])]
    new = saved_at(tmp_path / "new.json", a_noisy_row("a", 2.1e-6, 9))
    assert lab("compare", *olds, new, "--fail-if-slower", "20%").returncode == 0
    assert lab("compare", olds[0], new, "--fail-if-slower", "20%").returncode == 5
    slow = saved_at(tmp_path / "slow.json", a_noisy_row("a", 2.9e-6, 9))
    done = lab("compare", *olds, slow, "--fail-if-slower", "20%", "--junit", "gate.xml", "--markdown", "gate.md")
    assert done.returncode == 5
    (failure,) = ElementTree.parse(lab.directory / "gate.xml").iter("failure")
    assert re.match(
        r"slower by more than 20 %: (1\.99|2\.0\d) µs → (2\.8|2\.9)\d µs, ratio", failure.get("message", "")
    )
    assert (lab.directory / "gate.md").read_text(encoding="utf-8").startswith("> [!CAUTION]\n> Slower: 1.")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", 0),
        ('fail-if-slower = "10%"', 5),
        ('fail-if-slower = "50%"', 0),
        ('fail-if-slower = "50%"\nlimits = {"*/a" = "10%"}', 5),
        ('fail-if-slower = "10%"\nlimits = {"*/a" = "off"}', 0),
        ('fail-if-slower = "10%"\nlimits = {"*/b" = "off"}', 5),
        ('limits = {"sums/a" = "10%"}', 5),
        ('limits = {"sums" = "10%"}', 5),
        ('limits = {"others" = "10%"}', 0),
        ('limits = {"sums" = "10%", "sums/a" = "50%"}', 0),
        ("fail-if-slower = 10", 2),
        ('fail-if-slow = "10%"', 2),
        ("limits = 3", 2),
        ("= 3", 2),
    ],
)
def test_a_project_has_limits(lab: Lab, tmp_path: Path, said: str, code: int) -> None:
    old = saved_at(tmp_path / "old.json", a_noisy_row("a", 1e-6, 1), a_noisy_row("b", 1e-6, 2))
    new = tmp_path / "new.json"
    made = a_record(a_noisy_row("a", 1.3e-6, 3), a_noisy_row("b", 1e-6, 4))
    made.problem = "sums"
    saved.save(made, new)
    (lab.directory / "pyproject.toml").write_text(f"[tool.doubles-lab.compare]\n{said}\n", encoding="utf-8")
    done = lab("compare", old, new)
    assert done.returncode == code, done.stdout + done.stderr
    if code == 2:
        assert "pyproject.toml" in done.stderr
    # What the command line says counts alone.
    assert lab("compare", old, new, "--fail-if-slower", "50%").returncode == 0


def test_a_run_is_compared_with_another(lab: Lab, plant: Plant) -> None:
    source = """
def f(val):
    if len(val) == 3: time.sleep(float(os.environ['PAUSE']))
    return right(val)
IMPLEMENTATIONS = [contender('sleeps', f)]
"""
    chosen = ("--contenders", plant(source), "--contender", "sleeps", "--case", "size-3", *SHORT, "--processes", 3)
    for pause, output in (("0.001", "old"), ("0.05", "new")):
        assert lab("run", *chosen, "--output", output, PAUSE=pause).returncode == 0

    def file(directory: str) -> Path:
        (found,) = [each for each in (lab.directory / directory).glob("*.json") if each.name.count(".") == 1]
        return found

    assert lab("compare", file("old"), file("new"), "--fail-if-slower", "100%").returncode == 5
    assert lab("compare", file("new"), file("old"), "--fail-if-slower", "0%").returncode == 0
