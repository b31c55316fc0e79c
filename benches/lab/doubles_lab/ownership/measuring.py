"""Measures what can be measured of each project in the time that there is, cheapest first.

Builds are kept in the cache, so that asking again goes on where the time ran out.
"""

from __future__ import annotations

import ast
import datetime
import functools
import importlib.metadata
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from doubles_lab.approaches.project import Project
from doubles_lab.implementation import Unavailable
from doubles_lab.ownership import builds, probe, probing, projects, pythons, upkeep
from doubles_lab.questions.answer import Setting

#: What stands for a measurement that there was no time for.
UNMEASURED = {"unmeasured": True}

FREE_THREADING = "Programming Language :: Python :: Free Threading"


class Clock:
    """Whether there is time for another step: for one as long as the longest of its kind so far."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._end = now() + seconds
        self._longest: dict[str, float] = {}

    def step(self, kind: str, work: Callable[[], dict[str, Any]], kept: bool = False) -> dict[str, Any]:
        """What ``work`` returns, or the reason why it cannot, or that there was no time. What is kept takes none."""
        began = self._now()
        if not kept and (began >= self._end or began + self._longest.get(kind, 0.0) > self._end):
            return UNMEASURED
        try:
            found = work()
        except Unavailable as reason:
            found = {"reason": str(reason)}
        self._longest[kind] = max(self._longest.get(kind, 0.0), self._now() - began)
        return found


def measure(setting: Setting, among: Sequence[Project] = ()) -> dict[str, Any]:
    """All of it, as plain data: of every project, or ``among`` these."""
    listed = among or projects.find()
    clock, watcher = Clock(setting.seconds), setting.watcher
    found = pythons.find()
    watcher.case("ownership", len(listed) * (2 + len(found)))
    rows: list[dict[str, Any]] = []
    for project in listed:
        watcher.doing(f"building {project.name}")
        row: dict[str, Any] = {
            "name": project.name,
            "failure": project.failure,
            "packages": list(project.depends_on),
        }
        row["build"] = clock.step("build", functools.partial(facts, project), known(project))
        row["behaviour"] = behaviour(project) if "wheel" in row["build"] else row["build"]
        row["declared"] = declared(project)
        rows.append(row)
        watcher.step()
    # A free-threaded Python has another ABI, which abi3 does not mean.
    others = {each.label: each.path for each in found if each.implementation == "cpython" and not each.no_gil}
    for project, row in zip(listed, rows):
        watcher.doing(f"building {project.name} for the stable ABI")
        row["stable"] = clock.step(
            "stable", functools.partial(builds.stable, project, others), stable_known(project, others)
        )
        watcher.step()
    for row in rows:
        row["pythons"] = {}
    # By Python first, this one and then the newest, so that a time that runs out leaves whole columns.
    for interpreter in sorted(found, key=lambda each: (each.path != sys.executable, -each.minor)):
        for project, row in zip(listed, rows):
            watcher.doing(f"installing {project.name} for Python {interpreter.label}")
            there = pythons.kept(project, interpreter).exists() if exists(project) else True
            row["pythons"][interpreter.label] = clock.step(
                "python",
                functools.partial(pythons.attempt, project, interpreter),
                there,
            )
            watcher.step()
    return {
        "date": datetime.date.today().isoformat(),
        "python": pythons.look(sys.executable).version,  # type: ignore[union-attr]
        "interpreters": [{"label": each.label, "version": each.version, "no_gil": each.no_gil} for each in found],
        "approaches": rows,
        "upkeep": upkeep.read(),
    }


def facts(project: Project) -> dict[str, Any]:
    """What its build says of itself."""
    return builds.built(project).facts


def exists(project: Project) -> bool:
    """Whether its sources are there."""
    try:
        project.source()
    except Unavailable:
        return False
    return True


def known(project: Project) -> bool:
    """Whether its build takes no time: it is in the cache, or cannot be begun."""
    try:
        return builds.is_built(project)
    except Unavailable:
        return True


def stable_known(project: Project, others: dict[str, str]) -> bool:
    """The same for its build for the stable ABI."""
    try:
        return builds.stable_place(project, others)[0].exists()
    except Unavailable:
        return True


def behaviour(project: Project) -> dict[str, Any]:
    """What the module that was built says of its function, and what it does with bad arguments and failures."""
    contents = builds.built(project).contents

    def ask(request: str, argument: str = "") -> dict[str, Any]:
        return probing.ask(contents, project.module, request, argument)

    files = [file.relative_to(contents) for file in contents.rglob("*") if file.is_file()]
    return {
        "described": ask("describe"),
        "stubs": sorted(file.name for file in files if file.suffix == ".pyi"),
        "typed": any(file.name == "py.typed" for file in files),
        "annotated": annotated(contents, project.module),
        "bad": {argument: ask("bad", argument) for argument in probe.ARGUMENTS},
        "failed": ask("fail") if project.failure else {},
    }


def annotated(contents: Path, module: str) -> bool:
    """Whether a type checker finds the function's types in Python source that the wheel holds."""
    for file in (contents / f"{module}.py", contents / module / "__init__.py"):
        if file.exists():
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and node.name == "count_doubles" and node.returns is not None:
                    return True
    return False


def declared(project: Project) -> dict[str, str]:
    """What the installed packages that the project depends on say of free-threaded Python, by their classifiers."""
    found = {}
    for name in project.depends_on:
        try:
            metadata = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        said = [each for each in metadata.get_all("Classifier") or [] if each.startswith(FREE_THREADING)]
        if said:
            found[f"{name} {metadata['Version']}"] = said[0].rpartition(" :: ")[2]
    return found
