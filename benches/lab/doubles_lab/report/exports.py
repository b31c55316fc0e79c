"""A record as Markdown, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

import msgspec

from doubles_lab.measure import selfcheck
from doubles_lab.report import cause
from doubles_lab.report.table import DEFINITIONS, LEADS, interval, setting, size_line, time_unit, why
from doubles_lab.report.terminal import visible
from doubles_lab.results.record import Record
from doubles_lab.results.verdict import Judged, Verdict, leaders, number, sentence

CSV_COLUMNS = [
    "case",
    "contender",
    "rank",
    "leading",
    "status",
    "unit",
    "count",
    "expected",
    "time_ns",
    "low_ns",
    "high_ns",
    "min_ns",
    "max_ns",
    "ratio_to_fastest",
    "baseline",
    "times_as_fast",
    "times_as_fast_low",
    "times_as_fast_high",
    "gb_per_s",
    "samples",
    "language",
    "binding",
    "access",
    "prepared",
    "origin",
    "reason",
    "trustworthy",
]


def rows(result: Record, judged: Judged) -> list[dict[str, Any]]:
    """One flat row for each case and contender, in the order of the verdicts; times in nanoseconds a call."""

    def ns(seconds: float | None) -> float | None:
        return None if seconds is None else round(seconds * 1e9, 3)

    # Whether the lab's check of itself passed; nothing where there was none.
    trusted = {found.case: found.trustworthy for found in selfcheck.findings(result)}

    def flat(case: str, v: Verdict) -> dict[str, Any]:
        time, speedup = v.time, v.speedup
        return {
            "case": case,
            "contender": v.row.contender,
            "rank": v.rank,
            "leading": v.leading,
            "status": v.row.status,
            "unit": v.row.unit,
            "count": v.row.found,
            "expected": v.row.expected,
            "time_ns": ns(time.value if time else None),
            "low_ns": ns(time.low if time else None),
            "high_ns": ns(time.high if time else None),
            "min_ns": ns(v.fastest_sample),
            "max_ns": ns(v.slowest_sample),
            "ratio_to_fastest": v.ratio,
            "baseline": result.baseline if speedup else None,
            "times_as_fast": speedup.value if speedup else None,
            "times_as_fast_low": speedup.low if speedup else None,
            "times_as_fast_high": speedup.high if speedup else None,
            "gb_per_s": v.throughput,
            "samples": sum(len(run.values) for run in v.row.runs),
            "language": v.row.language,
            "binding": v.row.binding,
            "access": v.row.access,
            "prepared": v.row.prepared,
            "origin": v.row.origin,
            "reason": v.row.reason,
            "trustworthy": trusted.get(case),
        }

    return [flat(case.name, v) for case in result.cases for v in judged[case.name]]


def as_csv(result: Record, judged: Judged) -> str:
    """The rows as CSV, with a header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows(result, judged))
    return out.getvalue()


def _cell(value: Any) -> Any:
    """A value for a spreadsheet, which would work a text out as a formula if it began as one."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def as_json(result: Record, judged: Judged) -> str:
    """The rows as JSON, with the machine and how they were measured. The samples are in the saved result."""
    keys = ("date", "seed", "processes", "rounds", "sample_ms", "baseline", "interrupted", "unread", "machine")
    head = {key: getattr(result, key) for key in keys}
    checked = selfcheck.findings(result)
    body = {
        **head,
        "trustworthy": all(found.trustworthy for found in checked) if checked else None,
        "selfchecks": [{**asdict(found), "trustworthy": found.trustworthy} for found in checked],
        "conditions": {case.name: msgspec.to_builtins(case.conditions) for case in result.cases},
        "left_out": {case.name: [asdict(each) for each in cause.left_out(case)] for case in result.cases},
        "definitions": DEFINITIONS,
        "leading": {case.name: [v.row.contender for v in leaders(judged[case.name])] for case in result.cases},
        "rows": rows(result, judged),
    }
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def as_markdown(result: Record, judged: Judged, charts: dict[str, str] | None = None) -> str:
    """The tables as Markdown. ``charts`` maps a case to the path of its picture."""
    lines: list[str] = []
    for case in result.cases:
        found = judged[case.name]
        unit = time_unit(found)
        ranked = [v for v in found if v.rank]
        rest = [v for v in found if not v.rank]
        lines += [f"## {escape(case.name)}", "", f"{escape(case.about)}: {size_line(case)}.", ""]
        lines += [f"**{escape(sentence(found, result.baseline))}**", ""]
        if left_out := cause.sentences(case):
            lines += [escape(left_out[0]), "", *(f"- {escape(line)}" for line in left_out[1:]), ""]
        checked = selfcheck.examine(case, result.seed)
        if checked is not None:
            mark = "" if checked.trustworthy else "**"
            lines += [part for line in selfcheck.sentences(checked) for part in (f"{mark}{escape(line)}{mark}", "")]
        if charts and case.name in charts:
            lines += [f"![{escape(sentence(found, result.baseline))}]({quote(charts[case.name])})", ""]
        if ranked:
            lines.append(
                f"| contender | time, {unit.name} | ratio | times as fast as {escape(result.baseline)} "
                "| GB/s | counts | gets at the string |"
            )
            lines.append("|---|---:|---:|---:|---:|---|---|")
            for v in ranked:
                assert v.time is not None and v.ratio is not None
                cells = [
                    v.row.contender + (f" {LEADS}" if v.leading else ""),
                    unit.of(v.time.value),
                    f"{v.ratio:,.2f}",
                    interval(v.speedup) if v.speedup else "–",
                    number(v.throughput) if v.throughput else "–",
                    v.row.unit,
                    v.row.access,
                ]
                lines.append("| " + " | ".join(escape(cell) for cell in cells) + " |")
            lines.append("")
        if rest:
            lines += [f"| not ranked | time, {unit.name} | count | why |", "|---|---:|---:|---|"]
            for v in rest:
                cells = [
                    v.row.contender,
                    unit.of(v.time.value) if v.time else "–",
                    "–" if v.row.found is None else f"{v.row.found:,}",
                    why(v.row.status, v.row.reason, v.row.found, v.row.expected),
                ]
                lines.append("| " + " | ".join(escape(cell) for cell in cells) + " |")
            lines.append("")
    lines += [f"{escape(line)}  " for line in setting(result)]
    lines += ["", DEFINITIONS, ""]
    return "\n".join(lines)


def escape(text: str) -> str:
    """The text as Markdown shows it letter by letter, on one line."""
    text = re.sub(r"[\\`*_\[\]<>|#&~$@]", r"\\\g<0>", " ".join(visible(text).split("\n")))
    # What GitHub makes a link of by itself.
    return re.sub(r"(?i)(?<=[a-z])(?=://)|(?<=www)(?=\.)", r"\\", text)
