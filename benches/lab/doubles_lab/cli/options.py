"""Values and completions of the command line's options."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from doubles_lab import registry

SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}


class Duration(click.ParamType):  # type: ignore[type-arg] # generic since click 8.2
    """A time such as ``90s``, ``5m``, ``1h`` or ``1m30s``; in seconds."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value).replace(" ", "")
        if not re.fullmatch(r"(\d+(\.\d+)?[smh])+", text):
            self.fail(f"{value!r} is not a time such as 90s, 5m or 1m30s", param, ctx)
        seconds = sum(float(number) * SECONDS[unit] for number, unit in re.findall(r"([\d.]+)([smh])", text))
        if seconds <= 0:
            self.fail("must be more than nothing", param, ctx)
        return seconds


class Percent(click.ParamType):  # type: ignore[type-arg] # generic since click 8.2
    """A percentage such as ``10%``; as a share of 1."""

    name = "percent"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d+(\.\d+)?) ?%", str(value))
        if found is None:
            self.fail(f"{value!r} is not a percentage such as 10%", param, ctx)
        return float(found[1]) / 100


def _beginning(names: Iterable[str], typed: str) -> list[str]:
    return sorted({name for name in names if name.casefold().startswith(typed.casefold())})


def contender_names(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """The contenders whose name begins as was typed, those of ``--contenders DIR`` among them."""
    return _beginning((each.name for each in registry.find_contenders(ctx.params.get("directories") or ())), typed)


def tag_names(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """The tags of contenders that begin as was typed."""
    return _beginning((tag for each in registry.find_contenders() for tag in each.tags), typed)


def languages(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """The languages of contenders that begin as was typed."""
    return _beginning((each.language for each in registry.find_contenders()), typed)


def case_names(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """The cases whose name begins as was typed."""
    return _beginning((each.name for each in registry.find_cases()), typed)
