"""Problems: when two results are equal, what inputs make, and what a folder holds."""

from __future__ import annotations

import math
import pickle
import re
import sys
from collections import Counter, OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doubles_lab import approaches
from doubles_lab.folder import ProblemError, function_of, read
from doubles_lab.problem import Call, Input, Problem, Variant, approximately, exact, shortened

PROBLEMS = Path(__file__).parent / "problems"

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(values)
def test_a_copy_is_equal(value: Any) -> None:
    copied = pickle.loads(pickle.dumps(value))
    assert exact(copied, value)
    assert approximately()(copied, value)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (1, True),
        (True, 1),
        (1.0, 1),
        ("a", b"a"),
        ((1, 2), [1, 2]),
        ([1, 2], (1, 2)),
        ([1, 2], [1, 2, 3]),
        ([1, True], [1, 1]),
        ({"a": 1}, {"a": True}),
        ({1: 2}, {True: 2}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1, "b": 2}, {"a": 1}),
        (Counter("a"), {"a": 1}),
        (OrderedDict(a=1), {"a": 1}),
        (bytearray(b"a"), b"a"),
        ({1}, {True}),
        ({1}, frozenset([1])),
        (0.0, -0.0),
        (math.nan, 0.0),
        (1.0, math.nan),
        (None, False),
        (complex(0.0, -0.0), complex(0.0, 0.0)),
        (np.array([1, 2]), [1, 2]),
        (np.array([1, 2], "i4"), np.array([1, 2], "i8")),
        (np.array([1, 2]), np.array([1, 3])),
        (np.array([[1, 2]]), np.array([1, 2])),
        (np.float64(1), 1.0),
    ],
    ids=repr,
)
def test_what_is_not_equal(result: Any, expected: Any) -> None:
    assert not exact(result, expected)
    assert not exact([result], [expected])
    assert not exact({"key": result}, {"key": expected})


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (math.nan, math.nan),
        ([math.nan], [math.nan]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (np.array([1.0, np.nan]), np.array([1.0, np.nan])),
        (complex(math.nan, 1), complex(math.nan, 1)),
    ],
    ids=repr,
)
def test_what_is_equal(result: Any, expected: Any) -> None:
    assert exact(result, expected)


def test_approximately() -> None:
    equal = approximately(1e-6)
    assert equal(1.0 + 1e-7, 1.0)
    assert not equal(1.0 + 1e-5, 1.0)
    assert equal([1.0, (2.0 + 1e-7,)], [1.0, (2.0,)])
    assert not equal((1.0,), [1.0])
    assert equal({"a": 1.0 + 1e-7}, {"a": 1.0})
    assert equal(np.float64(1.0), 1.0)
    assert not equal(1, 1.0)
    assert not equal("1.0", 1.0)
    assert equal(np.array([1.0 + 1e-7]), np.array([1.0]))
    assert not equal(np.array([1.0 + 1e-5]), np.array([1.0]))
    assert equal(math.nan, math.nan)
    assert not equal(math.nan, 1.0)
    assert approximately(0.0, absolute=0.5)(1.4, 1.0)
    # Whole numbers are whole.
    assert not equal(10**9 + 1, 10**9)


def test_inputs_make_calls() -> None:
    assert Input("one", lambda: 3).call().args == (3,)
    assert Input("two", lambda: Call(1, b=2)).call().kwargs == {"b": 2}
    assert Input.of("three", 1, 2, c=3).call()(lambda *args, **kwargs: (args, kwargs)) == ((1, 2), {"c": 3})
    sized = Input.sized("zeros", lambda n: [0] * n, [10, 1, 10])
    assert sized.sizes == (1, 10)
    assert sized.call().args == ([0] * 10,)
    assert sized.call(1).args == ([0],)
    assert sized.call(1).args[0] is not sized.call(1).args[0]


@pytest.mark.parametrize("sizes", [[], [-1], [1.5], [True], ["1"]], ids=repr)
def test_sizes_are_whole_numbers(sizes: list[Any]) -> None:
    with pytest.raises(ValueError, match="the sizes of the input 'x' are whole numbers from 0 on"):
        Input.sized("x", str, sizes)


