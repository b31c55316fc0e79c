"""What the documentation shows is what comes out, with either binding."""

from __future__ import annotations

import doctest
import sys
from pathlib import Path
from typing import Any

import pytest
from doubles_pyo3 import columns

DOCS = Path(__file__).resolve().parents[3] / "docs"
OF_COLUMNS = [getattr(columns, name) for name in columns.__all__]


def run(text: str, names: dict[str, Any], where: str) -> int:
    """Runs the examples of a text, and gives how many there are."""
    result = doctest.DocTestRunner().run(doctest.DocTestParser().get_doctest(text, names, where, where, 0))
    assert not result.failed
    return result.attempted


@pytest.mark.parametrize("module", ["doubles_pyo3", "doubles_cpython"])
@pytest.mark.parametrize(("name", "least"), [("operations.md", 10), ("guide/python.md", 8)])
def test_examples(name: str, least: int, module: str) -> None:
    if module == "doubles_cpython" and sys.version_info >= (3, 14):
        pytest.skip("no doubles_cpython: rust-cpython does not support this version of Python")
    text = (DOCS / name).read_text(encoding="utf-8").replace("doubles_pyo3", module)
    assert run(text, {}, name) > least


def test_examples_of_columns() -> None:
    assert run((DOCS / "guide/columns.md").read_text(encoding="utf-8"), {}, "guide/columns.md") > 5


@pytest.mark.parametrize("item", OF_COLUMNS, ids=columns.__all__)
def test_docstrings_of_columns(item: Any) -> None:
    assert run(item.__doc__, {name: getattr(columns, name) for name in columns.__all__}, item.__name__)
