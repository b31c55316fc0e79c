"""Call forms: whatever a function is called with, both bindings return the same, or raise the same class and text."""

from __future__ import annotations

import pytest

from functions import MODULES
from programs import linux, run


@linux
def test_both_modules_say_the_same(both):
    if len(both) < 2:
        pytest.skip(f"one binding alone: {MODULES}")
    print(run("call_forms", "--seed", 14))
