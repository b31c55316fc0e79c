"""The lab as somebody has it who never saw the repository: its wheel, an empty folder, and one slow function."""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from doubles_lab.results.record import RANKED

from trust.check import Check, Failed, Setting
from trust.release.building import BUILDS
from trust.release.checks.packages import python
from trust.release.checks.wheels import empty

#: A function of a kind that no problem of the lab and no test has, with what it is called with, and a problem of it.
FILES = {
    "meter.py": """
def smoothed(readings: list[float], weight: float) -> list[float]:
    found = []
    level = readings[0]
    for reading in readings:
        level += weight * (reading - level)
        found.append(level)
    return found


def of_size(n):
    from doubles_lab import Call

    return Call([i % 7 / 4 for i in range(n)], 0.25)
""",
    "smoothed/problem.py": """
from doubles_lab import Call, Input, Problem, approximately
from meter import of_size, smoothed

PROBLEM = Problem(
    smoothed,
    inputs=[Input.sized("readings", of_size, [10, 1_000])],
    edge_cases={"none": Call([], 0.5), "text": Call("a", 0.5), "NaN": Call([float("nan"), 2.5], 1.0)},
    equal=approximately(),
)
""",
    "smoothed/python.py": """
def smoothed(readings, weight):
    level = readings[0]
    return [level := level + weight * (reading - level) for reading in readings]
""",
    "smoothed/cython.pyx": """
def smoothed(list readings, double weight):
    cdef double level = readings[0], reading
    found = []
    for reading in readings:
        level += weight * (reading - level)
        found.append(level)
    return found
""",
    "smoothed/pyo3.rs": """
use pyo3::{exceptions::PyIndexError, prelude::*};

#[pyfunction]
fn smoothed(readings: Vec<f64>, weight: f64) -> PyResult<Vec<f64>> {
    let first = readings.first().ok_or_else(|| PyIndexError::new_err("no readings"))?;
    let mut level = *first;
    Ok(readings.iter().map(|reading| { level += weight * (reading - level); level }).collect())
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::smoothed;
}
""",
    "test_meter.py": """
import meter
from doubles_lab import Call, Input, Problem

PROBLEM = Problem(meter.smoothed, [Input.sized("readings", meter.of_size, [100])])


def again(readings, weight):
    return meter.smoothed(readings, weight)


def test_a_function(doubles_lab):
    assert doubles_lab.race(PROBLEM, {"again": again}).speedup("again") > 0


def test_a_folder(doubles_lab):
    assert not doubles_lab.race("smoothed", contenders=["python", "cython"], cases=["readings-10"]).unavailable
""",
}
CEILING = ("ceiling", "meter:smoothed", "--example", "meter:of_size", "--budget", "5s")
#: What each of the usual approaches must have said of itself where nothing compiles.
WITHOUT_COMPILERS = {
    "Cython": r"cython: cython (?:and setuptools are|is) not installed: pip install cython",
    "pybind11": r"pybind11: pybind11 (?:and setuptools are|is) not installed: pip install pybind11",
    "PyO3": r"pyo3: no Rust \(https://rustup\.rs\)",
    "NumPy": r"(?m)^NumPy .* \d",
}


class Walk:
    """One environment and one folder, in which commands are run as its user runs them, and timed."""

    def __init__(self, setting: Setting, place: Path) -> None:
        self.setting, self.place = setting, place
        self.user = place / "user"
        self.inside = empty(python(), place / "venv")
        self.took: list[str] = []
        self.env = {
            "DOUBLES_LAB_CACHE": str(place / "cache"), "COLUMNS": "200", "PYTHONPATH": "", "VIRTUAL_ENV": "",
            "PYO3_PYTHON": "", "PYTHON_SYS_EXECUTABLE": "", "CARGO_TARGET_DIR": "", "RUSTFLAGS": "",
        }  # fmt: skip
        for name, content in FILES.items():
            file = self.user / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content.lstrip(), encoding="utf-8")

    def step(self, what: str, command: Sequence[str | Path], **env: str) -> str:
        """What a command prints; its time is kept."""
        began = time.monotonic()
        printed = self.setting.command(command, {**self.env, **env}, cwd=self.user)
        self.took.append(f"{what} {time.monotonic() - began:.0f} s")
        return printed

    def pip(self, what: str, *packages: str | Path) -> str:
        """Installs packages."""
        return self.step(what, [self.inside, "-m", "pip", "--disable-pip-version-check", "install", *packages])

    def lab(self, what: str, *arguments: str | Path, **env: str) -> str:
        """Runs the lab."""
        return self.step(what, [self.inside.with_name("doubles-lab"), *arguments], **env)


def walk(setting: Setting) -> str:
    """A ceiling without compilers, what it says to install, one with them; `new`; a problem's race, page and tests."""
    with tempfile.TemporaryDirectory() as directory:
        walked = Walk(setting, Path(directory))
        sizes = re.findall(r"\((\d[\d.]*) (k|M)B\)", walked.pip("installed in", BUILDS.lab(setting)))
        megabytes = sum(float(size) / (1 if unit == "M" else 1000) for size, unit in sizes)
        bare = walked.lab("a ceiling without compilers", *CEILING, PATH=str(walked.inside.parent))
        for name, said in WITHOUT_COMPILERS.items():
            if not re.search(said, bare):
                raise Failed(f"without compilers, nothing is said of {name} that matches {said}")
        advised = re.findall(r"cython: .*: pip install (.+)", bare)[0].split()
        walked.pip("what it says to install", *advised)
        ceiling = walked.lab("a ceiling with them", *CEILING, "--approach", "cython", "--approach", "pyo3")
        if lost := [name for name in ("Cython", "PyO3") if not re.search(rf"(?m)^{name} .* \d", ceiling)]:
            raise Failed(f"no ceiling of {' and '.join(lost)}")
        walked.lab("new", "new", "written", "--from", CEILING[1], *CEILING[2:4], "--approach", "cython")
        walked.lab("verify what it wrote", "verify", "written", "--contender", "cython")
        walked.lab("verify", "verify", "smoothed")
        walked.lab("run", "run", "smoothed", "--budget", "20s", "--no-charts")
        results = walked.user / "results"
        rows = json.loads(next(results.glob("*.summary.json")).read_text(encoding="utf-8"))["rows"]
        if lost := [f"{row['contender']}: {row['reason']}" for row in rows if row["status"] != RANKED]:
            raise Failed(f"not everything raced: {lost[0]}")
        saved = next(file for file in results.glob("*.json") if file.name.count(".") == 1)
        walked.lab("page", "report", saved, "--html", "page.html")
        if "readings-1000" not in (walked.user / "page.html").read_text(encoding="utf-8"):
            raise Failed("the page says nothing of the race")
        walked.lab(
            "explain",
            "explain",
            "payoff",
            "--contender",
            "python-zip",
            "--contender",
            "numpy-frombuffer",
            "--budget",
            "20s",
        )
        walked.pip("pytest installed in", "pytest")
        tested = walked.step("a test", [walked.inside, "-m", "pytest", "--doubles-lab-budget=2s"])
        if not re.search(r"2 passed", tested) or "readings-100" not in tested:
            raise Failed("the plug-in for pytest did not race")
    return f"{megabytes:.0f} MB in {len(sizes)} files, {'; '.join(walked.took)}"


CHECKS = [
    Check(
        "lab-walk",
        "the lab from its wheel, an empty folder, a slow function",
        "ceiling, new, run, page and test work; what is missing is named",
        walk,
    ),
]