def test_a_problem_says_what_is_wrong_with_it() -> None:
    with pytest.raises(TypeError, match="the reference of a problem is a function, not 3"):
        Problem(3, [Input.of("a")])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="the problem len has no inputs"):
        Problem(len, [])
    with pytest.raises(ValueError, match="the problem len has two inputs that are called 'a'"):
        Problem(len, [Input.of("a"), Input.of("a")])
    with pytest.raises(ValueError, match="the problem len has two variants that are called 'v'"):
        Problem(len, [Input.of("a")], variants=[Variant("v", Call.of), Variant("v", Call.of)])
    with pytest.raises(ValueError, match="the first unit of the problem len is not that of its reference"):
        Problem(len, [Input.of("a")], units={"items": max, "length": len})
    problem = Problem(len, [Input.of("a")])
    assert (problem.name, problem.about) == ("len", "Return the number of items in a container")
    with pytest.raises(KeyError, match="the problem len has no input 'b'"):
        problem.input("b")


class Nameless:
    def __repr__(self) -> str:
        raise LookupError


def test_what_is_long_is_cut() -> None:
    assert shortened("a" * 100) == f"{'a' * 30!r}… (100 long)"
    assert shortened(list(range(100))) == "list of 100: 0, …"
    assert "whose repr raises LookupError" in shortened(Nameless())
    assert repr(Call(1, b="x")) == "(1, b='x')"


def folder(place: Path, **files: str) -> Path:
    """A folder with these files, of which the names have "__" for the dot."""
    for name, text in files.items():
        (place / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return place


PROBLEM = """
from doubles_lab.problem import Call, Input, Problem, Variant

def twice(x):
    return 2 * x

PROBLEM = Problem(
    twice, [Input.of("three", 3)], edge_cases={"zero": 0},
    variants=[
        Variant("text", lambda call: str(call.args[0]), reference=lambda x: str(2 * x)), Variant("long_text", str)
    ],
)
"""


def test_the_implementations_of_a_folder(tmp_path: Path) -> None:
    found = read(
        folder(
            tmp_path,
            problem__py=PROBLEM,
            python__py="def twice(x): ...\ndef twice_text(x): ...\ndef twicefold(x): ...\ndef other(): ...",
            python_best__py="def twice_shift(x): return x << 1\ndef twice_as_long_text(x): ...",
            cython__pyx="cdef int twice_c(int x):\n    pass\ncpdef int twice(int x):\n    pass\n",
            cffi_api__py="def twice(x): ...\ndef prepare(lib):\n    global twice_bare\n    twice_bare = lib.twice",
            ctypes__py="twice = LIBRARY.twice\ntwice.restype = int\nassert twice_of == 1\nother = twice",
            lib__c="int twice(int x) { return 2 * x; }",
            README__md="",
        )
    )
    assert [(each.name, each.variant) for each in found.implementations] == [
        ("reference", ""),
        ("cffi-api", ""),
        ("cffi-api-bare", ""),
        ("ctypes", ""),
        ("cython", ""),
        ("python", ""),
        ("python-best-as-long-text", "long_text"),
        ("python-best-shift", ""),
        ("python-text", "text"),
    ]
    assert found.implementation("cython").binding == "Cython"
    with pytest.raises(KeyError, match="the problem twice has no implementation 'rust'"):
        found.implementation("rust")


SAYING = """
from doubles_lab.implementation import Implementation

IMPLEMENTATIONS = [
    Implementation("shifted", source="python.py", function="twice_shift", origin="1843", tags=("best",)),
    Implementation("added", "Python", load=lambda: lambda x: x + x),
]
BASELINE = "shifted"
"""


def test_what_a_problem_says_of_its_implementations(tmp_path: Path) -> None:
    source = "def twice(x): return 2 * x\ndef twice_shift(x): return x << 1"
    found = read(folder(tmp_path, problem__py=PROBLEM + SAYING, python__py=source))
    assert [each.name for each in found.implementations] == ["added", "python", "shifted"]
    shifted = found.implementation("shifted")
    assert (shifted.language, shifted.origin, shifted.tags) == ("Python", "1843", ("best",))
    assert [function_of(found, each)(4) for each in found.implementations] == [8, 8, 8]
    assert found.baseline == "shifted"


def test_pythran_builds_what_its_source_exports(tmp_path: Path) -> None:
    pytest.importorskip("pythran")
    source = """# flags: -O1
# pythran export twice(int)
def twice(x):
    return twice_helper(x) + x

def twice_helper(x):
    return x
"""
    found = read(folder(tmp_path, problem__py=PROBLEM, pythran__py=source))
    assert [each.name for each in found.implementations] == ["reference", "pythran"]
    twice = found.implementation("pythran")
    assert (twice.binding, twice.flags) == ("Pythran", "-O1")
    function = function_of(found, twice)
    assert function(4) == 8
    with pytest.raises(TypeError, match="Invalid call to pythranized function"):
        function(4.5)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("twice_shift", "twice_gone", "says something of twice_gone in python.py, which is not there"),
        ('BASELINE = "shifted"', 'BASELINE = "other"', "names the baseline 'other', which is no implementation"),
        ('"added"', '"python"', "two functions in .* would be called python"),
    ],
)
def test_what_a_problem_says_of_what_is_not_there(tmp_path: Path, old: str, new: str, said: str) -> None:
    source = "def twice(x): return 2 * x\ndef twice_shift(x): return x << 1"
    with pytest.raises(ProblemError, match=said):
        read(folder(tmp_path, problem__py=PROBLEM + SAYING.replace(old, new), python__py=source))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no PROBLEM that is a doubles_lab.Problem"),
        ("PROBLEM = 3", "has no PROBLEM that is a doubles_lab.Problem"),
        ("1 / 0", "cannot be imported: ZeroDivisionError: division by zero"),
        ("exit(3)", "cannot be imported: SystemExit: 3"),
        ("def", "cannot be imported: SyntaxError"),
    ],
)
def test_a_folder_without_a_problem(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ProblemError, match=rf"problem\.py {said}"):
        read(folder(tmp_path, problem__py=text))


