"""A record, answers and findings that are made up, with markup in every text, for the page's tests."""

from __future__ import annotations

from typing import Any

import altair as alt
from test_saved import a_record, a_row

from doubles_lab.implementation import Raises, Unit
from doubles_lab.questions.answer import Answer, Chart, Question
from doubles_lab.questions.explain import Explanation
from doubles_lab.report.document import Table
from doubles_lab.report.page import Parts, render
from doubles_lab.results import record
from doubles_lab.results.findings import Checked, Finding, Findings
from doubles_lab.results.record import Record
from doubles_lab.results.verdict import judge

HOSTILE = "<script>alert(1)</script>"
#: What would break out of an attribute, of a script element, of a comment, of a template, of a Vega expression.
NASTY = [
    HOSTILE,
    "\"'><img/src=x/onerror=alert(2)>",
    "</script><script>alert(3)</script>",
    "<!--<script>",
    "{{7*7}}${8*8}\\u003c\\",
    "');alert(4)//",
]


def a_hostile_record() -> Record:
    """Ranked contenders, in two languages and with three tags, and one of each other status."""
    rows = [a_row(name, 1e-6 * (place + 1), tags=["nasty", name], access=name) for place, name in enumerate(NASTY)]
    rows += [
        a_row("slow", 2e-3, tags=["plain"]),
        a_row("fast", 1e-7, tags=["plain", "best"], language="Rust", binding="PyO3", origin=HOSTILE),
        a_row("array", 2e-7, tags=["best"], binding="NumPy", prepared=True, access="array already there"),
        a_row("bytewise", 5e-7, record.APART, found=2, reason=f"counts {HOSTILE}"),
        a_row("liar", 1e-9, record.WRONG, found=7, reason="gives 7 and must give 3"),
        a_row("crasher", 1e-9, record.FAILED, found=None, runs=[], reason=NASTY[2]),
        a_row("absent", 1e-9, record.UNAVAILABLE, found=None, runs=[], reason=NASTY[1], versions={HOSTILE: NASTY[1]}),
    ]
    result = a_record(*rows, name=HOSTILE)
    result.cases[0].about = f"the file {NASTY[2]}"
    result.machine.update(cpu_model_name=HOSTILE, revision="abc-dirty", hostname=NASTY[1])
    result.command = f"doubles-lab run --file '{HOSTILE}' --seed 1"
    result.unread = [NASTY[1]]
    return result


def a_chart(**more: Any) -> Chart:
    """Lines over sizes, on log scales, of two contenders and of something that is none."""
    points = [
        {"contender": name, "size": 10**power, "ns": 10.0**power * factor}
        for name, factor in ((HOSTILE, 2), ("fast", 1), ("not a contender", 3))
        for power in range(5)
    ]
    drawn = (
        alt.Chart(alt.InlineData(values=points), **more)
        .mark_line(point=True)
        .encode(
            x=alt.X("size:Q", scale=alt.Scale(type="log"), title="size, bytes"),
            y=alt.Y("ns:Q", scale=alt.Scale(type="log"), title="time, ns (log scale)"),
            color="contender:N",
            tooltip=["contender:N", "size:Q", "ns:Q"],
        )
    )
    return Chart(f"Time over size {HOSTILE}", drawn.to_dict(), f"Lines: {HOSTILE} is slower than fast")


def an_answer(number: int, charts: list[Chart]) -> tuple[Question, Answer]:
    question = Question(f"made-up-{number}", number, f"What does {NASTY[0]} cost?", lambda setting: {}, _no_answer)
    table = Table(f"Costs {HOSTILE}", ("Contender", "ns"), [(HOSTILE, "2"), ("fast", "1"), ("other", "3")], (1,))
    return question, Answer(f"It costs little, {HOSTILE}.", [table], charts, f"Measured.\n\nTwice, {NASTY[2]}.")


def _no_answer(data: dict[str, Any]) -> Answer:
    raise NotImplementedError


def some_findings() -> Findings:
    inputs = [Checked(HOSTILE, "markup", f"'{HOSTILE}'", 3), Checked("empty", "nothing", "''", 0)]
    found = [
        Finding("fast", Unit.CHARACTERS, HOSTILE, 3, 3, "", False),
        Finding("fast", Unit.CHARACTERS, "empty", 0, 0, "", False),
        Finding(HOSTILE, Unit.BYTES, HOSTILE, 2, 2, f"counts {HOSTILE}", False),
        Finding(HOSTILE, Unit.BYTES, "empty", Raises("ValueError"), 0, f"must give {NASTY[2]}", True),
        Finding("absent", Unit.CHARACTERS, HOSTILE, None, None, NASTY[1], False),
        Finding("absent", Unit.CHARACTERS, "empty", None, None, NASTY[1], False),
    ]
    return Findings("2026-01-01 12:00:00", inputs, found)


def a_page(result: Record | None = None, **more: Any) -> str:
    """The page of made-up parts."""
    result = result or a_hostile_record()
    parts = {
        "answers": [an_answer(2, [a_chart(), a_chart(title="Another")]), an_answer(4, [])],
        "explanation": Explanation("2026-01-02 12:00:00", {"cpu_model_name": HOSTILE}, 7),
        "findings": some_findings(),
        "result_name": f"{HOSTILE}.json".replace("/", ""),
        "files": [f"{HOSTILE}.json".replace("/", ""), "javascript:alert(5).svg"],
        **more,
    }
    return render(result, judge(result), Parts(**parts))
