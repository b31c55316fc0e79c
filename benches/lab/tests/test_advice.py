"""What a run of a folder says to do next."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_saved import a_record
from test_selfcheck import a_doubtful_record

from doubles_lab.cli import advice
from doubles_lab.folder import read
from doubles_lab.results.findings import Finding

PROBLEM = """
from doubles_lab import Input, Problem
def double(n): return 2 * n
PROBLEM = Problem(double, [Input.of("six", 6)], edge_cases={"zero": 0, "2**63": 2**63})
"""


def differs(case: str, reason: str = "gives 1 and must give 2") -> Finding:
    return Finding("python", "", case, 1, 2, reason, True)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ([], []),
        ([differs("six", "not written yet: make int of n")], ["Write double/python.py, and run this again."]),
        ([differs("six")], ["Correct double/python.py: python differs from the reference on six."]),
        (
            [differs("2**63")],
            [
                "Correct double/python.py: python differs from the reference on 2**63; or take this edge case out of "
                "double/problem.py, if double is never called so."
            ],
        ),
        (
            [differs("zero"), differs("2**63")],
            [
                "Correct double/python.py: python differs from the reference on zero and 2**63; or take these edge "
                "cases out of double/problem.py, if double is never called so."
            ],
        ),
    ],
)
def test_each_implementation_that_differs_has_a_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: list[Finding], said: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "double"
    folder.mkdir()
    (folder / "problem.py").write_text(PROBLEM, encoding="utf-8")
    (folder / "python.py").write_text("def double(n): return 1\n", encoding="utf-8")
    problem = read(folder)
    assert advice.next_steps(problem, broken, a_record(), None) == said
    page = Path("results/a.html")
    again = "Run this again while the machine is idle: the lab failed its own check."
    found = advice.next_steps(problem, broken, a_doubtful_record(), page)
    assert found == [*said, again, "Open results/a.html in a browser."]