def test_what_a_problem_defines_can_be_pickled_after_it_and_another_of_its_name_were_read(tmp_path: Path) -> None:
    one, other = tmp_path / "one" / "twice", tmp_path / "other" / "twice"
    for each, text in ((one, PROBLEM), (other, PROBLEM.replace("2 * x", "x + x"))):
        each.mkdir(parents=True)
        folder(each, problem__py=text)
    first, _, again = read(one).problem, read(other), read(one).problem
    assert again is first
    assert pickle.loads(pickle.dumps(first.reference)) is first.reference


def test_a_problem_is_read_anew_after_its_file_has_changed(tmp_path: Path) -> None:
    first = read(folder(tmp_path, problem__py=PROBLEM)).problem
    changed = PROBLEM.replace("2 * x", "x + x + 0")
    again = read(folder(tmp_path, problem__py=changed)).problem
    assert again is not first and again.reference is not first.reference
    with pytest.raises(ProblemError, match="cannot be imported: NameError"):
        read(folder(tmp_path, problem__py=f"{changed}\nnothing\n"))
    with pytest.raises(ProblemError, match="cannot be imported: NameError"):
        read(tmp_path)
    assert read(folder(tmp_path, problem__py=changed)).problem is not again


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=r"has no problem\.py"):
        read(tmp_path)
    with pytest.raises(ProblemError, match="is no folder"):
        read(tmp_path / "missing")


def test_a_problem_imports_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python itself looks there only where the command is run by ``python -m``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [each for each in sys.path if each not in ("", str(tmp_path))])
    (tmp_path / "quadruples.py").write_text("def times_four(x): return 4 * x", encoding="utf-8")
    source = (
        "from doubles_lab import *\nimport quadruples\nPROBLEM = Problem(quadruples.times_four, [Input.of('a', 1)])"
    )
    assert read(folder(tmp_path, problem__py=source)).problem.name == "times_four"


def test_two_of_one_name(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=r"two functions in .* would be called python-best"):
        read(
            folder(
                tmp_path, problem__py=PROBLEM, python__py="def twice_best(x): ...", python_best__py="def twice(x): ..."
            )
        )


def test_every_approach_says_what_it_is() -> None:
    found = approaches.find()
    wanted = "python numpy numba polars mypyc cython c ctypes cffi_api cffi_abi swig pybind11 nanobind"
    assert set(f"{wanted} pyo3 pyo3_abi3 pyo3_ffi rust_cpython uniffi".split()) <= set(found)
    for name, approach in found.items():
        assert approach.name == name
        assert (
            approach.title and approach.language and approach.suffixes and (approach.__doc__ or "").strip()[-1:] == "."
        )


@pytest.mark.parametrize("name", ["add", "sum_floats", "word_count"])
def test_the_problems_beside_these_tests(name: str) -> None:
    found = read(PROBLEMS / name)
    assert len({each.binding for each in found.implementations[1:]}) >= 4


def test_the_folder_in_the_manual(tmp_path: Path) -> None:
    """Its files are what the manual shows, and what it says of approaches is all that there are."""
    manual = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```\w+\n(.*?)^```$", manual, re.MULTILINE | re.DOTALL):
        if found := re.match(r"(?:#|//) parse_prices/(\S+)\n", block):
            (tmp_path / found[1]).write_text(block, encoding="utf-8")
    assert [each.name for each in read(tmp_path).implementations] == ["reference", "cython", "pyo3"]
    named = set(re.findall(r"`(\w+)\.\w+`", manual.partition("| file | what it is")[2].partition("\n\n")[0]))
    assert named - {"lib", "Cargo"} == set(approaches.find())
