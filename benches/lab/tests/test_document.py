"""Reports: what a table and a paragraph become in each medium."""

from __future__ import annotations

import io

import pytest
from test_page import Tree

from doubles_lab.report import document, page
from doubles_lab.report.document import HEADING, ITEM, Cell, Column, Part, Picture, Table
from doubles_lab.report.terminal import Terminal

COLUMNS = (Column("Name"), Column("Time", number=True), Column("Spare", room=1), Column("Barely", room=4))
WIDE = Table("A title", COLUMNS, [("a|b", "1,234.5", "s" * 20, "t" * 20)], notes=("a note",))
SHARED = Table(
    "Groups",
    ("Case", Column("Text", below=True), "Given"),
    [("x", "aa", "1"), ("x", "aa", "2"), ("y", "bb", "1")],
    numbers=(2,),
    shared=2,
)


def printed(*parts: Part, width: int = 100) -> list[str]:
    out = io.StringIO()
    document.show(parts, Terminal(file=out, width=width, highlight=False, color_system=None))
    return [line.rstrip() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("width", "columns"),
    [
        (80, "Name Time Spare Barely"),
        (45, "Name Time Spare"),
        (35, "Name Time Spare"),
        (34, "Name Time"),
    ],
)
def test_columns_are_left_out_where_there_is_no_room(width: int, columns: str) -> None:
    lines = printed(WIDE, width=width)
    assert lines[1].split() == columns.split()
    assert lines[2].split()[:2] == ["a|b", "1,234.5"] and lines[3] == "a note"


def test_a_number_that_has_no_room_is_broken_and_not_cut() -> None:
    table = Table("", ("Name", "Number"), [("n" * 10, "1.0 [0.9, 1.1]")], (1,))
    assert " ".join(" ".join(printed(table, width=20)).split()) == "Name Number nnnnnnnnnn 1.0 [0.9, 1.1]"


def test_columns_that_rows_share_are_shown_once() -> None:
    assert printed(SHARED) == ["Groups", "Case  Given", "x         1", "aa", "          2", "", "y         1", "bb", ""]
    assert [line for line in document.markdown([SHARED]).splitlines() if line.startswith("| ")] == [
        "| Case | Text | Given |",
        "| x | aa | 1 |",
        "|  |  | 2 |",
        "| y | bb | 1 |",
    ]


def test_markdown() -> None:
    parts: list[Part] = [Cell("A_b", HEADING), Cell("so", "strong"), Cell("one", ITEM), Cell("two", ITEM), "", WIDE]
    assert document.markdown([*parts, Picture("of it", "a.svg")]).splitlines() == [
        *("## A\\_b", "", "**so**", "", "- one", "- two", "", "### A title", ""),
        *("| Name | Time | Spare |", "|---|--:|---|", f"| a\\|b | 1,234.5 | {'s' * 20} |", "", "a note", ""),
        "![of it](a.svg)",
    ]


def html(table: Table) -> str:
    template = page.environment().get_template("table.html.j2")
    return str(template.module.table(table, "name"))  # type: ignore[attr-defined]


def test_html() -> None:
    rows = [
        (Cell("1", value=1), Cell("<b>", "failed", " ●", of="<b>", hint='"x'), "y" * 50),
        (Cell("2", value=2), Cell("other", of="other"), ""),
    ]
    tree = Tree(html(Table("T", (Column("Place", number=True), "Name", "Why"), rows, sortable=True))).root
    first, second = tree.all("tbody")[0].inside
    assert [row.attributes for row in (first, second)] == [{"data-contender": "<b>"}, {"data-contender": "other"}]
    assert [cell.attributes for cell in first.inside] == [
        {"class": "number", "data-value": "1"},
        {"scope": "row", "class": "bad", "title": '"x'},
        {"class": "text"},
    ]
    assert [cell.whole_text for cell in first.inside] == ["1", "<b> ●", "y" * 50]
    assert tree.all("table")[0].attributes == {"class": "sortable"} and len(tree.all("tbody")) == 1


def test_rows_that_share_cells_are_a_body_in_html() -> None:
    bodies = Tree(html(SHARED)).root.all("tbody")
    assert [[[cell.text for cell in row.inside] for row in body.inside] for body in bodies] == [
        [["x", "aa", "1"], ["2"]],
        [["y", "bb", "1"]],
    ]
    assert bodies[0].all("th")[0].attributes == {"scope": "rowgroup", "rowspan": "2"}


def test_csv() -> None:
    assert document.as_csv(["a", "b"], [[1, None], ["=1", 'x"y']]) == 'a,b\n1,\n\'=1,"x""y"\n'
