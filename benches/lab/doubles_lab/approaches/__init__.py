"""Ways to make a Python function native: one file each, which builds and loads source files in its own language."""

from __future__ import annotations

import functools
import importlib
import pkgutil

from doubles_lab.approaches.approach import Approach


@functools.cache
def find() -> dict[str, Approach]:
    """Every approach by name: each class with a name, in each file of this package but those with a leading "_"."""
    found: dict[str, Approach] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("_"):
            continue
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Approach) and "name" in vars(value):
                found[value.name] = value()
    return found


def title(name: str) -> str:
    """What people call the approach of that name. Raises ``KeyError``."""
    return find()[name].title
