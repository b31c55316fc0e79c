"""The functions of the bindings and what they take, read from their signatures: a new one is tested like the others."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import os
from types import ModuleType
from typing import Any

# One alone where the other has no build for this Python: DOUBLES_MODULES=doubles_cpython.
MODULES = os.environ.get("DOUBLES_MODULES", "doubles_pyo3 doubles_cpython").split()

COLUMNS = "doubles_pyo3.columns"

#: An argument for each parameter that has no default. A function with another one fails the tests until it is here.
REQUIRED: dict[str, Any] = {"val": "aab", "path": os.devnull, "values": ["aab"]}

#: The files from which a FileCounter starts one more thread each, in bytes, and the most that it starts.
BYTES_A_THREAD, MOST_THREADS = 1 << 18, 256


def functions(module: ModuleType) -> dict[str, inspect.Signature]:
    """The signatures of all public functions of a module, by name."""
    public = {name: getattr(module, name) for name in module.__all__}
    return {name: inspect.signature(function) for name, function in public.items() if inspect.isbuiltin(function)}


def numbers(signature: inspect.Signature) -> list[str]:
    """The parameters that are numbers, as their defaults say."""
    return [name for name, parameter in signature.parameters.items() if type(parameter.default) is int]


def required(signature: inspect.Signature) -> list[str]:
    """The parameters without a default."""
    empty = inspect.Parameter.empty
    return [name for name, parameter in signature.parameters.items() if parameter.default is empty]


def takes_items(module: ModuleType) -> list[str]:
    """The functions whose first argument is a str or anything with items; the article's take a str only."""
    found = []
    for name, signature in functions(module).items():
        if required(signature) == ["val"]:
            try:
                getattr(module, name)(b"")
            except TypeError:
                continue
            found.append(name)
    return found


def columns_missing() -> str | None:
    """Why ``doubles_pyo3.columns`` cannot be tried here; ``None`` if it can."""
    if "doubles_pyo3" not in MODULES:
        return "doubles_pyo3 is not tested"
    if importlib.util.find_spec("pyarrow") is None:
        return "pyarrow is not installed"
    try:
        importlib.import_module(COLUMNS)
    except ImportError as error:
        return str(error)
    return None
