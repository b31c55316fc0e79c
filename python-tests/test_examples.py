"""The examples in the docstrings are what comes out."""

from __future__ import annotations

import doctest

import pytest

from functions import MODULES


def functions(name: str) -> list[str]:
    module = __import__(name)
    return [public for public in module.__all__ if callable(getattr(module, public))]


@pytest.mark.parametrize(("name", "function"), [(name, function) for name in MODULES for function in functions(name)])
def test_example(name: str, function: str) -> None:
    module = __import__(name)
    names = {public: getattr(module, public) for public in module.__all__}
    example = doctest.DocTestParser().get_doctest(names[function].__doc__, names, function, name, 0)
    result = doctest.DocTestRunner().run(example)
    assert result.attempted, "a function without an example"
    assert not result.failed
