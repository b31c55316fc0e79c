"""Files that others may have written: what is made of a good one by changing it at random, and what must then hold."""

from __future__ import annotations

import contextlib
import copy
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from page_made_up import NASTY, a_hostile_record, some_findings

from doubles_lab.questions import explain
from doubles_lab.report import answer_text, divergences, document, exports, table, terminal
from doubles_lab.results import comparison, findings, saved
from doubles_lab.results.verdict import judge

#: What a place in a file may hold in place of what belongs there.
VALUES: list[Any] = [
    *NASTY,
    None, True, False, 0, -1, 1, 1.5, -0.0, 1e308, 1e-308, 5e-324, 2**31, 2**63, 2**64, 10**400, float("nan"),
    float("inf"), float("-inf"), "", " ", "\0", "\x1b[2J\x1b]0;title\x07", "\r", "\n\n# heading\n", "\u202e", "\ud800",
    "[/red]", "[bold", "[link=file:///etc/passwd]here[/link]", "=1+1", "@SUM(A1)", "../../x", "a" * 100_000,
    "http://example.org", [], [[]], {}, {"": ""}, [None], ["a", 1], {"raises": 1}, {"cases": []}, "ranked", "bytes",
]  # fmt: skip
LOST = object()
#: What a terminal obeys; the lab's own colours are off here.
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part of a JSON value, also through the JSON within it."""
    yield path
    if isinstance(value, dict):
        for key, each in value.items():
            yield from places(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from places(each, (*path, index))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with another part at that place, or without it. What is not on the way there is not copied."""
    if not path:
        return None if new is LOST else new
    step, rest = path[0], path[1:]
    whole = copy.copy(value)
    if rest:
        whole[step] = changed(whole[step], rest, new)
    elif new is LOST:
        del whole[step]
    else:
        whole[step] = new
    return whole


def unpacked(text: str) -> Any:
    """A saved record with the JSON in its metadata as JSON."""
    body = json.loads(text)
    if isinstance(body.get("metadata"), dict) and saved.KEY in body["metadata"]:
        body["metadata"][saved.KEY] = json.loads(body["metadata"][saved.KEY])
    return body


def packed(body: Any) -> str:
    """What :func:`unpacked` took apart."""
    if isinstance(body, dict) and isinstance(body.get("metadata"), dict) and saved.KEY in body["metadata"]:
        inner = json.dumps(body["metadata"][saved.KEY])
        body = {**body, "metadata": {**body["metadata"], saved.KEY: inner}}
    return json.dumps(body)


def hostile(good: str) -> st.SearchStrategy[str]:
    """Texts made of a good file: up to three parts changed or gone, or letters changed."""
    body = unpacked(good)
    anywhere = list(places(body))
    new = st.sampled_from([*VALUES, LOST]) | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    )

    def apply(changes: list[tuple[tuple[Any, ...], Any]]) -> str:
        made = body
        for path, value in changes:
            # A place that an earlier change took away.
            with contextlib.suppress(KeyError, IndexError, TypeError):
                made = changed(made, path, value)
        return packed(made)

    def cut(edit: tuple[int, int, str]) -> str:
        start, length, text = edit
        return good[:start] + text + good[start + length :]

    places_changed = st.lists(st.tuples(st.sampled_from(anywhere), new), min_size=1, max_size=3).map(apply)
    letters = st.tuples(st.integers(0, len(good)), st.integers(0, 50), st.text(max_size=20)).map(cut)
    return places_changed | letters


def shown(show: Callable[[Any], None]) -> None:
    """Prints to a terminal and fails if that was told to do anything."""
    out = io.StringIO()
    show(terminal.Terminal(file=out, highlight=False, width=100, color_system=None))
    assert not OBEYED.search(out.getvalue()), OBEYED.search(out.getvalue())


def told(parts: Sequence[document.Part]) -> None:
    """Prints a report, and writes it as Markdown."""
    shown(lambda console: document.show(parts, console))
    document.markdown(parts)


def write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    return file


def record_is_text(file: Path) -> None:
    """Reads a saved record and makes everything of it but the page and pictures; any exception but the stated fails."""
    try:
        result = saved.read(file)
    except saved.NotAResult as error:
        assert len(str(error)) < 1000
        return
    judged = judge(result)
    shown(lambda console: table.show(result, judged, console))
    exports.as_markdown(result, judged)
    exports.as_json(result, judged)
    for line in exports.as_csv(result, judged).splitlines()[1:]:
        assert not line.startswith(("=", "+", "-", "@"))
    changes = comparison.compare(result, result)
    told(comparison.report(changes, comparison.warnings(result, result), None))


def findings_are_text(file: Path) -> None:
    """The same of findings."""
    try:
        found = findings.read(file)
    except findings.NotFindings as error:
        assert len(str(error)) < 1000
        return
    told(divergences.report(found))


def explanation_is_text(file: Path) -> None:
    """The same of answers."""
    try:
        result = explain.read(file)
        answers = explain.answers(result)
    except explain.NotAnExplanation as error:
        assert len(str(error)) < 1000
        return
    told(answer_text.report(result, answers))


def a_good_record() -> str:
    return saved.dumps(a_hostile_record())


def good_findings() -> str:
    return findings.dumps(some_findings())


def some_answers(file: Path, largest: int) -> str:
    """A saved explanation with only the answers whose data have so many letters at most, for it to be read quickly."""
    body = json.loads(file.read_text(encoding="utf-8"))
    body["data"] = {name: data for name, data in body["data"].items() if len(json.dumps(data)) <= largest}
    body["shared"] = {}
    return json.dumps(body)
