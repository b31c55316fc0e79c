"""The command ``doubles-lab``."""

from doubles_lab.cli.commands import main

__all__ = ["main"]
