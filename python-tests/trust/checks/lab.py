"""The lab: runs that are killed, runs at once, and files that others may have written."""

from __future__ import annotations

import re
import sys

from trust.check import ROOT, Check, Setting, tests_passed

LONG = ROOT / "python-tests" / "trust" / "lab_long.py"
MUTANTS = ROOT / "python-tests" / "trust" / "lab_mutants.py"
COSMIC_RAY = "cosmic-ray==8.7.0"
#: Pairs of races that are made up for each plan.
RACES = 300


def longer(setting: Setting, what: str, number: int) -> str:
    """Runs one of the long trials of the lab, and returns what it says of itself at the end."""
    tests = str(ROOT / "benches" / "lab" / "tests")
    printed = setting.command([sys.executable, LONG, what, str(setting.count(number))], env={"PYTHONPATH": tests})
    return printed.strip().splitlines()[-1]


def killed_files(setting: Setting) -> str:
    """Processes that are killed while they write a file."""
    return longer(setting, "files", 300)


def killed_runs(setting: Setting) -> str:
    """Runs that are killed at random moments, from the start to the end."""
    return longer(setting, "runs", 60)


def at_once(setting: Setting) -> str:
    """Runs that start in the same second with one directory of results and an empty cache of builds."""
    return longer(setting, "at-once", 6)


def records(setting: Setting) -> str:
    """Saved runs that were changed at random."""
    return longer(setting, "records", 4000)


def findings(setting: Setting) -> str:
    """Saved findings that were changed at random."""
    return longer(setting, "findings", 4000)


def explanations(setting: Setting) -> str:
    """Saved answers that were changed at random."""
    return longer(setting, "explanations", 400)


def floors(setting: Setting) -> str:
    """The floors of `doubles-lab ceiling`, beside real implementations of the same approach, on a quiet machine."""
    return longer(setting, "floors", 10)


def every(setting: Setting) -> str:
    """Every floor, translation and implementation that the lab's tests can build, with those that take long."""
    tests = [f"benches/lab/tests/test_{name}.py" for name in ("bundled", "ceiling", "new")]
    printed = setting.command([sys.executable, "-m", "pytest", "-q", *tests], env={"DOUBLES_EVERY": "1"})
    return f"{tests_passed(printed)} passed"


def pages(setting: Setting) -> str:
    """The HTML page of hostile records, in a browser where there is one."""
    printed = setting.command(
        [sys.executable, "-m", "pytest", "-q", "-rs", "benches/lab/tests/test_page.py",
         "benches/lab/tests/test_page_browser.py", "benches/lab/tests/test_hostile_files.py"]
    )  # fmt: skip
    passed = tests_passed(printed)
    skipped = re.search(r"(\d+) skipped", printed)
    return f"{passed} passed" + (f", {skipped[1]} skipped for want of a browser" if skipped else "")


def coverage(setting: Setting) -> str:
    """Races that are made up, with the plans as they are shipped: how often what the lab states holds."""
    tests = ROOT / "benches" / "lab" / "tests"
    printed = setting.command(
        [sys.executable, tests / "simulated.py", str(setting.count(RACES))],
        env={"PYTHONPATH": str(tests.parent), "OMP_NUM_THREADS": "1"},
    )
    return printed.strip().splitlines()[-1]


def mutants(setting: Setting) -> str:
    """Changes what judges and schedules in every way that cosmic-ray knows; each must fail a test, or have a reason in
    ``benches/lab/mutants.toml``.
    """
    place = setting.cache / COSMIC_RAY
    if not place.exists():
        setting.command([sys.executable, "-m", "pip", "install", "--quiet", "--target", place, COSMIC_RAY])
    return setting.command([sys.executable, MUTANTS], env={"COSMIC_RAY": str(place)}).strip().splitlines()[-1]


CHECKS = [
    Check("lab-killed-files", "processes killed while they write a file", "the old file or the new one", killed_files),
    Check("lab-killed-runs", "runs killed at random moments", "all finished processes' samples kept", killed_runs),
    Check("lab-at-once", "runs at once, one directory, one cache", "every run whole, each under its name", at_once),
    Check("lab-hostile-records", "saved runs changed at random", "text or a stated error", records),
    Check("lab-hostile-findings", "saved findings changed at random", "text or a stated error", findings),
    Check("lab-hostile-answers", "saved answers changed at random", "text or a stated error", explanations),
    Check("lab-every", "every implementation of the atlas, more floors and translations", "right", every),
    Check("lab-floors", "floors of a ceiling, beside real implementations", "none slower by 10 %", floors),
    Check("lab-coverage", "races that are made up: how often a stated 95 % holds", "93 % at least", coverage),
    Check("lab-mutants", "changes to what judges and schedules, by cosmic-ray", "none without a reason", mutants),
    Check("lab-hostile-pages", "markup in every text of the HTML page", "shown as text, nothing runs", pages),
]
