"""What the lab prints: text from elsewhere is shown, and does nothing to the terminal.

A contender's exception, a file's name and a saved result can hold what a terminal obeys: escape sequences, carriage
returns, marks that turn the direction of writing. Each such character is shown as its escape.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import click
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

#: Control characters but the line's end, marks that turn the direction of writing, and halves of surrogate pairs.
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """The text with an escape for each character that a terminal would obey rather than show."""
    return OBEYED.sub(lambda found: ascii(found[0])[1:-1], text)


class Terminal(Console):
    """A console that shows every character of what it prints. Colours and cursor are its own."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=visible(segment.text))


def out() -> Console:
    """The standard output."""
    return Terminal(highlight=False)


def errors() -> Console:
    """The standard error, for progress."""
    return Terminal(stderr=True, highlight=False)


def complain(message: object) -> None:
    """Prints a line about what went wrong to the standard error."""
    click.echo(f"doubles-lab: {visible(str(message))}", err=True)
