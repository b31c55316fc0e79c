"""Races with planted implementations: what is wrong is caught, and costs the others nothing.

They are verified before a race, so that what the race itself is to catch is wrong on its input alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import SHORT, Lab, Plant

from doubles_lab.results import saved
from doubles_lab.results.record import Row


def rows_of(lab: Lab) -> dict[str, Row]:
    """The rows of the one saved result, by contender."""
    return {row.contender: row for case in saved.read(lab.record_file).cases for row in case.rows}


def race(lab: Lab, directory: Path, *names: str, case: str = "size-1k") -> subprocess.CompletedProcess[str]:
    """Races planted implementations beside one that is right."""
    chosen = [argument for name in ("python-zip", *names) for argument in ("--contender", name)]
    return lab("run", "--case", case, "--contenders", directory, *chosen, *SHORT)


def test_one_that_is_wrong_when_verified_is_not_raced(lab: Lab, plant: Plant) -> None:
    done = race(lab, plant("IMPLEMENTATIONS = [contender('liar', lambda val: right(val) + 1)]"), "liar")
    assert done.returncode == 1
    rows = rows_of(lab)
    assert rows["python-zip"].status == "ranked" and rows["python-zip"].runs
    liar = rows["liar"]
    assert (liar.status, liar.runs) == ("wrong", [])
    assert re.fullmatch(r"on article it gives \d+ and must give \d+", liar.reason)
    assert liar.reason in " ".join(done.stdout.split())


def test_a_wrong_one_is_caught_and_not_ranked(lab: Lab, plant: Plant) -> None:
    source = "IMPLEMENTATIONS = [contender('liar', lambda val: right(val) + (len(val) == 1024))]"
    done = race(lab, plant(source), "liar")
    assert done.returncode == 1
    rows = rows_of(lab)
    assert rows["python-zip"].status == "ranked" and rows["python-zip"].runs
    liar = rows["liar"]
    assert (liar.status, liar.runs) == ("wrong", [])
    assert liar.found is not None and liar.expected is not None and liar.found == liar.expected + 1
    assert re.search(rf"liar .*wrong: gives {liar.found} and must give {liar.expected}", done.stdout)


def test_one_in_a_million_is_caught(lab: Lab, plant: Plant) -> None:
    source = (
        "IMPLEMENTATIONS = [contender('nearly', lambda val: right(val[:-1]) + right(val[-2:]) - (len(val) == 1 << 20))]"
    )
    assert race(lab, plant(source), "nearly", case="size-1M").returncode == 1
    row = rows_of(lab)["nearly"]
    assert row.status == "wrong" and row.found is not None and row.found + 1 == row.expected


def test_one_that_becomes_wrong_later_is_caught(lab: Lab, plant: Plant) -> None:
    source = """
calls = itertools.count()
IMPLEMENTATIONS = [contender('tired', lambda val: right(val) + (next(calls) > 300))]
"""
    done = race(lab, plant(source), "tired")
    assert done.returncode == 1
    assert rows_of(lab)["tired"].status == "wrong"
    assert rows_of(lab)["tired"].runs == []


@pytest.mark.parametrize("place", ["0", "len(val) // 2", "len(val) - 2"])
def test_one_that_misses_a_single_pair_of_a_million_is_caught(lab: Lab, plant: Plant, place: str) -> None:
    source = f"""
def f(val):
    if len(val) != 1 << 20: return right(val)
    at = {place}
    step = -1 if at else 1
    while val[at] != val[at + 1]: at += step
    return right(val[:at + 1]) + right(val[at + 1:])
IMPLEMENTATIONS = [contender('misses', f)]
"""
    assert race(lab, plant(source), "misses", case="size-1M").returncode == 1
    row = rows_of(lab)["misses"]
    assert row.status == "wrong" and row.found is not None and row.expected is not None
    assert row.expected - row.found == 1


@pytest.mark.parametrize("when", ["== 1", "== 317", "% 300 == 299", "> 300"])
def test_one_that_is_right_at_first_and_wrong_on_a_later_call_is_caught(lab: Lab, plant: Plant, when: str) -> None:
    source = f"""
calls = itertools.count()
IMPLEMENTATIONS = [contender('sometimes', lambda val: right(val) + (len(val) == 1024 and next(calls) {when}))]
"""
    done = race(lab, plant(source), "sometimes")
    assert done.returncode == 1
    row = rows_of(lab)["sometimes"]
    assert (row.status, row.runs) == ("wrong", [])
    assert row.expected is not None
    assert re.search(
        rf"^gives {row.expected + 1} and must give {row.expected}( in [\d,]+ of [\d,]+ calls)?$", row.reason
    )


def test_one_whose_errors_cancel_is_caught(lab: Lab, plant: Plant) -> None:
    source = """
calls = itertools.count()
def f(val):
    call = next(calls) if len(val) == 1024 else 0
    return right(val) + ((-1) ** call if call > 100 else 0)
IMPLEMENTATIONS = [contender('balanced', f)]
"""
    assert race(lab, plant(source), "balanced").returncode == 1
    assert rows_of(lab)["balanced"].status == "wrong"


def test_one_that_later_returns_what_only_equals_the_count_is_caught(lab: Lab, plant: Plant) -> None:
    source = """
