"""The HTML page in a real Chromium, without a network.

Needs a Chromium on this machine (Debian's is ``apt-get install chromium``) and Playwright's package. Where there is
none, these tests are skipped; those of ``test_page.py`` are not.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from atlas_made_up import an_atlas
from page_made_up import HOSTILE, NASTY, a_page

from doubles_lab.report import atlas_page

sync_api = pytest.importorskip("playwright.sync_api", reason="no Playwright: the page was not tried in a browser")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("DOUBLES_LAB_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine: the page was not tried in a browser (see CONTRIBUTING.md)"
)

#: Ranked and timed contenders of the made-up record, and all of them.
TIMED, EVERYONE = len(NASTY) + 4, len(NASTY) + 7


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM)
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("page") / "page.html"
    file.write_text(a_page(), encoding="utf-8")
    return file.as_uri()


class Shown:
    """The page in a window of its own."""

    def __init__(self, browser: Any, address: str, **how: Any) -> None:
        self.context = browser.new_context(offline=True, **how)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.requested: list[str] = []
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("dialog", self.dialog)
        self.page.on("request", lambda request: self.requested.append(request.url))
        self.page.goto(address)
        self.settled()

    def dialog(self, opened: Any) -> None:
        """Notes what no page of ours opens."""
        self.said.append(f"dialog: {opened.message}")
        opened.dismiss()

    def settled(self) -> None:
        """Waits until every chart was drawn since the last change."""
        latest = self.page.evaluate("doublesLab.latest()")
        self.page.wait_for_selector(f'html[data-drawn="{latest}"]', timeout=60_000)

    def marks(self, chart: str, kind: str) -> int:
        """How many marks of a kind an SVG holds."""
        group = f"#{chart} svg .mark-{kind}.role-mark"
        found: int = self.page.locator(f"{group} path, {group} text, {group} line").count()
        return found

    def rows(self) -> list[str]:
        """The contenders whose rows are shown in the ranked table."""
        found: list[str] = (
            self.page.locator("table.sortable >> nth=0")
            .locator("tbody tr:visible")
            .evaluate_all("rows => rows.map(row => row.dataset.contender)")
        )
        return found

    def texts(self, chart: str) -> list[str]:
        """Every text of a chart."""
        found: list[str] = self.page.locator(f"#{chart} svg text").all_text_contents()
        return found

    def choose(self, control: str, value: str) -> None:
        self.page.select_option(control, value)
        self.waits()

    def waits(self) -> None:
        """Lets the delay of a typed filter pass."""
        self.page.wait_for_timeout(300)
        self.settled()

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def shown(browser: Any, address: str) -> Iterator[Shown]:
    window = Shown(browser, address, viewport={"width": 1280, "height": 900}, color_scheme="light")
    yield window
    # Whatever a test did: no error, no warning, no dialog, and nothing asked for but the page.
    assert window.said == []
    assert [url for url in window.requested if not url.startswith("data:")] == [address]
    window.close()


def test_it_loads_without_a_network(shown: Shown) -> None:
    assert shown.page.title().startswith("Which way of making Python native pays off?")
    assert shown.page.locator("#controls").is_visible()
    assert shown.page.locator("img, iframe").count() == 0


def test_each_chart_has_its_marks(shown: Shown) -> None:
    assert shown.marks("race-1-chart", "rect") == TIMED
    assert shown.marks("race-1-chart", "rule") == TIMED  # the intervals
    for chart in ("question-2-chart-1", "question-2-chart-2"):
        assert shown.marks(chart, "line") == 3
        assert shown.marks(chart, "symbol") == 15
    names = shown.texts("race-1-chart")
    assert set(NASTY) < set(names) and "absent" in names and any(name.startswith("● 100 ns") for name in names)


def test_hover_gives_numbers_and_markup_as_text(shown: Shown) -> None:
    bar = shown.page.locator("#race-1-chart svg .mark-rect.role-mark path").nth(1 + 1)  # the first nasty one
    bar.scroll_into_view_if_needed()
    bar.hover(position={"x": 8, "y": 5})
    tooltip = shown.page.locator("#vg-tooltip-element.visible")
    tooltip.wait_for(timeout=5000)
    assert HOSTILE in tooltip.inner_text()
    assert "1.00 µs" in tooltip.inner_text() and "Times as fast as slow" in tooltip.inner_text()
    assert tooltip.locator("script, img").count() == 0


def test_the_filter_filters_tables_and_charts(shown: Shown) -> None:
    assert len(shown.rows()) == TIMED - 1
    shown.choose("#filter-tag", "best")
    assert shown.rows() == ["fast", "array"]
    assert shown.marks("race-1-chart", "rect") == 2
    assert shown.page.locator("#count").inner_text() == f"2 of {EVERYONE} contenders"
    # A chart and a table of a question: those that are no contenders stay.
    assert shown.marks("question-2-chart-1", "line") == 2
    assert shown.page.locator("section[aria-labelledby=question-2] tbody tr:visible").count() == 2
    shown.choose("#filter-tag", "")
    shown.choose("#filter-language", "Rust")
    assert shown.rows() == ["fast"] and shown.marks("race-1-chart", "rect") == 1
    shown.choose("#filter-language", "")
    shown.choose("#filter-binding", "NumPy")
    assert shown.rows() == ["array"]
    shown.choose("#filter-binding", "")
    shown.page.fill("#filter", "BYTE wise")
    shown.waits()
    assert shown.rows() == [] and shown.marks("race-1-chart", "rect") == 1
    shown.page.fill("#filter", "no such thing")
    shown.waits()
    assert shown.page.locator("#count").inner_text().startswith("0 of")
    assert shown.marks("race-1-chart", "rect") == 0
    shown.page.fill("#filter", "<script>")
    shown.waits()
    assert set(shown.rows()) == {name for name in NASTY if "<script>" in name}
    shown.page.fill("#filter", "")
    shown.waits()
    assert shown.marks("race-1-chart", "rect") == TIMED


def test_the_theme_is_switched(shown: Shown) -> None:
    def colours() -> tuple[str, str, str]:
        behind = shown.page.evaluate("getComputedStyle(document.body).backgroundColor")
        label = shown.page.locator("#race-1-chart svg .role-axis-label text").first.get_attribute("fill")
        bars = shown.page.locator("#race-1-chart svg .mark-rect.role-mark path").first.get_attribute("fill")
        return behind, label, bars

    light = colours()
    assert light[0] == "rgb(255, 255, 255)"
    shown.page.check("#dark")
    shown.settled()
    dark = colours()
    assert dark[0] == "rgb(20, 23, 28)"
    assert all(one != other for one, other in zip(light, dark))
    shown.page.uncheck("#dark")
    shown.settled()
    assert colours() == light


def test_the_theme_is_the_system_s_until_it_is_switched(browser: Any, address: str) -> None:
    window = Shown(browser, address, color_scheme="dark")
    behind = "getComputedStyle(document.body).backgroundColor"
    assert window.page.is_checked("#dark") and window.page.evaluate(behind) == "rgb(20, 23, 28)"
    window.page.emulate_media(color_scheme="light")
    window.page.wait_for_selector("#dark:not(:checked)", state="attached", timeout=60_000)  # it is told later
    window.settled()
    assert not window.page.is_checked("#dark") and window.page.evaluate(behind) == "rgb(255, 255, 255)"
    assert window.said == []
    window.close()


def test_the_scale_is_switched(shown: Shown) -> None:
    def ticks(chart: str) -> list[str]:
        found: list[str] = shown.page.locator(f"#{chart} svg .role-axis-label text").all_text_contents()
        return found

    def widths() -> list[float]:
        found: list[float] = shown.page.locator("#race-1-chart svg .mark-rect.role-mark path").evaluate_all(
            "bars => bars.map(bar => bar.getBBox().width)"
        )
        return found

    before, on_log = ticks("question-2-chart-1"), widths()
    assert before == ["1", "10", "100", "1,000", "10,000", "1", "10", "100", "1,000", "10,000", "100,000"]
    assert on_log[-1] > 1 and any("log scale" in text for text in shown.texts("question-2-chart-1"))
    shown.page.uncheck("#log")
    shown.settled()
    on_linear = widths()
    # 0.1 µs and 2 ms: what can be seen on a log scale is nothing on a linear one, where lengths are as the speeds.
    assert on_linear[0] == pytest.approx(on_log[0], rel=0.01)
    assert on_linear[2] / on_linear[0] == pytest.approx(0.1, rel=0.02)
    assert on_linear[-2] < 0.1 < on_log[-2] or on_linear[-1] < 0.1 < on_log[-1]
    assert ticks("question-2-chart-1") != before
    assert not any("log scale" in text for text in shown.texts("question-2-chart-1"))
    shown.page.check("#log")
    shown.settled()
    assert widths() == on_log and ticks("question-2-chart-1") == before


def test_tables_are_sorted(shown: Shown) -> None:
    by_place = shown.rows()
    head = shown.page.locator("table.sortable >> nth=0").locator("th", has_text="Time")
    button = head.locator("button")
    button.click()
    assert head.get_attribute("aria-sort") == "ascending" and shown.rows() == by_place
    button.click()
    assert head.get_attribute("aria-sort") == "descending" and shown.rows() == by_place[::-1]
    name = shown.page.locator("table.sortable >> nth=0").locator("th button", has_text="Contender")
    name.click()
    assert head.get_attribute("aria-sort") is None
    assert shown.rows() != by_place and sorted(shown.rows()) == sorted(by_place)


def test_all_of_it_by_keyboard(shown: Shown) -> None:
    def focused() -> str:
        found: str = shown.page.evaluate(
            "(e => e.id || e.getAttribute('href') || e.getAttribute('aria-labelledby') || e.textContent)"
            "(document.activeElement)"
        )
        return found

    shown.page.keyboard.press("Tab")
    assert focused() == "#main"
    assert shown.page.locator(".skip").bounding_box()["x"] >= 0
    reached = []
    for _ in range(40):
        shown.page.keyboard.press("Tab")
        reached.append(focused())
        style = shown.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style != "none", reached[-1]
    controls = ["filter", "filter-language", "filter-binding", "filter-tag", "log", "dark"]
    assert [name for name in reached if name in controls] == controls
    assert "race-1-table-1" in reached and "Contender" in reached and "#reproduce" in reached
    shown.page.focus("#dark")
    shown.page.keyboard.press("Space")
    shown.settled()
    assert shown.page.evaluate("document.documentElement.dataset.theme") == "dark"
    shown.page.locator("table.sortable >> nth=0").locator("th button", has_text="Time").focus()
    shown.page.keyboard.press("Enter")
    shown.page.keyboard.press("Enter")
    assert shown.rows()[0] == "slow"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window_has_no_sideways_scroll(browser: Any, address: str, scheme: str) -> None:
    window = Shown(
        browser, address, viewport={"width": 360, "height": 740}, color_scheme=scheme, reduced_motion="reduce"
    )
    inside, outside = window.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert inside <= outside
    assert window.marks("race-1-chart", "rect") == TIMED
    assert window.page.locator("#race-1-chart svg").bounding_box()["width"] <= 360
    assert window.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    window.page.set_viewport_size({"width": 1280, "height": 900})
    window.waits()
    assert window.page.locator("#race-1-chart svg").bounding_box()["width"] > 1000
    assert window.said == []
    window.close()


def test_what_a_script_would_do_the_policy_stops(browser: Any, address: str) -> None:
    window = Shown(browser, address)
    window.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
            const image = document.createElement("img");
            image.src = "file:///nowhere.png";
            document.body.append(image);
        }"""
    )
    window.page.wait_for_timeout(300)
    assert window.page.evaluate("window.ran") is None
    assert len([text for text in window.said if "Content Security Policy" in text]) == 2
    window.close()


