"""The command ``doubles-lab``: a file for each of its commands."""

from __future__ import annotations

import importlib
import signal

import click

from doubles_lab import __version__, temporary
from doubles_lab.cli.exits import EXIT_CODES

__all__ = ["cli", "main"]

#: The module of each command.
COMMANDS = {
    "atlas": "atlas",
    "build": "build",
    "calls": "calls",
    "ceiling": "ceiling",
    "compare": "compare",
    "count-instructions": "count_instructions",
    "explain": "explain",
    "list": "list_",
    "new": "new",
    "report": "report",
    "run": "run",
    "verify": "verify",
}


class Commands(click.Group):
    """Imports a command when it is used, since importing what all of them need takes longer than most of them run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"{__name__}.{COMMANDS[cmd_name]}").command
        return command


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExamples:\n"
    "  doubles-lab run --quick\n"
    "  doubles-lab run --file book.txt --contender 'pyo3-*' --contender python-zip\n"
    "  doubles-lab verify\n"
    "  doubles-lab report results/2026-01-01T12-00-00.json --baseline re-article\n\n" + EXIT_CODES,
)
@click.version_option(__version__)
def cli() -> None:
    """Find out which way of making a Python function native pays off: one of yours, or one that the lab brings."""


def main() -> None:
    """The entry point of the command."""
    # Whoever ends the lab, as a service manager does, gets what was measured, and no process or file is left.
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    with temporary.of_this_run():
        cli(prog_name="doubles-lab")
