"""What to do after a run of a folder, by what its implementations did."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from doubles_lab.folder import FILE, Folder
from doubles_lab.measure import selfcheck
from doubles_lab.measure.verify import UNWRITTEN
from doubles_lab.results.findings import Finding
from doubles_lab.results.record import Record
from doubles_lab.results.verdict import shortly


def next_steps(folder: Folder, broken: Iterable[Finding], result: Record, page: Path | None) -> list[str]:
    """What to do next, a sentence each: what to write or correct, whether to measure again, and the page to open."""
    by_contender: dict[str, list[Finding]] = {}
    for each in broken:
        by_contender.setdefault(each.contender, []).append(each)
    steps = [step(folder, name, found) for name, found in by_contender.items()]
    if not all(each.trustworthy for each in selfcheck.findings(result)):
        steps.append("Run this again while the machine is idle: the lab failed its own check.")
    return steps + ([f"Open {page} in a browser."] if page is not None else [])


def step(folder: Folder, contender: str, found: list[Finding]) -> str:
    """What to do about an implementation that gave a wrong result, or none."""
    place = Path(os.path.relpath(folder.path))
    file = place / (folder.implementation(contender).source or FILE)
    if any(each.reason.startswith(UNWRITTEN) for each in found):
        return f"Write {file}, and run this again."
    cases = list(dict.fromkeys(each.case for each in found))
    edges = [case for case in cases if case in folder.problem.edge_cases]
    text = f"Correct {file}: {contender} differs from the reference on {shortly(cases)}"
    if edges:
        these = "this edge case" if len(edges) == 1 else "these edge cases"
        text += f"; or take {these} out of {place / FILE}, if {folder.problem.name} is never called so"
    return f"{text}."
