"""doubles_pyo3.columns: each library that gives columns by each layout of Arrow, as docs/guide/columns.md lists them.

The tables of the guide are what is expected. One of the columns of pandas is skipped, since only one pandas can be
installed: the check ``bindings-pandas-3`` of ``python-tests/trust`` runs this file with the other.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow", reason="no pyarrow: columns were not tried")
columns: Any = pytest.importorskip("doubles_pyo3.columns", reason="a build without Arrow columns")

from test_columns import FUNCTIONS, taken  # noqa: E402 (it needs both)

GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "columns.md"

TEXT = ["aab", None, "xyyy", "", "ééxx文文", "a row longer than a view holds", "aab"]
BINARY = [None if row is None else row.encode() for row in TEXT]
FIXED = [None if row is None else row.ljust(8)[:8] for row in BINARY]


class Missing(Exception):
    """A library has no such column."""


def layouts() -> dict[str, Any]:
    """What each library is given, as pyarrow has it."""
    string = pa.array(TEXT)
    return {
        "string": string,
        "large string": pa.array(TEXT, pa.large_string()),
        "string view": pa.array(TEXT, pa.string_view()),
        "binary": pa.array(BINARY),
        "large binary": pa.array(BINARY, pa.large_binary()),
        "binary view": pa.array(BINARY, pa.binary_view()),
        "fixed-size binary": pa.array(FIXED, pa.binary(8)),
        "dictionary": pa.array([*TEXT, *TEXT]).dictionary_encode(),
        "run-end encoded": pa.RunEndEncodedArray.from_arrays([2, 3, 4, 5, 6, 8, 9], string),
        "null": pa.nulls(5),
        "empty": string[:0],
        "sliced": string[2:5],
        "chunked": pa.chunked_array([TEXT[:3], TEXT[3:]]),
        "a frame": pa.table({"word": TEXT}),
    }


def layout_of(kind: Any) -> str:
    """The name of a type among the layouts."""
    if pa.types.is_dictionary(kind):
        return "dictionary"
    if pa.types.is_run_end_encoded(kind):
        return "run-end encoded"
    if pa.types.is_fixed_size_binary(kind):
        return "fixed-size binary"
    return str(kind).replace("_", " ")


# A column of each library: what it makes of one of pyarrow's, by an import of its own.


def of_pyarrow(_layout: str, given: Any) -> Any:
    return given


def of_polars(layout: str, given: Any) -> Any:
    pl = pytest.importorskip("polars", reason="no Polars")
    if layout == "a frame":
        return pl.DataFrame(given)
    try:
        return pl.Series(given)
    except pl.exceptions.ComputeError as error:
        raise Missing(error) from None


#: What makes DuckDB give a layout, which it otherwise does not.
DUCKDB = {
    "large string": ["SET arrow_large_buffer_size = true"],
    "large binary": ["SET arrow_large_buffer_size = true"],
    "string view": ["SET produce_arrow_string_view = true", "SET arrow_output_version = '1.4'"],
    "binary view": ["SET produce_arrow_string_view = true", "SET arrow_output_version = '1.4'"],
}


def of_duckdb(layout: str, given: Any) -> Any:
    duckdb = pytest.importorskip("duckdb", reason="no DuckDB")
    connection = duckdb.connect()
    for setting in DUCKDB.get(layout, []):
        connection.execute(setting)
    connection.register("given", given if layout == "a frame" else pa.table({"word": given}))
    if layout == "a frame":
        return connection.sql("SELECT word FROM given")
    word = "word::ENUM ('aab', 'xyyy', '', 'ééxx文文', 'a row longer than a view holds')"
    query = f"SELECT {word if layout == 'dictionary' else 'word'} AS word FROM given"
    return connection.sql(query).to_arrow_table()["word"]


def of_datafusion(layout: str, given: Any) -> Any:
    datafusion = pytest.importorskip("datafusion", reason="no DataFusion")
    context = datafusion.SessionContext()
    frame = context.from_arrow(given if layout == "a frame" else pa.table({"word": given})).select("word")
    return frame if layout == "a frame" else frame.to_arrow_table()["word"]


def of_nanoarrow(_layout: str, given: Any) -> Any:
    return pytest.importorskip("nanoarrow", reason="no nanoarrow").Array(given)


def of_arro3(layout: str, given: Any) -> Any:
    core = pytest.importorskip("arro3.core", reason="no arro3")
    kind = {"chunked": core.ChunkedArray, "a frame": core.Table}.get(layout, core.Array)
    return kind.from_arrow(given)


def of_pandas(layout: str, given: Any) -> Any:
    """With an ArrowDtype, which pandas keeps as it is."""
    pd = pytest.importorskip("pandas", reason="no pandas")
    if layout == "a frame":
        return given.to_pandas()
    return pd.Series(pd.arrays.ArrowExtensionArray(given))


LIBRARIES: dict[str, Callable[[str, Any], Any]] = {
    "pyarrow": of_pyarrow,
    "Polars": of_polars,
    "pandas 2": of_pandas,
    "pandas 3": of_pandas,
    "DuckDB": of_duckdb,
    "DataFusion": of_datafusion,
    "nanoarrow": of_nanoarrow,
    "arro3": of_arro3,
}

CRASHES = """
import sys, nanoarrow, pyarrow
rows = {"string_view": "a row longer than a view holds", "binary_view": b"a row longer than a view holds"}
nanoarrow.Array(pyarrow.array([rows[sys.argv[1]]], sys.argv[1]))
"""


def crashes(layout: str) -> bool:
    """Whether nanoarrow ends its process when it is given views, without a function of ours."""
    pytest.importorskip("nanoarrow", reason="no nanoarrow")
    done = subprocess.run([sys.executable, "-c", CRASHES, layout.replace(" ", "_")], capture_output=True, check=False)
    return done.returncode < 0


def outcome(column: Any, rows: list[Any]) -> str:
    """``yes``, ``refused``, or the layout that a column has. Fails if a function is wrong about its rows."""
    try:
        squeezed = taken(columns.squeeze(column))
    except TypeError as error:
        for function, _ in FUNCTIONS:
            with pytest.raises(TypeError, match=re.escape(str(error))):
                function(column)
        return "refused"
    for function, expected in FUNCTIONS:
        assert taken(function(column)).to_pylist() == [expected(row) for row in rows]
    return layout_of(squeezed.type)


def of_library(library: str, layout: str) -> str:
    """What the guide has to say of a cell."""
    if library.startswith("pandas"):
        skip_unless(library)
    if library == "nanoarrow" and layout.endswith("view") and crashes(layout):
        return "crashes"
    given = layouts()[layout]
    try:
        column = LIBRARIES[library](layout, given)
    except Missing:
        return "none"
    rows = given["word"].to_pylist() if layout == "a frame" else given.to_pylist()
    found = outcome(column, rows)
    if found == "large binary" and layout == "fixed-size binary":
        # What is squeezed has no size that is fixed.
        return "yes"
    any_type = layout in ("empty", "sliced", "chunked") and found != "refused"
    return "yes" if found == layout or any_type else found


def skip_unless(library: str) -> Any:
    """pandas, of that version."""
    pd = pytest.importorskip("pandas", reason="no pandas")
    if library.split()[1] != pd.__version__.split(".")[0]:
        pytest.skip(f"pandas {pd.__version__} is installed")
    return pd


#: Series of pandas that are not of an ArrowDtype: the rows, and how they are made.
SERIES: dict[str, tuple[list[Any], Any]] = {
    "`object`, of `str`": (TEXT, object),
    "`object`, of `bytes`": (BINARY, object),
    "`object`, of `None`": ([None, None], object),
    "`object`, empty": ([], object),
    "`object`, of `str` and `int`": (["aab", 1], object),
    '`"string"`': (TEXT, "string"),
    '`"string[python]"`': (TEXT, "string[python]"),
    '`"string[pyarrow]"`': (TEXT, "string[pyarrow]"),
    '`"str"`': (TEXT, "str"),
    "`category`, of `str`": (TEXT, "category"),
    "`category`, of `None`": ([None, None], "category"),
    "`int64`": ([1, 2], "int64"),
}


def of_series(pandas: str, row: str) -> str:
    pd = skip_unless(pandas)
    rows, dtype = SERIES[row]
    return outcome(pd.Series(rows, dtype=dtype), rows)


# The guide.


def tables() -> list[list[list[str]]]:
    """The tables of the guide, as the cells of their lines."""
    text = GUIDE.read_text(encoding="utf-8")
    found = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    return [[[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.splitlines()] for table in found]


def cells(title: str) -> dict[tuple[str, str], str]:
    """The cells of the table with that first cell, by row and column."""
    (table,) = [table for table in tables() if table[0][0] == title]
    return {(line[0], name): cell for line in table[2:] for name, cell in zip(table[0][1:], line[1:])}


def check(shown: str, found: str) -> None:
    assert shown == found, f"the guide says {shown!r}, and it is {found!r}"


def test_the_guide_has_every_cell() -> None:
    assert set(cells("layout")) == {(layout, library) for layout in layouts() for library in LIBRARIES}
    assert set(cells("pandas dtype")) == {(row, pandas) for row in SERIES for pandas in ("pandas 2", "pandas 3")}


def test_the_guide_names_the_pandas_that_is_tested() -> None:
    pd = pytest.importorskip("pandas", reason="no pandas")
    (named,) = re.findall(r"pandas (\d+\.\d+) and (\d+\.\d+) were tested", GUIDE.read_text(encoding="utf-8"))
    assert ".".join(pd.__version__.split(".")[:2]) in named


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("layout", layouts())
def test_library(layout: str, library: str) -> None:
    check(cells("layout")[layout, library], of_library(library, layout))


@pytest.mark.parametrize("pandas", ["pandas 2", "pandas 3"])
@pytest.mark.parametrize("row", SERIES)
def test_series(row: str, pandas: str) -> None:
    check(cells("pandas dtype")[row, pandas], of_series(pandas, row))


def test_frames_are_refused_in_plain_words() -> None:
    for library in ("pyarrow", "Polars", "DuckDB", "DataFusion", "nanoarrow", "arro3"):
        with pytest.raises(TypeError, match="expected a column of strings or binary, got struct"):
            columns.squeeze(LIBRARIES[library]("a frame", layouts()["a frame"]))