calls = itertools.count()
IMPLEMENTATIONS = [contender('floats', lambda val: right(val) if len(val) != 1024 or next(calls) != 50 else 26.0)]
"""
    assert race(lab, plant(source), "floats").returncode == 1
    row = rows_of(lab)["floats"]
    assert row.expected == 26 and row.status == "wrong"
    said = r"gives 26\.0 \(float\), which cannot be compared: TypeError: .* in 1 of [\d,]+ calls"
    assert re.fullmatch(said, row.reason)


def test_another_unit_is_shown_apart_with_both_counts(lab: Lab, plant: Plant) -> None:
    source = "IMPLEMENTATIONS = [contender('bytewise', lambda val: oracle.count_bytes(val), unit=Unit.BYTES)]"
    (lab.directory / "a.txt").write_text("ééa" * 50, encoding="utf-8")
    directory = plant(source)
    done = lab(
        "run",
        "--file",
        "a.txt",
        "--contenders",
        directory,
        "--contender",
        "bytewise",
        "--contender",
        "python-*",
        *SHORT,
    )
    assert done.returncode == 0
    row = rows_of(lab)["bytewise"]
    assert (row.status, row.found, row.expected) == ("apart", 0, 50)
    assert row.runs and all(run.values for run in row.runs)
    assert "counts bytes, not characters: 0 in place of 50" in " ".join(done.stdout.split())
    ranked = done.stdout.partition("Not ranked")[0]
    assert "bytewise" not in ranked and "python-zip" in ranked


def test_where_units_agree_all_are_ranked(lab: Lab, plant: Plant) -> None:
    source = "IMPLEMENTATIONS = [contender('bytewise', lambda val: oracle.count_bytes(val), unit=Unit.BYTES)]"
    race(lab, plant(source), "bytewise")
    assert rows_of(lab)["bytewise"].status == "ranked"


@pytest.mark.parametrize(
    ("name", "source", "status", "reason"),
    [
        (
            "raises",
            "raise RuntimeError('no [bold]luck[/bold]')",
            "failed",
            "raises RuntimeError: no [bold]luck[/bold]",
        ),
        ("crashes", "os.kill(os.getpid(), signal.SIGSEGV)", "failed", "crashed: SIGSEGV"),
        ("exits", "sys.exit(3)", "failed", "raises SystemExit: 3"),
        ("leaves", "os._exit(3)", "failed", "ended its process with exit code 3"),
        (
            "returns",
            "return 'many'",
            "wrong",
            "gives 'many' (str), which cannot be compared: TypeError: 'str' object cannot be interpreted as an integer",
        ),
    ],
)
def test_one_that_fails_is_a_row(lab: Lab, plant: Plant, name: str, source: str, status: str, reason: str) -> None:
    planted = f"""
def f(val):
    if len(val) == 1024: {source}
    return right(val)
IMPLEMENTATIONS = [contender('{name}', f)]
"""
    done = race(lab, plant(planted), name)
    assert done.returncode == 1
    rows = rows_of(lab)
    assert (rows[name].status, rows[name].reason) == (status, reason)
    assert rows["python-zip"].status == "ranked"
    assert sum(len(run.values) for run in rows["python-zip"].runs) == 3
    assert reason in " ".join(done.stdout.split())


def test_one_that_hangs_is_a_row(lab: Lab, plant: Plant) -> None:
    source = """
def f(val):
    while len(val) == 1024: pass
    return right(val)
IMPLEMENTATIONS = [contender('hangs', f)]
"""
    directory = plant(source)
    chosen = ("--contender", "hangs", "--contender", "python-zip")
    done = lab(
        "run",
        "--case",
        "size-1k",
        "--contenders",
        directory,
        *chosen,
        "--processes",
        1,
        "--rounds",
        2,
        "--timeout",
        5,
        "--no-charts",
    )
    assert done.returncode == 1
    assert rows_of(lab)["hangs"].reason == "hung: no answer within 5 s"
    assert rows_of(lab)["python-zip"].status == "ranked"


def test_a_crash_in_a_later_round_costs_that_one_alone(lab: Lab, plant: Plant) -> None:
    source = """
calls = itertools.count()
def f(val):
    if next(calls) > 300: os.kill(os.getpid(), signal.SIGABRT)
    return right(val)
