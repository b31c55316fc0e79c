"""The site that `make docs` has made: every link of it leads somewhere, and it works from a disk."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[3]
SITE = REPOSITORY / "target" / "site"

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("DOUBLES_LAB_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


#: In rustdoc's pages of the sources a script, not an anchor, shows several lines.
LINES = re.compile(r"/(rust/src/[\w/]+\.rs\.html)#(\d+)-(\d+)")


def bad_links(site: Path) -> list[str]:
    """The links of all pages that lead to no page, or to no place in it; those to elsewhere are not followed."""
    command = [os.environ["DOUBLES_HYPERLINK"], "--check-anchors", str(site)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    (links,) = re.findall(r"Checking (\d+) links", done.stdout)
    assert int(links) > 5000
    bad = re.findall(r"error: bad link (\S+)", done.stdout)
    assert bool(bad) == bool(done.returncode), done.stdout
    return [link for link in bad if not are_lines(site, link)]


def are_lines(site: Path, link: str) -> bool:
    """Whether these are lines that a page of a source has."""
    found = LINES.fullmatch(link)
    if not found or not (site / found[1]).is_file():
        return False
    text = (site / found[1]).read_text(encoding="utf-8")
    return all(f"id={line} " in text for line in found.groups()[1:])


def test_links() -> None:
    assert not bad_links(SITE)


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("docs/design.html", "no-such-page.html"),
        ("docs/design.html", "operations.html#no-such-heading"),
        ("docs/api/rust.html", "../../rust/doubles_core/fn.no_such_function.html"),
        ("rust/doubles_core/fn.count_chars.html", "struct.Backend.html#method.no_such_method"),
        ("rust/doubles_core/fn.count_chars.html", "../src/doubles_core/lib.rs.html#1-1000000"),
    ],
)
def test_a_broken_link_is_found(page: str, link: str, tmp_path: Path) -> None:
    copy = tmp_path / "site"
    shutil.copytree(SITE, copy)
    file = copy / page
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("</body>", f'<a href="{link}">planted</a></body>'), encoding="utf-8")
    (bad,) = bad_links(copy)
    assert bad.split("/")[-1] == link.split("/")[-1]


def test_every_page_is_in_reach() -> None:
    """Each Markdown file of the documentation is a page, one click from home: all are in the navigation."""
    home = (SITE / "README.html").read_text(encoding="utf-8")
    no_page = {REPOSITORY / "docs/site/contents.md", REPOSITORY / "README.md"}
    documents = {*(REPOSITORY / "docs").rglob("*.md"), *REPOSITORY.glob("*.md")} - no_page
    assert len(documents) > 15
    for document in sorted(documents):
        page = document.relative_to(REPOSITORY).with_suffix(".html").as_posix()
        if "/." in page:  # a cache
            continue
        assert (SITE / page).is_file(), page
        assert f'href="{page}"' in home, page


def test_nothing_is_loaded_from_elsewhere() -> None:
    loads = re.compile(r"""<(?:script|img|link|iframe)\b[^>]*?\b(?:src|href)=["']?(?:https?:)?//[^>]*>""")
    pages = list(SITE.rglob("*.html"))
    assert len(pages) > 50
    for page in pages:
        assert not [tag for tag in loads.findall(page.read_text(encoding="utf-8")) if "canonical" not in tag], page


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright: the site was not tried in a browser")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: the site was not tried in a browser (see CONTRIBUTING.md)")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM)
        yield chromium
        chromium.close()


def test_search_from_a_disk(browser: Any) -> None:
    page = browser.new_context(offline=True).new_page()
    page.goto((SITE / "search.html").as_uri() + "?q=squeeze")
    page.wait_for_selector("ul.search li a")
    found = [link.get_attribute("href") for link in page.query_selector_all("ul.search li a")]
    assert any("docs/operations.html" in link for link in found)


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name", ["README", "docs/api/python", "docs/results/letters/README", "docs/results/roofline/README", "docs/safety"]
)
def test_pages_fit(browser: Any, name: str, scheme: str, width: int) -> None:
    """A page is as wide as its window: what is wider scrolls by itself. And nothing fails to load."""
    context = browser.new_context(offline=True, color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("requestfailed", lambda request: said.append(request.url))
    page.goto((SITE / f"{name}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not said
    context.close()
