"""Changes what the lab judges and schedules by in every way that cosmic-ray knows, and prints which no test notices.

    python lab_mutants.py COSMIC_RAY [MODULE ...]

``COSMIC_RAY`` is the directory of its programs. Each module is changed in a copy, and tested by its own tests, which
start no process. Exits with 1 if a change survives without a reason in ``trust.lab_survivors``.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from trust.lab_survivors import REASONS

LAB = Path(__file__).resolve().parents[2] / "benches" / "lab"
CONFIG = "cosmic-ray.toml"
#: The modules, and the tests that are to notice.
TESTS = {
    "doubles_lab/measure/statistics.py": ("test_statistics", "test_comparison"),
    "doubles_lab/measure/selfcheck.py": ("test_selfcheck",),
    "doubles_lab/measure/race.py": ("test_schedule", "test_selfcheck"),
    "doubles_lab/results/verdict.py": ("test_verdict",),
    "doubles_lab/results/comparison.py": ("test_comparison",),
    "doubles_lab/questions/crossover.py": ("test_crossover",),
    "doubles_lab/questions/fit.py": ("test_fit",),
}
#: What schedules in the module of the race; the rest of it talks to processes, which its own tests start.
SCHEDULE = {
    *("Plan", "__init__", "affordable", "budgeted", "end", "itself", "keep", "let_go", "look", "looks", "one_cpu"),
    *("one_round", "processes_of", "race", "record", "renew", "running", "sample", "spread", "steps"),
}


def tried(programs: Path, module: str) -> tuple[Counter[str], list[tuple[str, str, str]]]:
    """How the changes to a module came out, and those that no test noticed."""
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory)
        for name in ("doubles_lab", "tests"):
            shutil.copytree(LAB / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(LAB / "pyproject.toml", copy)
        test = f"{sys.executable} -m pytest -x -q -p no:cacheprovider -p no:xdist"
        command = " ".join([test, *(f"tests/{name}.py" for name in TESTS[module])])
        config = (LAB / CONFIG).read_text(encoding="utf-8")
        config = re.sub(r"(?s)module-path = \[.*?\]", f'module-path = ["{module}"]', config)
        config = re.sub("test-command = .*", f'test-command = "{command}"', config)
        (copy / CONFIG).write_text(config, encoding="utf-8")
        env = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
        # Unchanged, they pass.
        subprocess.run(command.split(), cwd=copy, env=env, check=True, stdout=subprocess.DEVNULL)
        session = copy / "session.sqlite"

        def ray(program: str, *arguments: str | Path) -> None:
            subprocess.run([programs / program, *arguments], cwd=copy, env=env, check=True, stdout=subprocess.DEVNULL)

        ray("cosmic-ray", "init", CONFIG, session)
        ray("cr-filter-operators", session, CONFIG)
        if module.endswith("race.py"):
            skip(session)
        ray("cosmic-ray", "exec", CONFIG, session)
        return outcomes(session, module)


def skip(session: Path) -> None:
    """Has what does not schedule not be tried."""
    with sqlite3.connect(session) as base:
        for job, name in base.execute("select job_id, definition_name from mutation_specs").fetchall():
            if name is not None and name not in SCHEDULE:
                base.execute("delete from work_results where job_id = ?", (job,))
                base.execute("insert into work_results (worker_outcome, job_id) values ('SKIPPED', ?)", (job,))


def outcomes(session: Path, module: str) -> tuple[Counter[str], list[tuple[str, str, str]]]:
    """What a session holds."""
    with sqlite3.connect(session) as base:
        found = base.execute("select test_outcome, worker_outcome, diff from work_results").fetchall()
    counts = Counter(str(outcome) for outcome, worker, _ in found if worker != "SKIPPED")
    return counts, [change for outcome, _, diff in found if outcome == "SURVIVED" for change in changed(diff, module)]


def changed(diff: str, module: str) -> Iterator[tuple[str, str, str]]:
    """The file, the line, and what became of it."""
    lines = diff.splitlines()
    removed = [line[1:].strip() for line in lines if line.startswith("-") and not line.startswith("---")]
    added = [line[1:].strip() for line in lines if line.startswith("+") and not line.startswith("+++")]
    yield module, " ".join(removed), " ".join(added)


def main() -> None:
    """Tries every module, two at a time or more, and tells of the survivors."""
    programs, *modules = sys.argv[1:]
    total: Counter[str] = Counter()
    unexplained = explained = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for counts, survivors in pool.map(lambda module: tried(Path(programs), module), modules or TESTS):
            total += counts
            for survivor in survivors:
                if survivor in REASONS:
                    explained += 1
                else:
                    unexplained += 1
                    print("no reason: {}: {}  →  {}".format(*survivor), flush=True)
    print(f"{sum(total.values())} changes, {total['KILLED']} noticed, {explained} with a reason, {unexplained} without")
    sys.exit(1 if unexplained or not total["KILLED"] else 0)


if __name__ == "__main__":
    main()