IMPLEMENTATIONS = [contender('fuse', f)]
"""
    assert race(lab, plant(source), "fuse").returncode == 1
    assert "SIGABRT" in rows_of(lab)["fuse"].reason
    assert rows_of(lab)["python-zip"].status == "ranked"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            "def load(): raise Unavailable('needs a compiler')\nIMPLEMENTATIONS = [contender('absent', load=load)]",
            "needs a compiler",
        ),
        (
            "def load(): import no_such_thing\nIMPLEMENTATIONS = [contender('absent', load=load)]",
            "no_such_thing is not installed",
        ),
        (
            "def load(): return 1 / 0\nIMPLEMENTATIONS = [contender('absent', load=load)]",
            "cannot be loaded: ZeroDivisionError",
        ),
        ("def load(): os._exit(0)\nIMPLEMENTATIONS = [contender('absent', load=load)]", "while it was loaded"),
        ("IMPLEMENTATIONS = 1 / 0", "cannot be loaded: ZeroDivisionError"),
        ("syntax error", "cannot be loaded: SyntaxError"),
    ],
)
def test_one_that_cannot_run_is_a_row(lab: Lab, plant: Plant, source: str, reason: str) -> None:
    done = race(lab, plant(source, "absent"), "absent")
    assert reason in rows_of(lab)["absent"].reason
    assert reason.split(":")[0] in " ".join(done.stdout.split())
    assert rows_of(lab)["python-zip"].status == "ranked"


def test_what_one_prints_does_no_harm(lab: Lab, plant: Plant) -> None:
    source = "def f(val):\n    print('{}')\n    return right(val)\nIMPLEMENTATIONS = [contender('chatty', f)]"
    assert race(lab, plant(source), "chatty").returncode == 0
    assert rows_of(lab)["chatty"].status == "ranked"


def test_an_exception_that_is_stated_is_no_failure(lab: Lab) -> None:
    done = lab("run", "--case", "size-0", "--contender", "python-once", "--contender", "python-zip", *SHORT)
    assert done.returncode == 0
    row = rows_of(lab)["python-once"]
    assert row.status == "apart" and "raises StopIteration, as it states" in row.reason


def test_a_statement_that_no_longer_holds_is_a_failure(lab: Lab, plant: Plant) -> None:
    source = "IMPLEMENTATIONS = [contender('modest', right, divergences=(Divergence('gives 7', lambda text: 7),))]"
    done = race(lab, plant(source), "modest")
    assert done.returncode == 1
    assert rows_of(lab)["modest"].status == "wrong"


def test_the_order_of_rounds_depends_on_the_seed_alone(lab: Lab, plant: Plant) -> None:
    source = """
def f(name):
    def g(val):
        if len(val) == 3:  # as what is timed
            with open(os.environ['ORDER'], 'a') as log: log.write(name)
            time.sleep(0.02)
        return right(val)
    return g
IMPLEMENTATIONS = [contender(name, f(name)) for name in 'abcde']
"""
    directory = plant(source)

    def order(seed: int) -> str:
        log = lab.directory / "order"
        log.write_text("")
        done = lab(
            "run", "--case", "size-3", "--contenders", directory, "--contender", "?", "--no-files", "--quick",
            "--processes", 1, "--rounds", 1, "--seed", seed, "--examples", 0, ORDER=str(log),
        )  # fmt: skip
        assert done.returncode == 0
        return log.read_text()[-5:]

    first, again, other = order(1), order(1), order(2)
    assert first == again != other
    assert sorted(first) == list("abcde")


def interrupted(lab: Lab, *arguments: object, after: float, saved: bool = True) -> tuple[int, str, str]:
    """What a run printed that got Ctrl-C after a few seconds, once it has saved something if it is to."""
    run = subprocess.Popen(
        lab.command("run", *arguments),
        cwd=lab.directory,
        env={**os.environ, "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 60
    while saved and not lab.saved(".json") and run.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(after)
    os.killpg(run.pid, signal.SIGINT)
    out, err = run.communicate(timeout=30)
    return run.returncode, out, err


def test_ctrl_c_keeps_what_was_measured(lab: Lab) -> None:
    code, out, err = interrupted(
        lab,
        "--case",
        "size-64",
        "--contender",
        "python-z*",
        "--contender",
        "python-m*",
        "--rounds",
        100000,
        "--no-charts",
        after=1,
    )
    assert code == 130
    assert "Traceback" not in err
    assert "Interrupted: this is what had been measured by then." in out
    rows = rows_of(lab)
    assert {row.status for row in rows.values()} == {"ranked"}
    assert all(row.runs[0].values for row in rows.values())


def test_ctrl_c_between_cases_keeps_the_first(lab: Lab) -> None:
    code, out, _ = interrupted(
        lab,
        "--case",
        "size-3",
        "--case",
        "size-64M",
        "--contender",
        "python-zip",
        "--processes",
        1,
        "--rounds",
        2,
        "--no-charts",
        after=2,
    )
    assert code == 130
    first = saved.read(lab.record_file).cases[0]
    assert first.rows[0].status == "ranked"
    assert "size-3" in out


def test_no_process_is_left_behind(lab: Lab, plant: Plant) -> None:
    directory = plant("def f(val):\n    time.sleep(1000)\nIMPLEMENTATIONS = [contender('sleeps', f)]")
    interrupted(lab, "--case", "size-3", "--contenders", directory, "--contender", "sleeps", after=3, saved=False)
    time.sleep(0.5)
    ours = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == lab.directory.resolve():
                ours.append(process.name)
    assert ours == []


def test_files_are_complete_or_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.json"
    saved.write_whole(file, "old")

    def fail(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        saved.write_whole(file, "new")
    assert file.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]
    assert json.dumps(file.read_text()) == '"old"'
