"""The article's own benchmark, over the implementations of the lab: ``pytest benches/lab/article``.

It prints the table that the article printed, for the reader who comes from there. What it cannot do is why
``doubles-lab run`` exists: everything runs in one process and one after another, so a slow minute falls on
whoever is running, and no ratio has an interval.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from doubles_lab.folder import bundled, function_of, read
from doubles_lab.given import Given, expectation, of_input
from doubles_lab.implementation import Implementation, Raises
from doubles_lab.problem import Call

FOLDER = read(bundled())
IMPLEMENTATIONS = [each for each in FOLDER.implementations if "article" in each.tags or "best" in each.tags]


@pytest.fixture(scope="session")
def given() -> Given:
    """The million letters, with their counts."""
    return of_input(FOLDER.problem, FOLDER.problem.input("article"))


def loaded(implementation: Implementation) -> Callable[..., Any]:
    """The function of an implementation; skips the test with the reason if it cannot run here."""
    try:
        function: Callable[..., Any] = function_of(FOLDER, implementation)
    except Exception as reason:
        pytest.skip(f"{implementation.name}: {reason}")
    return function


@pytest.mark.parametrize("implementation", IMPLEMENTATIONS, ids=lambda each: each.name)
def test(implementation: Implementation, given: Given, benchmark: Any) -> None:
    """Verifies an implementation on the input, times it, and verifies it again."""
    expected = expectation(implementation, given)
    if isinstance(expected.outcome, Raises):
        pytest.skip(f"{implementation.name}: {expected.statement}")
    function = loaded(implementation)
    variant = implementation.variant
    call = Call.of(FOLDER.problem.variant(variant).make(given.call)) if variant else given.call
    assert function(*call.args) == expected.outcome
    assert benchmark(function, *call.args) == expected.outcome
