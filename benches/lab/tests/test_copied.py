"""Arguments on their way to another process: an array arrives with the layout that its input gave it."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_problem import folder
from test_problem_race import verified

from doubles_lab import copied
from doubles_lab.folder import read


def read_only(array: Any) -> Any:
    array.flags.writeable = False
    return array


GRID = np.arange(24.0).reshape(4, 6)
LAYOUTS = {
    "C": GRID,
    "Fortran": GRID.T,
    "every other": GRID[::2, ::3],
    "backwards": GRID[::-1, ::-2],
    "broadcast": np.broadcast_to(np.array([1.5, -2.0], np.float32), (3, 2)),
    "empty": GRID[:0, ::2],
    "no axis": np.array(2.5),
    "read-only": read_only(np.arange(3)),
    "fields": np.array([(1, 2.5), (3, 4.5)], [("a", "i2"), ("b", "f8")])[::-1],
    "objects": np.array(["a", None, 2], object)[::2],
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_an_array_keeps_its_layout(name: str) -> None:
    array = LAYOUTS[name]
    (again,) = pickle.loads(copied.dumps([array]))
    assert again.dtype == array.dtype and again.shape == array.shape and again.tolist() == array.tolist()
    if array.size and not array.dtype.hasobject:
        assert again.strides == array.strides
        assert again.flags.writeable == array.flags.writeable


def test_everything_else_is_pickled_as_usual() -> None:
    value = {"a": [1, 2.5, None, "é", b"\0", (True, {3})]}
    assert pickle.loads(copied.dumps(value)) == value
    with pytest.raises((pickle.PicklingError, AttributeError)):
        copied.dumps(lambda: 0)


STRIDED = """
import numpy as np
from doubles_lab.problem import Input, Problem

def total(values):
    return sum(values.tolist())

PROBLEM = Problem(
    total, [Input.of("three", np.arange(3.0))], edge_cases={"every other": np.arange(6.0)[::2], "fixed": np.zeros(2)}
)
PROBLEM.edge_cases["fixed"].flags.writeable = False
"""


@pytest.mark.parametrize(
    ("needs", "case"), [("values.flags.c_contiguous", "every other"), ("values.flags.writeable", "fixed")]
)
def test_edge_cases_keep_their_layout(tmp_path: Path, needs: str, case: str) -> None:
    source = f"def total(values):\n    assert {needs}\n    return sum(values.tolist())"
    found = read(folder(tmp_path, problem__py=STRIDED, python__py=source))
    assert verified(found)["python"].startswith(f"{case}: raises AssertionError")
