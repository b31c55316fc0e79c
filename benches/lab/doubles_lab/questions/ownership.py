"""What else do I sign up for? Builds, sizes, Pythons, errors and upkeep."""

from __future__ import annotations

from doubles_lab.ownership.answering import answer
from doubles_lab.ownership.measuring import measure
from doubles_lab.questions.answer import Question

QUESTION = Question(
    name="ownership",
    number=7,
    text="What else do I sign up for?",
    measure=measure,
    answer=answer,
    # Building is what it measures.
    seconds=600.0,
)
