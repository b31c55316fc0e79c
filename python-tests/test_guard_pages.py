"""No byte is read outside of a value, nor more of it than is needed, at the edge of memory that cannot be read."""

from __future__ import annotations

import os

import pytest

from programs import run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="protects memory as POSIX does")


def test_every_function_beside_memory_that_cannot_be_read(module):
    print(run("guard_pages", module, "sweep"))


def test_has_doubles_stops_at_the_first_double(module):
    print(run("guard_pages", module, "stops"))
