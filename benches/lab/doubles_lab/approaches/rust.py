"""The functions of a Rust binding as contenders: both bindings offer the same names over the same loops."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any

from doubles_lab.contender import CORE, Contender, Unit, raises_on_lone_surrogates

#: Function, unit, and where it comes from.
ARTICLE = [
    ("zip", Unit.CHARACTERS, "the article: Bruno Rocha, 2017"),
    ("once", Unit.CHARACTERS, "the article: Josh Stone, 2017"),
    ("peek", Unit.CHARACTERS, "the article's repository, 2017"),
    ("fold", Unit.CHARACTERS, "the article's repository, 2017"),
    ("bytes_once", Unit.BYTES, "the article: Josh Stone, 2017"),
    ("bytes_windows", Unit.BYTES, "windows of two bytes, 2026"),
]


def contenders(
    prefix: str,
    module: str,
    distribution: str,
    binding: str,
    surrogates: str,
    load_module: Callable[[], Any] | None = None,
) -> list[Contender]:
    """The contenders of one binding.

    ``surrogates`` is the exception that its ``&str`` arguments raise for a lone surrogate, and
    ``load_module`` imports the module, where that is more than its name.
    """

    def default_module() -> Any:
        return importlib.import_module(module)

    get = load_module or default_module

    def details() -> Mapping[str, str]:
        return {"backend": str(sys.modules[module].backend)} if hasattr(sys.modules.get(module), "backend") else {}

    found = [
        Contender(
            name=f"{prefix}-{name.replace('_', '-')}",
            unit=unit,
            load=lambda name=name: getattr(get(), f"count_doubles_{name}"),  # type: ignore[misc]
            language="Rust",
            binding=binding,
            access="&str (UTF-8 conversion)",
            origin=origin,
            tags=("rust", prefix, *(["article"] if "2017" in origin else [])),
            packages=(distribution,),
            divergences=(raises_on_lone_surrogates(surrogates),),
        )
        for name, unit, origin in ARTICLE
    ]
    found.append(
        Contender(
            name=f"{prefix}-count-doubles",
            unit=Unit.CHARACTERS,
            load=lambda: get().count_doubles,
            language="Rust",
            binding=binding,
            access="the str, in place",
            origin="this project: vectors, chosen for the CPU at run time, 2026",
            tags=("rust", prefix, CORE, "best"),
            takes_bytes=True,
            packages=(distribution,),
            details=details,
        )
    )
    return found
