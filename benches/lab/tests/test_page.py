"""The HTML page as text: its structure, its size, and that nothing in it is loaded, run or shown but what is meant."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from conftest import SHORT, Lab
from page_made_up import HOSTILE, NASTY, a_hostile_record, a_page, some_findings
from test_saved import a_record, a_row

from doubles_lab.questions.explain import Explanation
from doubles_lab.report import chart, page
from doubles_lab.report.theme import SERIES, SHADES
from doubles_lab.results import findings, saved
from doubles_lab.results.record import Record, SelfCheck

VOID = {"meta", "link", "input", "br", "hr", "img"}


class Element:
    def __init__(self, tag: str, attributes: dict[str, str | None], parent: Element | None) -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.text = ""
        self.inside: list[Element] = []

    def all(self, tag: str) -> list[Element]:
        found = [self] if self.tag == tag else []
        return found + [each for child in self.inside for each in child.all(tag)]

    @property
    def whole_text(self) -> str:
        return self.text + "".join(child.whole_text for child in self.inside)


class Tree(HTMLParser):
    """The elements of a page. Fails where tags do not match, as they do where markup got through."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = self.here = Element("document", {}, None)
        self.feed(text)
        self.close()
        assert self.here is self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), (tag, attrs)
        element = Element(tag, dict(attrs), self.here)
        self.here.inside.append(element)
        if tag not in VOID:
            self.here = element

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, (self.here.tag, tag)
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.text += data


@pytest.fixture(scope="module")
def text() -> str:
    return a_page()


@pytest.fixture(scope="module")
def tree(text: str) -> Element:
    return Tree(text).root


def every(element: Element) -> list[Element]:
    return [element, *(each for child in element.inside for each in every(child))]


def test_the_page_is_small(text: str) -> None:
    assert len(text.encode()) < 2_000_000


def test_nothing_is_loaded(tree: Element) -> None:
    for element in every(tree):
        for name in ("src", "srcset", "data", "action", "poster", "background"):
            assert name not in element.attributes, (element.tag, element.attributes)
        for address in (element.attributes.get(name) for name in ("href", "xlink:href")):
            assert address is None or address.startswith(("#", "./", "data:,")), address
    (style,) = tree.all("style")
    assert "url(" not in style.text and "@import" not in style.text


