"""One suite for both bindings: a test that asks for `doubles` runs once with each."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

from functions import MODULES
from programs import built

settings.register_profile("contract", deadline=None, database=None, print_blob=True)
settings.load_profile("contract")


def unknown(module: str) -> str:
    """Why there can be no such binding for this Python, or an empty string."""
    too_new = module == "doubles_cpython" and sys.version_info >= (3, 14)
    return "no doubles_cpython: rust-cpython does not support this version of Python" if too_new else ""


@pytest.fixture(scope="session", params=MODULES)
def module(request: pytest.FixtureRequest) -> str:
    """The name of a binding, for a process of its own. Skipped where there can be none."""
    if unknown(request.param):
        pytest.skip(unknown(request.param))
    return request.param


@pytest.fixture(scope="session")
def doubles(module: str) -> ModuleType:
    """A binding. One that cannot be imported is an error, not a skip."""
    return importlib.import_module(module)


@pytest.fixture(scope="session")
def both() -> list[ModuleType]:
    """Both bindings, for what must be the same in them."""
    return [importlib.import_module(name) for name in MODULES if not unknown(name)]


@pytest.fixture(scope="session")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that makes threads, reads and allocations fail in a process that is started with it."""
    return built(tmp_path_factory.mktemp("faults"))
