"""How Sphinx makes the site, from the Markdown files of the repository, where they lie: see `make docs`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.addnodes import pending_xref

if TYPE_CHECKING:
    from docutils.nodes import document
    from sphinx.application import Sphinx

SITE = Path(__file__).parent
REPOSITORY = SITE.parent.parent

project = "doubles"
project_copyright = "the contributors, under Apache-2.0 or MIT"
(version,) = re.findall(r'^version = "(.+)"$', (REPOSITORY / "Cargo.toml").read_text(encoding="utf-8"), re.MULTILINE)
release = version
language = "en"

extensions = ["myst_parser", "autoapi.extension", "sphinx_copybutton"]

# Links between files are then the same in the repository and on the site.
root_doc = "README"
include_patterns = [
    "*.md",
    "benches/lab/README.md",
    "bindings/README.md",
    "crates/*/README.md",
    "docs/**.md",
]
exclude_patterns = ["docs/site", "target", "results", ".*", "**/.*"]

myst_heading_anchors = 3
nitpicky = True
# Python's own names, whose documentation is not here: no look-up by network.
nitpick_ignore_regex = [
    (r"py:.*", r"(str|int|bool|bytes|dict|list|tuple|None|Any|(typing\.)?(Any|Protocol|Final|TypeVar))"),
    (r"py:.*", r"(collections\.abc\.)?Iterable"),
    (r"py:.*", r"(typing_extensions\.)?Buffer"),
    (r"py:.*", r"(os\.)?PathLike"),
    (r"py:.*", r"(doubles_pyo3\.)?(columns\.)?_(T|Array|Items|Series|Stream)"),
    (r"py:.*", r"array\.array"),
]

# The stubs are what editors show, and what both packages take their docstrings from.
autoapi_dirs = [str(REPOSITORY / "bindings" / "pyo3" / "python")]
autoapi_file_patterns = ["*.pyi"]
autoapi_generate_api_docs = False
autoapi_add_toctree_entry = False
autoapi_member_order = "bysource"
add_module_names = False
maximum_signature_line_length = 90

html_theme = "furo"
html_title = f"doubles {version}"
html_static_path = ["page.css"]
html_css_files = ["page.css"]
html_extra_path = ["index.html"]
html_copy_source = False
html_show_sourcelink = False
# The empty line that ends a doctest in Markdown is not shown.
highlight_options = {"python": {"stripnl": True}}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True


def add_contents(app: Sphinx, docname: str, source: list[str]) -> None:
    """Appends the navigation to the README, where a directive would be seen by who reads it elsewhere."""
    if docname == root_doc:
        contents = (SITE / "contents.md").read_text(encoding="utf-8").splitlines()
        # A glob that finds nothing is a warning that no setting takes back. A page that no glob finds is one, too.
        found = [line for line in contents if "*" not in line or any(REPOSITORY.glob(f"{line}.md"))]
        source[0] += "\n" + "\n".join(found)


def name_directories(app: Sphinx, doctree: document) -> None:
    """Leaves the words alone of a link to a directory: a repository shows what is in it, and a site does not."""
    page = Path(doctree["source"]).parent
    for link in list(doctree.findall(pending_xref)):
        if link["reftype"] == "myst" and "/" in link["reftarget"] and (page / link["reftarget"]).is_dir():
            link.replace_self(link.children)


def setup(app: Sphinx) -> None:
    app.connect("source-read", add_contents)
    app.connect("doctree-read", name_directories)
