"""How a command ends: its exit code, and what it says where it did nothing."""

from __future__ import annotations

import fnmatch
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from doubles_lab import registry
from doubles_lab.report import terminal

WRONG, USAGE, NO_INPUT, NOTHING, SLOWER, LOST, INTERRUPTED = 1, 2, 3, 4, 5, 6, 130

#: What each exit code means: the one place that says so.
MEANINGS = {
    0: "done; a contender that cannot run here is a row, not an error",
    WRONG: "a contender broke what it states: a wrong count, an exception, a crash, a hang; or a question failed",
    USAGE: "the command line was wrong: an unknown option, contender, case, tag, language, function or question",
    NO_INPUT: "an input could not be read; everything else was done",
    NOTHING: "nothing was measured or checked, on a case or at all; or a result file could not be read",
    SLOWER: "compare --fail-if-slower: a contender is slower by more than that, its whole interval",
    LOST: "compare --fail-if-slower: what the old run timed cannot be compared with anything in the new run",
    INTERRUPTED: "interrupted; what run and explain had measured is reported and saved",
}
EXIT_CODES = "\b\nExit codes:\n" + "".join(f"  {code:<4} {meaning}\n" for code, meaning in MEANINGS.items())


class Command(click.Command):
    """A command whose unknown names end with exit code 2 and a hint, and whose help ends with the exit codes."""

    def __init__(self, *args: Any, **more: Any) -> None:
        epilog = more.get("epilog") or ""
        more["epilog"] = epilog if "Exit codes:" in epilog else f"{epilog}\n\n{EXIT_CODES}"
        super().__init__(*args, **more)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (registry.Clash, registry.NotFound) as error:
            raise click.UsageError(str(error), ctx) from None


def told_of_nothing(done: str, cases: Mapping[str, bool]) -> int:
    """The exit code of a command that did something on each of some cases, or did not, which is told of."""
    without = [name for name, any_was in cases.items() if not any_was]
    if without or not cases:
        terminal.complain(f"no contender was {done}" + (f" on {', '.join(without)}" if without else ""))
        return NOTHING
    return 0


def told_of_unmatched(option: str, patterns: Sequence[str], names: Sequence[str], done: str) -> None:
    """Tells of patterns that match none of the names that something was done with, and exits if there are any."""
    without = [pattern for pattern in patterns if not fnmatch.filter(names, pattern)]
    if without:
        terminal.complain(f"nothing was {done} of {option} {', '.join(without)}")
        sys.exit(NOTHING)