def test_only_two_scripts_can_run(tree: Element) -> None:
    data, *scripts = tree.all("script")
    assert data.attributes == {"type": "application/json", "id": "data"}
    assert [script.attributes for script in scripts] == [{}, {}]
    (policy,) = (
        meta.attributes["content"]
        for meta in tree.all("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    hashes = [base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode() for script in scripts]
    assert dict(part.strip().split(" ", 1) for part in policy.split(";")) == {
        "default-src": "'none'",
        "script-src": " ".join(f"'sha256-{each}'" for each in hashes),
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_markup_is_text(tree: Element) -> None:
    elements = every(tree)
    assert {element.tag for element in elements}.isdisjoint({"img", "iframe", "object", "embed", "form", "svg"})
    assert not [name for element in elements for name in element.attributes if name.startswith("on")]
    names = [row.attributes.get("data-contender") for row in tree.all("tr")]
    cells = [cell.text for cell in tree.all("th")]
    for name in NASTY:
        assert name in names and name in cells
    shown = tree.all("main")[0].whole_text
    for said in (
        f"{HOSTILE}: the file {NASTY[2]}",
        f"Not read: {NASTY[1]}",
        f"Measured {'2026-01-02 12:00:00'}",
        f"It costs little, {HOSTILE}.",
        f"Twice, {NASTY[2]}.",
        f"Could not run: absent: {NASTY[1]}.",
        f"doubles-lab run --file '{HOSTILE}' --seed 1",
        f"{HOSTILE} {NASTY[1]}",
    ):
        assert said in " ".join(shown.split()), said
    addresses = [a.attributes["href"] for a in tree.all("a")]
    assert "./javascript%3Aalert%285%29.svg" in addresses


def test_the_data_hold_every_text(tree: Element) -> None:
    script = tree.all("script")[0].text
    assert not re.search(r"[<>&]", script)
    data = json.loads(script)
    assert set(NASTY) < set(data["contenders"])
    assert data["contenders"]["fast"]["tags"] == ["plain", "best"]
    marks = json.dumps(data["charts"]["race-1-chart"])
    assert all(json.dumps(name) in marks for name in NASTY)
    assert set(data["charts"]) == {"race-1-chart", "question-2-chart-1", "question-2-chart-2"}


def test_numbers_that_json_does_not_have(text: str) -> None:
    assert json.loads(page.as_data({"a": [float("nan"), float("inf"), 1.5]})) == {"a": [None, None, 1.5]}


def test_headings_landmarks_and_labels(tree: Element) -> None:
    (html,) = tree.all("html")
    assert html.attributes["lang"] == "en"
    assert [len(tree.all(tag)) for tag in ("h1", "main", "header", "nav", "title")] == [1] * 5
    levels = [int(e.tag[1]) for e in every(tree) if re.fullmatch(r"h[1-6]", e.tag)]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in zip(levels, levels[1:]))
    ids = [e.attributes["id"] for e in every(tree) if "id" in e.attributes]
    assert len(set(ids)) == len(ids)
    for element in every(tree):
        label = element.attributes.get("aria-labelledby")
        assert label is None or label in ids
        target = element.attributes.get("href") or ""
        assert not target.startswith("#") or target[1:] in ids, target
    first = next(e for e in every(tree.all("body")[0]) if e.tag == "a")
    assert first.attributes == {"class": "skip", "href": "#main"}
    for control in [*tree.all("select"), *tree.all("input")]:
        assert control.parent is not None and control.parent.tag == "label" and control.parent.text.strip()


def test_tables_have_captions_and_scopes(tree: Element) -> None:
    tables = tree.all("table")
    assert len(tables) == 6
    for table in tables:
        (caption,) = table.all("caption")
        assert caption.text.strip()
        assert all(cell.attributes["scope"] in ("col", "row", "rowgroup") for cell in table.all("th"))
        assert all(row.all("th") or "rowgroup" in str(table.all("th")) or row.all("td") for row in table.all("tr"))


def test_every_chart_has_a_text_and_a_table(tree: Element) -> None:
    plots = [e for e in every(tree) if e.attributes.get("class") == "plot"]
    assert len(plots) == 3
    for plot in plots:
        assert plot.attributes["role"] == "img" and len(plot.attributes["aria-label"] or "") > 20
        section = plot.parent
        while section is not None and section.tag != "section":
            section = section.parent
        assert section is not None and section.all("table")


def test_a_page_of_the_race_alone(tmp_path: Path) -> None:
    result = a_record(a_row("slow", 1e-3))
    text = a_page(result, answers=[], explanation=None, findings=None, files=[])
    shown = " ".join(Tree(text).root.whole_text.split())
    for said in ("doubles-lab explain", "This page has no verification", "did not measure itself"):
        assert said in shown


def test_a_case_that_nothing_was_timed_on() -> None:
    result = a_record(a_row("crasher", 1.0, "failed", runs=[], found=None, reason="crashed: SIGSEGV"))
    text = a_page(result)
    assert "crashed: SIGSEGV" in text and "Nothing is ranked." in text
    assert "race-1-chart" not in text.partition("</main>")[0]


def test_half_a_surrogate_pair_does_not_stop_the_page() -> None:
    text = a_page(a_record(a_row("x\udc80", 1e-3)))
    assert "x\\udc80" in text and text.encode("utf-8")


def test_the_lab_s_check_of_itself_is_shown() -> None:
    result = a_record(a_row("slow", 1e-3))
    for twin, slowed, heading in ((1.0, 1.25, "case: passed"), (1.2, 1.25, "case: failed")):
        original, theirs, slower = ([[1e-6 * factor] * 3 for _ in range(10)] for factor in (1.0, twin, slowed))
        result.cases[0].selfcheck = SelfCheck("slow", 0.25, 6, [20] * 10, original, theirs, slower)
        main = Tree(a_page(result)).root.all("main")[0]
        shown = " ".join(main.whole_text.split())
        assert heading in shown
        # One that failed is said beside the result, too.
        notes = [p for p in main.all("p") if p.attributes.get("class") == "note bad"]
        assert len(notes) == shown.count("NOT TRUSTWORTHY") // 2 == (twin > 1.1)


def test_that_the_questions_were_interrupted_is_said() -> None:
    for interrupted in (True, False):
        text = a_page(explanation=Explanation("2026-01-02", interrupted=interrupted))
        assert ("were interrupted" in text.partition("<script")[0]) == interrupted


# Contrast


def luminance(colour: str) -> float:
    """WCAG 2's relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast ratio."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def colours_of(theme: int) -> dict[str, str]:
    """The colours that the style sheet names, in the light theme (0) or the dark one (1)."""
    pairs = re.findall(r"--(\w+): light-dark\((#\w{6}), (#\w{6})\)", page.own("page.css"))
    return {name: (light, dark)[theme] for name, light, dark in pairs}


def test_what_the_contrast_is_computed_by() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1])
def test_text_can_be_read(theme: int) -> None:
    colours = colours_of(theme)
    assert set(colours) == {"page", "raised", "ink", "quiet", "line", "edge", "link", "bad", "focus"}
    for text in ("ink", "quiet", "link", "bad"):
        for behind in ("page", "raised"):
            assert contrast(colours[text], colours[behind]) >= 4.5, (text, behind)
    for mark in ("edge", "focus"):
        assert contrast(colours[mark], colours["page"]) >= 3, mark


@pytest.mark.parametrize("theme", [0, 1])
def test_marks_can_be_seen(theme: int) -> None:
    assert set(chart.COLOURS) <= set(SERIES)
    for name, pair in SERIES.items():
        assert contrast(pair[theme], colours_of(theme)["page"]) >= 3, name
    assert len({pair[theme] for pair in SERIES.values()}) == len(SERIES)


@pytest.mark.parametrize("theme", [0, 1])
def test_text_in_a_cell_of_a_heat_map_can_be_read(theme: int) -> None:
    for name, pair in SHADES.items():
        assert contrast(colours_of(theme)["ink"], pair[theme]) >= 4.5, name
    assert len({pair[theme] for pair in SHADES.values()}) == len(SHADES)


def test_colours_are_named_once() -> None:
    rest = re.sub(r"light-dark\(.*?\)", "", page.own("page.css"))
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", rest)


# The command


def test_report_writes_the_page(lab: Lab) -> None:
    result, name = a_hostile_record(), "a<b>&'c.json"
    saved.save(result, lab.directory / name)
    (lab.directory / "a<b>&'c.verify.json").write_text(findings.dumps(some_findings()), encoding="utf-8")
    done = lab("report", name, "--html", "page.html")
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "page.html"
    tree = Tree((lab.directory / "page.html").read_text(encoding="utf-8")).root
    shown = " ".join(tree.whole_text.split())
    assert "counts <script>alert(1)</script>" in shown and f"doubles-lab report {name}" in shown
    links = [a.attributes["href"] for a in tree.all("a")]
    assert "./a%3Cb%3E%26%27c.json" in links and "./a%3Cb%3E%26%27c.verify.json" in links


@pytest.mark.parametrize("option", ["--explain", "--findings"])
def test_report_refuses_other_files_for_the_page(lab: Lab, option: str) -> None:
    saved.save(a_record(a_row("slow", 1e-3)), lab.directory / "a.json")
    (lab.directory / "other.json").write_text("{}")
    for name in ("other.json", "missing.json"):
        done = lab("report", "a.json", option, name, "--html", "page.html")
        assert done.returncode == 4 and name in done.stderr
        assert not (lab.directory / "page.html").exists()


def test_run_writes_the_page_and_what_it_shows(lab: Lab) -> None:
    done = lab("run", "--case", "size-3", "--contender", "re-*", *SHORT[:-1], "--seed", 5)
    assert done.returncode == 0, done.stderr
    (file,) = lab.saved(".html")
    shown = " ".join(Tree(file.read_text(encoding="utf-8")).root.whole_text.split())
    assert "does not match a newline" in shown
    assert "doubles-lab run --case size-3 --contender" in shown and "--seed 5" in shown
    again = lab("report", lab.record_file, "--html", lab.results / "again.html")
    assert again.returncode == 0
    assert "does not match a newline" in (lab.results / "again.html").read_text(encoding="utf-8")


def test_a_run_says_how_to_repeat_it_without_directories(lab: Lab) -> None:
    (lab.directory / "secret place").mkdir()
    (lab.directory / "secret place" / "my text.txt").write_text("aabb")
    chosen = ("--file", "secret place/my text.txt", f"--output={lab.results}", "--contender=python-zip")
    done = lab("run", *chosen, *SHORT)
    assert done.returncode == 0
    result = saved.read(lab.record_file)
    assert result.command.startswith("doubles-lab run --file 'my text.txt' --output=results --contender=python-zip")
    assert result.command.endswith(f"--seed {result.seed}")
    assert "secret" not in lab.record_file.read_text()


def test_tags_are_saved_and_old_files_have_none(tmp_path: Path) -> None:
    saved.save(a_record(a_row("slow", 1e-3, tags=["a", "b"])), tmp_path / "a.json")
    assert saved.read(tmp_path / "a.json").cases[0].rows[0].tags == ["a", "b"]
    old = msgspec.to_builtins(a_record(a_row("slow", 1e-3)))
    del old["cases"][0]["rows"][0]["tags"], old["command"]
    again = msgspec.convert(old, Record)
    assert again.cases[0].rows[0].tags == [] and again.command == ""


def test_findings_are_saved_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "a.verify.json"
    file.write_text(findings.dumps(some_findings()), encoding="utf-8")
    assert findings.read(file) == some_findings()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "x"}', "\0"])
def test_other_files_are_no_findings(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(content)
    with pytest.raises(findings.NotFindings, match=r"a\.json"):
        findings.read(file)
