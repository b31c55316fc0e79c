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
from doubles_lab.atlas import plan
from doubles_lab.ceiling import observation, sources
from doubles_lab.folder import approach_of, bundled, read
from doubles_lab.given import Given, inputs_of
from doubles_lab.measure import building, race
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.schedule import QUICK
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


#: Implementations that may be faster than the floor of their approach, each with the reason.
BELOW: dict[tuple[str, str], str] = {}
#: A floor may seem slower than a real implementation by this share, and by this many seconds.
SHARE, SECONDS = 0.1, 4e-9
#: What a file with floors is called after its approach, so that none is called like a real implementation.
APART = "floor"


def ends(cases: list[Given]) -> list[Given]:
    """The smallest and the largest size of each input."""
    of_input: dict[str, list[Given]] = {}
    for case in cases:
        of_input.setdefault(case.problem_input, []).append(case)
    return [case for each in of_input.values() for case in dict.fromkeys((each[0], each[-1]))]


def floors(count: int, work: Path) -> str:
    """Races every implementation of the atlas beside the floors of its approach: none is faster than all of those.

    So many processes of each, on the smallest and the largest size of each input. Counting
    doubles is left out: some of its implementations take a str of one letter in a quicker way than the floors do.
    """
    above, compared, without = [], 0, []
    for folder in plan.folders():
        if folder.path == bundled():
            continue
        name = folder.problem.name
        real = {each: approach_of(folder.path / each.source) for each in folder.implementations if each.source}
        known = sources.with_floors()
        chosen = sorted({each.name for each in real.values() if each is not None and each.name in known})
        try:
            seen = observation.observe(str(folder.path), [], 60.0, lambda doing: None)
        except observation.Refused as reason:
            without.append(str(reason))
            continue
        place = work / name
        written = sources.write(place, seen.signature, chosen)
        for approach in chosen:
            for file in place.glob(f"{approach}.*"):
                file.rename(file.with_name(f"{approach}_{APART}{file.suffix}"))
        of_floors = read(place)
        # The floors of an approach, by whether arrays are handed to them in the place of lists.
        found: dict[tuple[str, str], list[str]] = {}
        for function in written.functions:
            if function.part == sources.FLOOR:
                called = f"{function.approach}_{APART}{function.name[len(seen.signature.name) :]}".replace("_", "-")
                found.setdefault((function.approach, function.variant), []).append(called)
        pairs = {
            each.name: found.get((approach.name, each.variant), [])
            for each, approach in real.items()
            if approach is not None
        }
        pairs = {each: bounds for each, bounds in pairs.items() if bounds}
        wanted = {*pairs, *(bound for bounds in pairs.values() for bound in bounds)}
        raced = [each for each in (*folder.implementations, *of_floors.implementations) if each.name in wanted]
        building.build(raced, 900.0, Watcher())
        for case in ends([each for each in inputs_of(folder.problem) if each.name in seen.results]):
            result = CaseRecord(case.name, "", "")
            race.race({case: result}, raced, replace(QUICK, processes=count), Watcher())
            levels = case_levels(result)
            failed = [each for each in result.rows if each.status == "failed" and f"-{APART}-" in each.contender]
            assert not failed, f"{name}, {case.name}: {failed[0].contender}: {failed[0].reason}"
            for each, bounds in pairs.items():
                if each not in levels or (name, each) in BELOW:
                    continue
                floor = min((levels[bound] for bound in bounds if bound in levels), key=lambda level: level.log)
                slower = floor.over(levels[each])
                compared += 1
                if slower.low > 1 + SHARE and floor.time.value - levels[each].time.value > SECONDS:
                    above.append(f"{name}, {case.name}: {each} is {slower.value:.2f} times as fast as its floor")
        print(f"{name}: {compared} compared so far; below: {'; '.join(above) or 'none'}", file=sys.stderr, flush=True)
    assert not above, f"{len(above)} of {compared} are below their floor: {'; '.join(above)}"
    told = f"; no floors for {'; '.join(without)}" if without else ""
    return f"{compared} implementations on inputs, none faster than the floor of its approach{told}"


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
