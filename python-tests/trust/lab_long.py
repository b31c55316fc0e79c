"""Long trials of the lab, for the rows of ``checks/lab.py``: ``python lab_long.py WHAT COUNT``.

They do what the lab's tests do a few times, with the same functions, many times. PYTHONPATH names those tests.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import hostile_files
import test_killed
from doubles_lab.ceiling import observation, sources
from doubles_lab.folder import approach_of, bundled, read
from doubles_lab.given import Given
from doubles_lab.measure import race
from doubles_lab.measure.selfcheck import case_levels
from doubles_lab.results import saved
from doubles_lab.results.record import CaseRecord
from hypothesis import HealthCheck, given, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from conftest import HEADER, Lab

ROOT = Path(__file__).resolve().parents[2]


def files(count: int, work: Path) -> str:
    """Kills processes that write."""
    file = work / "file"
    file.write_text("a" * 1_000_000)
    broken = test_killed.killed_writers(file, count, seed=2)
    assert not broken, f"{len(broken)} of {count} files were not whole: {', '.join(broken[:5])}"
    return f"{count} kills, every file whole"


def runs(count: int, work: Path) -> str:
    """Kills runs at random moments; what had been measured by then must be in the saved file."""
    contenders = work / "contenders"
    contenders.mkdir()
    (contenders / "planted.py").write_text(HEADER + test_killed.LOGGED)
    whole = Lab(work / "whole")
    whole.directory.mkdir()
    with test_killed.racing(whole, contenders) as (run, _):
        start = time.monotonic()
        assert run.wait() == 0, run.returncode
    seconds = time.monotonic() - start
    draw, lost, began, kept_in_all, killed_early = random.Random(3), [], 0, 0, 0
    for number in range(count):
        lab = Lab(work / str(number))
        lab.directory.mkdir()
        begun, kept = test_killed.killed_run(lab, contenders, after=draw.random() * seconds * 1.1)
        began, kept_in_all = began + begun, kept_in_all + kept
        killed_early += begun < test_killed.PROCESSES
        # The last one that began had not finished, and what the ones before it gave was perhaps not kept yet.
        if kept < begun - 3:
            lost.append(f"{begun} began and {kept} were kept")
        for file in lab.saved(""):
            if file.name.startswith("."):
                continue
            assert file.stat().st_size > 0, file.name
            if file.name.endswith(".summary.json"):
                json.loads(file.read_text())
    assert not lost, f"{len(lost)} of {count} runs lost samples: {lost[0]}"
    assert killed_early, "no run was killed before its end"
    return f"{count} kills, {killed_early} amid the rounds; {kept_in_all} of {began} processes kept, none lost"


def at_once(count: int, work: Path) -> str:
    """Runs that share a directory and an empty cache, with a contender that is built."""
    lab = Lab(work)
    chosen = [part for name in ("python-once", "ctypes-utf8", "c-fastcall") for part in ("--contender", name)]
    command = lab.command("run", "--case", "size-1k", *chosen, "--processes", 2, "--rounds", 3, "--no-charts")
    env = {**os.environ, "DOUBLES_LAB_CACHE": str(work / "cache")}
    started = [
        subprocess.Popen(command, cwd=work, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    for run in started:
        said = run.communicate()[1]
        assert run.returncode == 0, said
        assert "killed" not in said, said
    results = [saved.read(file) for file in lab.saved(".json") if file.name.count(".") == 1]
    assert len(results) == count, f"{len(results)} of {count} results"
    assert len({result.seed for result in results}) == count
    rows = [row for result in results for case in result.cases for row in case.rows]
    assert all(row.status == "ranked" for row in rows), {row.contender: row.reason for row in rows}
    left = [file.name for file in lab.results.iterdir() if file.name.startswith(".")]
    assert not left, left
    return f"{count} runs whole, {len(rows)} rows ranked"


def fuzzed(good: str, holds: Callable[[Path], None], count: int, work: Path) -> str:
    """Reads what is made of a good file."""
    seen = {"read": 0}

    @settings(
        max_examples=count, deadline=None, suppress_health_check=list(HealthCheck),
        database=DirectoryBasedExampleDatabase(ROOT / "target" / "trust" / "hypothesis"),
    )  # fmt: skip
    @given(hostile_files.hostile(good))
    def one(text: str) -> None:
        seen["read"] += 1
        holds(hostile_files.write(work / "file.json", text))

    one()
    return f"{seen['read']:,} files, each text or a stated error"


def records(count: int, work: Path) -> str:
    return fuzzed(hostile_files.a_good_record(), hostile_files.record_is_text, count, work)


def findings(count: int, work: Path) -> str:
    return fuzzed(hostile_files.good_findings(), hostile_files.findings_are_text, count, work)


def explanations(count: int, work: Path) -> str:
    recorded = ROOT / "docs" / "results" / "letters" / "run.explain.json"
    return fuzzed(recorded.read_text(encoding="utf-8"), hostile_files.explanation_is_text, count, work)


#: Real implementations of problems, and the floor of the same approach and the same arguments.
FLOORS = {
    "add": {
        "pyo3-real": "pyo3-typed",
        "cython-real": "cython-typed",
        "pybind11-real": "pybind11-typed",
        "c-real": "c-objects",
    },
    "sum_floats": {
        "pyo3-real": "pyo3-typed",
        "pyo3-real-list": "pyo3-objects",
        "cython-real": "cython-typed",
        "cython-real-array": "cython-memoryview-array",
        "nanobind-real": "nanobind-typed",
        "numba-real-array": "numba-array",
        "numpy-real-array": "numpy-array",
    },
    "word_count": {"pyo3-real": "pyo3-typed", "cython-real": "cython-typed", "rust-cpython-real": "rust-cpython-typed"},
    "count_doubles": {
        "cython-real": "cython-typed",
        "c-real-o": "c-objects",
        "pybind11-real-utf8": "pybind11-typed",
        "nanobind-real-utf8": "nanobind-typed",
    },
}
#: Source files that are called otherwise than their approach.
REAL = {"cython_best.pyx": "cython_real.pyx"}
#: A floor may seem slower than a real implementation by this share, and by this many seconds.
SHARE, SECONDS = 0.1, 4e-9


def floors(count: int, work: Path) -> str:
    """Races the floors of functions beside real implementations in so many processes of each: no floor is slower."""
    above, compared = [], 0
    for name, pairs in FLOORS.items():
        problem = bundled() if name == "count_doubles" else ROOT / "benches" / "lab" / "tests" / "problems" / name
        inputs = ["article"] if name == "count_doubles" else []
        seen = observation.observe(str(problem), inputs, 60.0, lambda doing: None)
        place = work / name
        sources.write(place, seen.signature, sorted(sources.with_floors()))
        for source in problem.iterdir():
            approach = approach_of(source)
            if approach is not None and (source.stem == approach.name or source.name in REAL):
                real = REAL.get(source.name, f"{approach.name}_real{source.suffix}")
                (place / real).write_bytes(source.read_bytes())
        with (place / "problem.py").open("a") as file:
            links = f"getattr(load(Path({str(problem)!r})), 'LINKS', lambda source: Links())"
            file.write("\nfrom pathlib import Path\nfrom doubles_lab.approaches.approach import Links\n")
            file.write(f"from doubles_lab.folder import load\n\nOF_REAL = {links}\n")
            file.write("LINKS = lambda source: OF_REAL(source.replace('_real', ''))\n")
        folder = read(place)
        raced = [each for each in folder.implementations if each.name in {*pairs, *pairs.values()}]
        assert len(raced) == len({*pairs, *pairs.values()}), sorted({*pairs, *pairs.values()} - {r.name for r in raced})
        building.build(raced, 900.0, Watcher())
        for row in seen.signature.rows:
            result = CaseRecord(row.name, "", "")
            known = {"": seen.results[row.name]}
            make = folder.problem.input(row.name).make
            given = Given(folder.problem, row.name, make, problem_input=row.name, known=known)
            race.race({given: result}, raced, replace(QUICK, processes=count), Watcher())
            found = case_levels(result)
            for real, floor in pairs.items():
                broken = [
                    f"{each.contender}: {each.reason}"
                    for each in result.rows
                    if each.contender in (real, floor) and each.reason
                ]
                assert not broken, f"{row.name}: {broken[0]}"
                slower = found[floor].over(found[real])
                compared += 1
                if slower.low > 1 + SHARE and found[floor].time.value - found[real].time.value > SECONDS:
                    above.append(f"{floor} takes {slower.value:.2f} times as long as {real} on {row.name}")
    assert not above, f"{len(above)} of {compared} floors are above what is real: {'; '.join(above)}"
    return f"{compared} floors, none above the real implementation of the same approach"


TRIALS = {
    "floors": floors,
    "files": files,
    "runs": runs,
    "at-once": at_once,
    "records": records,
    "findings": findings,
    "explanations": explanations,
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        print(TRIALS[sys.argv[1]](int(sys.argv[2]), Path(directory)))
