"""What the documentation shows is what comes out, with either binding."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.mark.parametrize("module", ["doubles_pyo3", "doubles_cpython"])
@pytest.mark.parametrize("name", ["operations.md"])
def test_examples(name: str, module: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8").replace("doubles_pyo3", module)
    examples = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    result = doctest.DocTestRunner().run(examples)
    assert result.attempted > 10 and not result.failed
