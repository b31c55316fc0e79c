"""A record as Markdown, CSV and JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import msgspec

from doubles_lab.measure import selfcheck
from doubles_lab.report import cause, document
from doubles_lab.report.table import bounded, definitions, report
from doubles_lab.results.record import Record
from doubles_lab.results.verdict import Judged, Verdict, leaders


def rows(result: Record, judged: Judged) -> list[dict[str, Any]]:
    """One flat row for each case and contender, in the order of the verdicts; times in nanoseconds a call."""

    def ns(seconds: float | None) -> float | None:
        return None if seconds is None else round(seconds * 1e9, 3)

    # Whether the lab's check of itself passed; nothing where there was none.
    trusted = {found.case: found.trustworthy for found in selfcheck.findings(result)}

    def flat(case: str, v: Verdict) -> dict[str, Any]:
        time, speedup = v.time, v.speedup
        span = time if time and bounded(time) else None
        ratios = speedup if speedup and bounded(speedup) else None
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
            "low_ns": ns(span.low if span else None),
            "high_ns": ns(span.high if span else None),
            "min_ns": ns(v.fastest_sample),
            "max_ns": ns(v.slowest_sample),
            "ratio_to_fastest": v.ratio,
            "baseline": result.baseline if speedup else None,
            "times_as_fast": speedup.value if speedup else None,
            "times_as_fast_low": ratios.low if ratios else None,
            "times_as_fast_high": ratios.high if ratios else None,
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
    flat = rows(result, judged)
    return document.as_csv(list(flat[0]) if flat else [], [list(row.values()) for row in flat])


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
        "definitions": definitions(result),
        "leading": {case.name: [v.row.contender for v in leaders(judged[case.name])] for case in result.cases},
        "rows": rows(result, judged),
    }
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def as_markdown(result: Record, judged: Judged, charts: dict[str, str] | None = None) -> str:
    """The tables as Markdown. ``charts`` maps a case to the path of its picture."""
    return document.markdown(report(result, judged, charts))
