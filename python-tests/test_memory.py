"""Little memory: each call gives its result or raises MemoryError, and then all goes on."""

from __future__ import annotations

import pytest

from programs import linux, run


@linux
def test_every_function_at_several_limits(module):
    """Of the addresses that the process may have, in processes of their own."""
    print(run("memory_limits", module, "--items", 300_000))


def test_no_object_can_be_made(module):
    pytest.importorskip("_testcapi", reason="this Python has no _testcapi, which takes its memory away")
    print(run("no_memory", module))
