"""The modules themselves: the same names, words and types in both, as the stub says."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import pickle
import pydoc
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def stub(doubles) -> ast.Module:
    """The stub that is installed beside the module."""
    if sys.version_info < (3, 8):  # noqa: UP036 (the binding by rust-cpython has it)
        pytest.skip("the stub's / is no syntax of Python 3.7")
    return ast.parse(Path(doubles.__file__).with_name("__init__.pyi").read_text(encoding="utf-8"))


def test_the_stub_is_the_shared_one(doubles):
    installed = Path(doubles.__file__).with_name("__init__.pyi").read_bytes()
    assert installed == (REPOSITORY / "bindings" / "doubles.pyi").read_bytes()


def test_is_typed(doubles):
    assert Path(doubles.__file__).with_name("py.typed").is_file()


def test_names_are_those_of_the_stub(doubles, stub):
    functions = {node.name for node in stub.body if isinstance(node, ast.FunctionDef)}
    variables = {node.target.id for node in stub.body if isinstance(node, ast.AnnAssign)}
    (listed,) = (
        ast.literal_eval(n.value) for n in stub.body if isinstance(n, ast.Assign) and n.targets[0].id == "__all__"
    )
    public = {name for name in vars(doubles) if not name.startswith("_")}
    assert sorted(doubles.__all__) == listed == sorted(public)
    assert functions | variables == public | {"__version__"}


def test_a_star_import_brings_the_public_names(doubles):
    names = {}
    exec(f"from {doubles.__name__} import *", names)
    assert set(doubles.__all__) <= set(names)


def test_functions_are_those_of_the_stub(doubles, stub):
    for node in stub.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        function = getattr(doubles, node.name)
        kinds = [
            (node.args.posonlyargs, inspect.Parameter.POSITIONAL_ONLY),
            (node.args.args, inspect.Parameter.POSITIONAL_OR_KEYWORD),
            (node.args.kwonlyargs, inspect.Parameter.KEYWORD_ONLY),
        ]
        expected = [(argument.arg, kind) for arguments, kind in kinds for argument in arguments]
        parameters = inspect.signature(function).parameters.values()
        assert [(parameter.name, parameter.kind) for parameter in parameters] == expected
        defaults = [ast.literal_eval(default) for default in (*node.args.defaults, *node.args.kw_defaults)]
        assert [each.default for each in parameters if each.default is not inspect.Parameter.empty] == defaults
        is_overload = "overload" in [decorator.id for decorator in node.decorator_list]
        assert function.__doc__ == ast.get_docstring(node) or (is_overload and ast.get_docstring(node) is None)
        assert function.__name__ == node.name


def test_module_docstring(doubles, stub):
    assert doubles.__doc__ == ast.get_docstring(stub)


def test_help(doubles):
    text = pydoc.plain(pydoc.render_doc(doubles))
    assert "Counts adjacent equal items" in text
    for name in doubles.__all__:
        assert name in text
    text = pydoc.plain(pydoc.render_doc(doubles.count_doubles))
    assert "count_doubles(val, /, *, threads=1)" in text
    assert "sum(a == b for a, b in zip(val, val[1:]))" in text


def test_functions_know_where_they_are_from(doubles):
    for name in doubles.__all__:
        function = getattr(doubles, name)
        if callable(function):
            assert function.__module__ == f"{doubles.__name__}._native"
            assert pickle.loads(pickle.dumps(function)) is function


def installed_version(name: str) -> str:
    metadata = pytest.importorskip("importlib.metadata", reason="came with Python 3.8")
    return metadata.version(name)


def test_version(both):
    manifest = (REPOSITORY / "Cargo.toml").read_text()
    (version,) = re.findall(r'^version = "(.+)"$', manifest, re.MULTILINE)
    for doubles in both:
        assert doubles.__version__ == installed_version(doubles.__name__) == version


def test_backend(both):
    backends = {doubles.backend for doubles in both}
    assert len(backends) == 1
    assert backends <= {"avx512vbmi", "avx512", "avx2", "sse2", "neon", "scalar"}


def test_calls_go_straight_to_rust(doubles):
    """Nothing written in Python is between the caller and the function."""
    for name in doubles.__all__:
        if name != "backend":
            assert inspect.isbuiltin(getattr(doubles, name))


IN_A_SUBINTERPRETER = '''
import importlib, sys
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
name = sys.argv[1]
doubles = importlib.import_module(name)
interpreters.run_string(interpreters.create(), f"""
try:
    import {name}
except ImportError as error:
    print("refused:", error, flush=True)
else:
    print("imported", flush=True)
""")
assert doubles.count_doubles("aab") == 1
'''


@pytest.mark.skipif(
    not any(map(importlib.util.find_spec, ("_interpreters", "_xxsubinterpreters"))), reason="no such module"
)
def test_a_subinterpreter_is_refused(doubles):
    done = subprocess.run(
        [sys.executable, "-c", IN_A_SUBINTERPRETER, doubles.__name__], stdout=subprocess.PIPE, check=True
    )
    said = done.stdout.decode()
    assert said.startswith("refused: ")
    assert "subinterpreter" in said
