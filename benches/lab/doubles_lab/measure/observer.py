"""The process that observes a function before it has implementations. It answers requests as :mod:`.worker` does."""

from __future__ import annotations

from doubles_lab.ceiling.observing import WithObservation
from doubles_lab.measure.worker import main
from doubles_lab.scaffold.describing import WithDescription


class Observer(WithDescription, WithObservation):
    """All requests about such a function: each is a method."""


if __name__ == "__main__":
    main(Observer())
