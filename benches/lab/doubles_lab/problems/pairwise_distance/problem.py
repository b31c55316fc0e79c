"""The distances between two sets of points: two arrays in, and an array of another shape out."""

import importlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from doubles_lab import Call, Input, Problem, approximately, sequence
from doubles_lab.approaches.approach import Links
from doubles_lab.implementation import Divergence, Implementation, Raises


def pairwise_distance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The Euclidean distance of each row of one array from each row of another one.

    Raises ``ValueError`` for arrays that have not two axes, or rows of different lengths.
    """
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise ValueError("the points must have the same number of coordinates")
    result = np.empty((len(a), len(b)))
    others = b.tolist()
    for i, point in enumerate(a.tolist()):
        for j, other in enumerate(others):
            total = 0.0
            for mine, its in zip(point, other):
                total += (mine - its) * (mine - its)
            result[i, j] = math.sqrt(total)
    return result


def points(name: str, count: int, coordinates: int) -> Any:
    """Points with coordinates from 0 to 1."""
    data = np.frombuffer(sequence.random_bytes(name, 4 * count * coordinates), "<u4")
    return data.reshape(count, coordinates) / 2**32


def two_sets(coordinates: int) -> Callable[[int], Call]:
    """What makes two sets of so many points each."""
    return lambda size: Call(points("a", size, coordinates), points("b", size, coordinates))


def fixed(values: Any) -> Any:
    """An array that cannot be written to."""
    values.flags.writeable = False
    return values


def strategies() -> Any:
    """Small arrays of any layout, mostly of points with as many coordinates, whose squares add up exactly."""
    from hypothesis import strategies as st
    from hypothesis.extra import numpy as of_numpy

    exact = st.integers(-8, 8).map(lambda quarters: quarters / 4)
    values = st.one_of(exact, exact, exact, st.sampled_from([math.nan, math.inf, -math.inf, -0.0]))
    layouts = st.sampled_from([np.ascontiguousarray, np.asfortranarray, lambda array: array.repeat(2, 1)[::-1, ::2]])

    @st.composite
    def calls(draw: Any) -> Call:
        coordinates = draw(st.integers(0, 5))
        other = draw(st.sampled_from([coordinates] * 9 + [1]))
        sizes = (draw(st.integers(0, 5)), coordinates), (draw(st.integers(0, 5)), other)
        return Call(*(draw(layouts)(draw(of_numpy.arrays(float, size, elements=values))) for size in sizes))

    return calls()


GRID = points("edge", 6, 8)

PROBLEM = Problem(
    pairwise_distance,
    inputs=[
        Input.sized("points", two_sets(3), sizes=[4, 40, 200], about="in space: three coordinates"),
        Input.sized("vectors", two_sets(512), sizes=[4, 40], about="512 coordinates"),
    ],
    equal=approximately(1e-9),
    edge_cases={
        "one pair": Call(np.array([[0.0, 0.0]]), np.array([[3.0, -4.0]])),
        "no points": Call(np.empty((0, 3)), GRID[:, :3]),
        "no points to compare with": Call(GRID[:, :3], np.empty((0, 3))),
        "no coordinates": Call(np.empty((2, 0)), np.empty((3, 0))),
        "the same points": Call(GRID[:2, :3].copy(), GRID[:2, :3].copy()),
        "far from the origin": Call(np.array([[1e8 + 1, 1e8]]), np.array([[1e8, 1e8], [1e8 + 1, 1e8 - 2]])),
        "NaN": Call(np.array([[math.nan, 1.0], [1.0, 2.0]]), np.array([[0.0, 1.0]])),
        "infinities": Call(np.array([[math.inf, 0.0], [-math.inf, 0.0]]), np.array([[0.0, 0.0], [math.inf, 0.0]])),
        "-0.0": Call(np.array([[-0.0]]), np.array([[0.0]])),
        "every other coordinate": Call(GRID[:4, ::2], GRID[2:, 1::2]),
        "Fortran order": Call(np.asfortranarray(GRID), GRID.T[:, :].copy().T),
        "backwards": Call(GRID[::-1, ::-1], GRID[1::2]),
        "read-only": Call(fixed(GRID[:2].copy()), fixed(GRID[2:].copy())),
        "int64": Call(np.array([[0, 3]]), np.array([[4, 0], [-1, 2]])),
        "other coordinates": Call(GRID[:, :2].copy(), GRID[:, :3].copy()),
        "one coordinate against three": Call(GRID[:, :1].copy(), GRID[:, :3].copy()),
        "one axis": Call(GRID[0].copy(), GRID[1].copy()),
    },
    strategies=strategies,
    shape="(ndarray, ndarray) -> ndarray",
    shows="Where points have many coordinates, a matrix product is the answer, and NumPy has it. "
    "Where they have few, a compiled loop makes none of the arrays that NumPy makes on the way.",
)


def LINKS(source: str) -> Links:  # noqa: N802 (as the folder names it)
    """C by hand makes arrays by NumPy's C API."""
    return Links(include=(np.get_include(),)) if source == "c.c" else Links()


