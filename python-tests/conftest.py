"""One suite for both bindings: a test that asks for `doubles` runs once with each."""

from __future__ import annotations

import importlib
import os
from types import ModuleType

import pytest
from hypothesis import settings

# One alone where the other has no build for this Python: DOUBLES_MODULES=doubles_cpython.
MODULES = os.environ.get("DOUBLES_MODULES", "doubles_pyo3 doubles_cpython").split()

settings.register_profile("contract", deadline=None, database=None, print_blob=True)
settings.load_profile("contract")


@pytest.fixture(scope="session", params=MODULES)
def doubles(request: pytest.FixtureRequest) -> ModuleType:
    """A binding. One that cannot be imported is an error, not a skip."""
    return importlib.import_module(request.param)


@pytest.fixture(scope="session")
def both() -> list[ModuleType]:
    """Both bindings, for what must be the same in them."""
    return [importlib.import_module(name) for name in MODULES]
