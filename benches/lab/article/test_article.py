"""The article's own benchmark, over the contenders of the lab: ``pytest benches/lab/article``.

It prints the table that the article printed, for the reader who comes from there. What it cannot do is why
``doubles-lab run`` exists: everything runs in one process and one after another, so a slow minute falls on
whoever is running, and no ratio has an interval.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from doubles_lab import registry
from doubles_lab.case import Input
from doubles_lab.contender import Contender, Raises
from doubles_lab.measure.verify import expectation

(CASE,) = registry.select(registry.find_cases(), ["article"], [], "case")
CONTENDERS = [
    contender for contender in registry.find_contenders() if "article" in contender.tags or "best" in contender.tags
]


@pytest.fixture(scope="session")
def given() -> Input:
    """The million letters, with their counts."""
    return Input(CASE)


def loaded(contender: Contender) -> Callable[[Any], Any]:
    """The function of a contender; skips the test with the reason if it cannot run here."""
    try:
        return contender.load()
    except Exception as reason:
        pytest.skip(f"{contender.name}: {reason}")


@pytest.mark.parametrize("contender", CONTENDERS, ids=lambda contender: contender.name)
def test(contender: Contender, given: Input, benchmark: Any) -> None:
    """Verifies a contender on the input, times it, and verifies it again."""
    expected = expectation(contender, given)
    if isinstance(expected.outcome, Raises):
        pytest.skip(f"{contender.name}: {expected.statement}")
    function = loaded(contender)
    argument = contender.prepare(given.value)
    assert function(argument) == expected.outcome
    assert benchmark(function, argument) == expected.outcome