def by_matmul(a: Any, b: Any) -> Any:
    """What the matrix product gives, where that is no distance: of points that are close to each other, or infinite."""
    try:
        expected = pairwise_distance(a, b)
    except ValueError:
        return None
    with np.errstate(invalid="ignore"):
        squares = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1) - 2 * (a @ b.T)
        result = np.sqrt(np.maximum(squares, 0))
    return None if PROBLEM.equal(result, expected) else result


def by_dist(a: Any, b: Any) -> Any:
    """What ``math.dist`` gives where a difference is infinite: infinity, even if another one is NaN."""
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1] or (np.isfinite(a).all() and np.isfinite(b).all()):
        return None
    result = [[math.dist(p, q) for q in b.tolist()] for p in a.tolist()]
    return np.array(result, dtype=float).reshape(len(a), len(b))


def of(name: str, source: str, function: str, *divergences: Divergence) -> Implementation:
    """An implementation in a source file that diverges."""
    return Implementation(name, source=source, function=f"pairwise_distance{function}", divergences=divergences)


def raises(what: str, exception: str, where: Callable[[Any, Any], bool]) -> Divergence:
    """A statement that arguments raise an exception."""
    return Divergence(f"{what} raises {exception}", lambda a, b: Raises(exception) if where(a, b) else None)


def other_type(a: Any, b: Any) -> bool:
    """Whether an array is not of float64."""
    return bool(a.dtype != float or b.dtype != float)


def other_axes(a: Any, b: Any) -> bool:
    """Whether an array has not two axes."""
    return bool(a.ndim != 2 or b.ndim != 2)


def strided(a: Any, b: Any) -> bool:
    """Whether the coordinates of an array do not lie side by side, in C or Fortran order."""
    return not (a.flags.forc and b.flags.forc)


AXES = "an array without two axes"
TYPE = "an array of another type than float64"
STRIDES = "an array with gaps or backwards"

IMPLEMENTATIONS = [
    Implementation(
        "scipy",
        language="C++",
        binding="pybind11",
        access="the input",
        origin="scipy.spatial.distance.cdist",
        packages=("scipy",),
        load=lambda: importlib.import_module("scipy.spatial.distance").cdist,
    ),
    of("python", "python.py", "", Divergence("math.dist prefers infinity to NaN", by_dist)),
    of("numpy-matmul", "numpy.py", "_matmul", Divergence("close points lose their digits", by_matmul)),
    *(
        of(f"numba{function}", "numba.py", function.replace("-", "_"), raises(AXES, "TypingError", other_axes))
        for function in ("", "-columns")
    ),
    *(
        of(
            f"pythran{function}",
            "pythran.py",
            function.replace("-", "_"),
            raises(TYPE, "TypeError", other_type),
            raises(AXES, "TypeError", other_axes),
            raises(STRIDES, "TypeError", strided),
        )
        for function in ("", "-columns")
    ),
    of("cython-strided", "cython.pyx", "_strided", raises(TYPE, "ValueError", other_type)),
    *(
        of(f"nanobind{function}", "nanobind.cpp", function.replace("-", "_"), raises(AXES, "TypeError", other_axes))
        for function in ("", "-view")
    ),
    of("pyo3", "pyo3.rs", "", raises(TYPE, "BufferError", other_type)),
    *(
        of(
            f"pyo3-numpy{function}",
            "pyo3_numpy",
            function.replace("-", "_"),
            raises(TYPE, "TypeError", other_type),
            raises(AXES, "TypeError", other_axes),
        )
        for function in ("", "-view")
    ),
    of(
        "rust-cpython",
        "rust_cpython.rs",
        "",
        raises(TYPE, "BufferError", lambda a, b: other_type(a, b) and a.shape[1:] == b.shape[1:] and a.ndim == 2),
    ),
]
