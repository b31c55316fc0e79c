"""One suite for both bindings: a test that asks for `doubles` runs once with each."""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType

import pytest
from hypothesis import settings

# One alone where the other has no build for this Python: DOUBLES_MODULES=doubles_cpython.
MODULES = os.environ.get("DOUBLES_MODULES", "doubles_pyo3 doubles_cpython").split()

settings.register_profile("contract", deadline=None, database=None, print_blob=True)
settings.load_profile("contract")


def unknown(module: str) -> str:
    """Why there can be no such binding for this Python, or an empty string."""
    too_new = module == "doubles_cpython" and sys.version_info >= (3, 14)
    return "no doubles_cpython: rust-cpython does not support this version of Python" if too_new else ""


@pytest.fixture(scope="session", params=MODULES)
def doubles(request: pytest.FixtureRequest) -> ModuleType:
    """A binding. One that cannot be imported is an error, not a skip, but where there can be none."""
    if unknown(request.param):
        pytest.skip(unknown(request.param))
    return importlib.import_module(request.param)


@pytest.fixture(scope="session")
def both() -> list[ModuleType]:
    """Both bindings, for what must be the same in them."""
    return [importlib.import_module(name) for name in MODULES if not unknown(name)]
