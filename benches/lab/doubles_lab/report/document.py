"""What every report is made of: paragraphs and tables, written once and rendered for a terminal, as Markdown and CSV.

The page renders them by ``table.html.j2``. A cell is a ``str`` that may carry more: how it is shown,
what it is sorted by, the contender that it names. So a table of plain texts needs nothing else. All that is shown is
text: each renderer escapes what its medium would obey.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Union

from rich.cells import cell_len
from rich.console import Console
from rich.rule import Rule
from rich.table import Table as RichTable
from rich.text import Text

from doubles_lab.report.terminal import visible

#: What a style is in a terminal.
STYLES = {
    "strong": "bold",
    "quiet": "dim",
    "warning": "yellow",
    "failed": "bold red",
    "bad": "red",
    "best": "bold green",
    "good": "green",
    "far": "yellow",
    "farthest": "red",
    "stated": "cyan",
}
HEADING, ITEM = "heading", "item"
#: What stands before and after a paragraph of a style in Markdown.
WRITTEN = {HEADING: ("## ", ""), "strong": ("**", "**"), "failed": ("**", "**")}
#: Characters beyond which a text may be broken into lines.
LONG = 36
#: The columns that Markdown shows, by ``Column.room``.
MARKDOWN_ROOM = 3


class Cell(str):
    """A text, in a table or as a paragraph, with how it is shown."""

    #: A key of ``STYLES``; or ``HEADING`` or ``ITEM`` for a paragraph.
    style: str
    #: Stands behind it, quietly.
    mark: str
    #: What the page sorts by.
    value: float | None
    #: The contender that the row is about, which the page filters by.
    of: str
    #: What the page shows to who points at it.
    hint: str
    #: The address in the page that it leads to.
    link: str

    def __new__(
        cls,
        text: str,
        style: str = "",
        mark: str = "",
        value: float | None = None,
        of: str = "",
        hint: str = "",
        link: str = "",
    ) -> Cell:
        made = super().__new__(cls, text)
        made.style, made.mark, made.value, made.of, made.hint, made.link = style, mark, value, of, hint, link
        return made


@dataclass(frozen=True)
class Column:
    """How a column is shown."""

    title: str
    #: Aligned to the right.
    number: bool = False
    #: 0 for what is always shown. Where there is little room, the columns with the greatest are left out first.
    room: int = 0
    style: str = ""
    #: In a terminal its text stands below that of the column before.
    below: bool = False


@dataclass(frozen=True)
class Table:
    """A table of texts. ``numbers`` are the columns, by place, that are aligned to the right."""

    title: str
    columns: Sequence[str | Column]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()
    notes: Sequence[str] = ()
    #: The first columns that consecutive rows share, and show once.
    shared: int = 0
    #: Whether the page lets its reader sort it.
    sortable: bool = False

    @cached_property
    def heads(self) -> list[Column]:
        """The columns with how they are shown."""
        return [
            column if isinstance(column, Column) else Column(column, place in self.numbers)
            for place, column in enumerate(self.columns)
        ]

    @cached_property
    def groups(self) -> list[list[list[Cell]]]:
        """The rows that share their first columns; all rows if no column is shared."""
        cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in self.rows]
        return [list(group) for _, group in itertools.groupby(cells, lambda row: row[: self.shared])]


@dataclass(frozen=True)
class Picture:
    """A file beside a Markdown page, with a text for those who cannot see it."""

    alternative: str
    #: Its address.
    file: str


#: A part of a report: a paragraph, a table or a picture.
Part = Union[str, Table, Picture]


def style_of(text: str) -> str:
    """The style of a cell; "" for a plain text."""
    return text.style if isinstance(text, Cell) else ""


# In a terminal


def show(parts: Sequence[Part], console: Console) -> None:
    """Prints a report, as wide as the console is."""
    for part in parts:
        if isinstance(part, Table):
            if part.title:
                console.print(Text(part.title))
            console.print(_in_terminal(part, console.width))
            for note in part.notes:
                console.print(Text(note, "dim"))
            console.print()
        elif isinstance(part, str):
            style = style_of(part)
            line = Text(f"- {part}" if style == ITEM else part, STYLES.get(style, ""))
            console.print(Rule(Text(part, "bold"), align="left", characters="─") if style == HEADING else line)


def _in_terminal(table: Table, width: int) -> RichTable:
    kept = _fitting(table, width)
    shown = RichTable(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for place in kept:
        head = table.heads[place]
        if not head.below:
            justify: Literal["left", "right"] = "right" if head.number else "left"
            shown.add_column(Text(head.title), justify=justify, no_wrap=place == kept[0], overflow="fold")
    for number, group in enumerate(table.groups):
        if number:
            shown.add_row()
        for row in group:
            cells: list[Text] = []
            for place in kept:
                hidden = place < table.shared and row is not group[0]
                text = Text() if hidden else _text(row[place], table.heads[place])
                if table.heads[place].below:
                    cells[-1] = Text("\n").join([cells[-1], text] if text else [cells[-1]])
                else:
                    cells.append(text)
            shown.add_row(*cells)
    return shown


def _text(cell: Cell, head: Column) -> Text:
    return Text.assemble((cell, STYLES.get(cell.style or head.style, "")), (cell.mark, "dim"))


def _fitting(table: Table, width: int) -> list[int]:
    """The columns, by place, that fit a width; a long text can be broken."""
    kept = list(range(len(table.heads)))
    rows = [row for group in table.groups for row in group]

    def needed(place: int) -> int:
        head = table.heads[place]
        longest = max((cell_len(row[place] + row[place].mark) for row in rows), default=0)
        return max(cell_len(head.title), longest if head.number or place == kept[0] else min(longest, LONG))

    while sum(needed(place) + 2 for place in kept) - 2 > width:
        spare = max(kept, key=lambda place: (table.heads[place].room, place))
        if not table.heads[spare].room:
            break
        kept.remove(spare)
    return kept


# As Markdown


def markdown(parts: Sequence[Part]) -> str:
    """A report as Markdown."""
    lines: list[str] = []
    for part in parts:
        if isinstance(part, Table):
            lines += [f"### {escape(part.title)}", ""] if part.title else []
            lines += [*_in_markdown(part), "", *(line for note in part.notes for line in (escape(note), ""))]
        elif isinstance(part, Picture):
            lines += [f"![{escape(part.alternative)}]({part.file})", ""]
        elif style_of(part) == ITEM:
            lines = lines[:-1] if lines[-2:-1] and lines[-2].startswith("- ") else lines
            lines += [f"- {escape(part)}", ""]
        elif part:
            before, after = WRITTEN.get(style_of(part), ("", ""))
            lines += [line for each in part.split("\n\n") for line in (before + escape(each) + after, "")]
    return "\n".join(lines)


def _in_markdown(table: Table) -> list[str]:
    kept = [place for place, head in enumerate(table.heads) if head.room <= MARKDOWN_ROOM]

    def line(texts: Sequence[str]) -> str:
        return "| " + " | ".join(texts) + " |"

    lines = [
        line([escape(table.heads[place].title) for place in kept]),
        f"|{'|'.join('--:' if table.heads[place].number else '---' for place in kept)}|",
    ]
    for group in table.groups:
        for row in group:
            shown = [Cell("") if place < table.shared and row is not group[0] else row[place] for place in kept]
            lines.append(line([escape(" ".join((cell + cell.mark).split())) for cell in shown]))
    return lines


def escape(text: str) -> str:
    """The text as Markdown shows it letter by letter, on one line."""
    text = re.sub(r"[\\`*_\[\]<>|#&~$@]", r"\\\g<0>", " ".join(visible(text).split("\n")))
    # What GitHub makes a link of by itself.
    return re.sub(r"(?i)(?<=[a-z])(?=://)|(?<=www)(?=\.)", r"\\", text)


# As CSV


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows of plain values as CSV, with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_value(value) for value in row] for row in rows)
    return out.getvalue()


def _value(value: Any) -> Any:
    """A value for a spreadsheet, which would work a text out as a formula if it began as one."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
