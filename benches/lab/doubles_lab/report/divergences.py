"""Where contenders differ from a count by character, side by side: the table that ``verify`` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from doubles_lab.implementation import Raises, Unit
from doubles_lab.report.document import Cell, Column, Part, Table
from doubles_lab.results.findings import Checked, Finding, Findings


@dataclass(frozen=True)
class Difference:
    """Contenders that give the same on one case, for the same reason, and not the count that is ranked."""

    case: str
    text: str
    expected: Any
    found: Any
    reason: str
    contenders: tuple[str, ...]
    broken: bool


def differences(inputs: Sequence[Checked], findings: Sequence[Finding]) -> list[Difference]:
    """The differences by case, broken ones first. Those of :func:`never` are left out."""
    result: list[Difference] = []
    always = {name for names in never(findings).values() for name in names}
    for given in inputs:
        here = [finding for finding in findings if finding.case == given.name]
        groups: dict[tuple[bool, str, str], list[Finding]] = {}
        for finding in here:
            if finding.broken or (finding.found not in (None, given.expected) and finding.contender not in always):
                groups.setdefault((not finding.broken, str(finding.found), finding.reason), []).append(finding)
        for (not_broken, _, reason), group in sorted(groups.items()):
            names = tuple(finding.contender for finding in group)
            unit = group[0].unit
            if (
                len(names) > 2
                and set(names) == {f.contender for f in here if f.unit == unit and f.found is not None} - always
            ):
                names = (f"all {len(names)} that count {unit}",)
            result.append(
                Difference(given.name, given.excerpt, given.expected, group[0].found, reason, names, not not_broken)
            )
    return result


def never(findings: Sequence[Finding]) -> dict[str, list[str]]:
    """Contenders that gave a result on no case, as stated or because they could not run, by reason."""
    gave_nothing = (type(None), Raises)
    excluded = {each.contender for each in findings if each.broken or not isinstance(each.found, gave_nothing)}
    result: dict[str, list[str]] = {}
    # The commonest reason stands for all of a contender.
    reasons: dict[str, Counter[str]] = {}
    for finding in findings:
        if finding.contender not in excluded:
            raises = f"raises {finding.found}: " if finding.found is not None else ""
            reasons.setdefault(finding.contender, Counter())[raises + finding.reason] += 1
    for name, counter in reasons.items():
        result.setdefault(counter.most_common(1)[0][0], []).append(name)
    return result


def summary(inputs: Sequence[Checked], findings: Sequence[Finding]) -> str:
    """How many agree, differ as stated, and break what they state."""
    absent = {name for names in never(findings).values() for name in names}
    ran = {finding.contender for finding in findings} - absent
    broken = {finding.contender for finding in findings if finding.broken}
    expected = {given.name: given.expected for given in inputs}
    differ = {f.contender for f in findings if f.found not in (None, expected[f.case])} & ran - broken
    text = (
        f"Contenders: {len(ran)}, cases: {len(inputs)}. Right everywhere: {len(ran - differ - broken)}; "
        f"differ and say so: {len(differ)}; broke what they state: {len(broken)}"
    )
    return text + (f"; could not run: {len(absent)}." if absent else ".")


def units(findings: Sequence[Finding]) -> dict[str, list[str]]:
    """The contenders that count anything but characters, by unit."""
    result: dict[str, list[str]] = {}
    for finding in findings:
        names = result.setdefault(str(finding.unit), [])
        if finding.contender not in names:
            names.append(finding.contender)
    for ranked in (str(Unit.CHARACTERS), ""):
        result.pop(ranked, None)
    return result


def shown(outcome: Any) -> str:
    """An outcome for people."""
    return "–" if outcome is None else f"{outcome:,}" if isinstance(outcome, int) else str(outcome)


def table(inputs: Sequence[Checked], findings: Sequence[Finding]) -> Table:
    """The differences as a table."""
    columns = (
        Column("Case"),
        Column("Input", below=True),
        Column("Reference", number=True),
        *map(Column, ("Given", "Why")),
    )
    rows = []
    for each in differences(inputs, findings):
        style = "failed" if each.broken else "stated"
        why = Cell(("BROKEN: " if each.broken else "") + each.reason, style)
        given = Cell(shown(each.found), "" if each.broken else style)
        rows.append((each.case, each.text, shown(each.expected), given, why, ", ".join(each.contenders)))
    title = "Results that are not the reference's, or not as stated"
    return Table(title, (*columns, Column("By", below=True)), rows, shared=3)


def report(found: Findings) -> list[Part]:
    """The differences, what counts another unit, what could not run, and the summary."""
    differ = table(found.inputs, found.findings)
    parts: list[Part] = [differ] if differ.rows else []
    lines = [*notes(found.findings), *([said] if (said := generated(found)) else [])]
    return [*parts, *lines, "", Cell(summary(found.inputs, found.findings), "strong")]


def generated(found: Findings) -> str:
    """What was generated, and how many inputs it were; "" if nothing was asked for."""
    if (made := found.generated) is None:
        return ""
    if not made.examples:
        return f"Generated inputs: none; {made.note}." if made.note else "Generated inputs: none."
    broken = {each.contender for each in found.findings if each.broken}
    cut = [f"{name} ({tried:,})" for name, tried in made.tried.items() if tried < made.examples and name not in broken]
    note = f"; {made.note}" if made.note else ""
    note += f"; there was no time for all of them with {', '.join(cut)}" if cut else ""
    tried = f"{made.examples:,} tried on each, or up to one that differs"
    return f"Generated inputs like {made.of}: {tried}, seed {made.seed}{note}."


def notes(findings: Sequence[Finding]) -> list[str]:
    """What counts anything but characters, and what could not run, a line for each unit and reason."""
    lines = [f"Count {unit}: {', '.join(names)}." for unit, names in units(findings).items()]
    return lines + [f"Could not run: {', '.join(names)}: {reason}." for reason, names in never(findings).items()]
