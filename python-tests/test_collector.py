"""A garbage collection while a function builds its result: no container is seen, or changed, before it is filled."""

from __future__ import annotations

from programs import run


def test_the_collector_sees_nothing_unfinished(module):
    print(run("collector", module))