def test_without_scripts_the_tables_are_there(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(address)
    assert page.locator("noscript p").is_visible() and not page.locator("#controls").is_visible()
    assert page.locator("table.sortable >> nth=0").locator("tbody tr").count() == TIMED - 1
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_cell_of_the_atlas_leads_to_its_problem(browser: Any, tmp_path: Path, width: int) -> None:
    (tmp_path / "won").mkdir()
    (tmp_path / "won" / "problem.py").write_text("def won(): pass")
    file = tmp_path / "atlas.html"
    file.write_text(atlas_page.render(an_atlas(), None, tmp_path, tmp_path), encoding="utf-8")
    window = Shown(browser, file.as_uri(), viewport={"width": width, "height": 900})
    assert window.page.evaluate("document.documentElement.scrollWidth") == width
    window.page.locator("#heat .mark-text path, #heat .mark-text text").filter(has_text="● 95").first.click(force=True)
    assert window.page.evaluate("location.hash") == "#problem-won"
    section = window.page.locator("section[aria-labelledby=problem-won]")
    section.get_by_text("problem.py: the reference").click()
    assert section.get_by_text("def won(): pass").is_visible()
    assert window.marks("problem-won-curve-0", "line") > 0
    assert window.said == [] and len(window.requested) == 1
    window.close()
