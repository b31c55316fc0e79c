"""The lab's check of itself in races, and where it shows."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time

from conftest import SHORT, Lab, Plant
from rich.console import Console
from test_saved import a_record, a_row
from test_selfcheck import a_doubtful_record, checked, quiet

from doubles_lab.measure import conditions
from doubles_lab.report import chart, exports, table
from doubles_lab.results import saved
from doubles_lab.results.verdict import judge

#: The fewest processes with which the lab checks itself.
ENOUGH = ("--processes", 5)


def test_a_doubtful_run_says_so_everywhere() -> None:
    result = a_doubtful_record()
    judged = judge(result)
    said = "NOT TRUSTWORTHY, the lab failed its own check on case"
    console = Console(width=80, file=io.StringIO(), highlight=False)
    table.show(result, judged, console)
    shown = " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]
    assert said in shown and "other processes kept 0.9 CPUs busy" in shown
    assert said in exports.as_markdown(result, judged)
    data = json.loads(exports.as_json(result, judged))
    assert data["trustworthy"] is False
    assert data["selfchecks"][0]["faults"] and data["conditions"]["case"][0]["others"] == 0.9
    assert {row["trustworthy"] for row in csv.DictReader(io.StringIO(exports.as_csv(result, judged)))} == {"False"}
    subtitle = chart.picture(result.cases[0], judged["case"], result)["title"]["subtitle"]
    assert any(said in line for line in subtitle)


def test_a_run_that_passed_says_so() -> None:
    result = a_record()
    result.cases = [checked(quiet)]
    judged = judge(result)
    text = exports.as_markdown(result, judged)
    assert "Self-check passed: fast entered twice took " in text and "NOT TRUSTWORTHY" not in text
    assert "This run can show differences of" in text
    assert json.loads(exports.as_json(result, judged))["trustworthy"] is True
    subtitle = chart.picture(result.cases[0], judged["case"], result)["title"]["subtitle"]
    assert not any("TRUSTWORTHY" in line for line in subtitle)


def test_what_was_saved_before_there_were_self_checks_is_shown() -> None:
    result = a_record(a_row("slow", 1e-3))
    assert json.loads(exports.as_json(result, judge(result)))["trustworthy"] is None


def test_a_run_checks_itself_by_its_fastest(lab: Lab, plant: Plant) -> None:
    source = """
def slow(val):
    if len(val) == 1024: time.sleep(0.002)
    return right(val)
IMPLEMENTATIONS = [contender('slow', slow), contender('fast', right)]
"""
    chosen = ("--contender", "slow", "--contender", "fast", "--case", "size-1k")
    done = lab("run", "--contenders", plant(source), *chosen, *SHORT, *ENOUGH)
    assert done.returncode == 0
    result = saved.read(lab.record_file)
    check = result.cases[0].selfcheck
    assert check is not None and check.reason == ""
    # The input and the rounds of the race, from processes of its own that end in different rounds.
    assert (check.contender, check.length) == ("fast", 1024)
    for samples in (check.original, check.twin, check.slowed):
        assert sum(map(len, samples)) == 15 and all(0 < len(group) <= 3 for group in samples)
        assert len(samples) in (5, 6)
    assert check.original == next(row for row in result.cases[0].rows if row.contender == "fast").samples
    assert all(loops % 4 == 0 for loops in check.loops)
    assert ("Self-check passed" in done.stdout) != ("NOT TRUSTWORTHY" in done.stdout)
    assert [row.contender for row in result.cases[0].rows] == ["slow", "fast"]


def test_where_no_contender_will_do_a_plain_loop_does(lab: Lab, plant: Plant) -> None:
    source = """
def sleepy(val):
    if len(val) == 1024: time.sleep(0.05)
    return right(val)
IMPLEMENTATIONS = [contender('sleepy', sleepy)]
"""
    lab("run", "--contenders", plant(source), "--contender", "sleepy", "--case", "size-1k", *SHORT, *ENOUGH)
    check = saved.read(lab.record_file).cases[0].selfcheck
    assert check is not None and check.contender == "python-zip" and check.original


def test_a_race_too_short_to_check_itself_says_so_and_does_not_try(lab: Lab) -> None:
    done = lab("run", "--case", "size-1k", "--contender", "python-zip", *SHORT)
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    assert (
        "NOT TRUSTWORTHY, the lab failed its own check on size-1k: the lab could not check itself: "
        "1 processes of each are too few to tell anything; it takes 5." in said
    )
    assert "What disturbed it" not in said
    check = saved.read(lab.record_file).cases[0].selfcheck
    assert check is not None and (check.contender, check.original) == ("", [])
    shown = lab("report", lab.record_file)
    assert shown.returncode == 0 and "are too few to tell anything" in " ".join(shown.stdout.split())


def test_readings_tell_other_processes_from_our_own() -> None:
    spin = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass"
    busy = subprocess.Popen([sys.executable, "-c", spin + "\ntime.sleep(100)"])
    try:
        before = conditions.read([busy.pid])
        time.sleep(1.0)
        after = conditions.read([busy.pid])
    finally:
        busy.kill()
        busy.wait()
    assert after.ours - before.ours > 0.1
    assert after.busy - before.busy > 0.1
    told = conditions.between(before, after)
    assert told.others is not None
    assert told.seconds >= 1.0
