"""A column of a million short strs: Arrow's memory is read in place, where a list has an object for each."""

from dataclasses import replace
from operator import eq
from random import Random

from doubles_lab.implementation import Implementation
from doubles_lab.problem import Input, Problem, Variant
from doubles_lab.problems import _shared as shared
from doubles_lab.problems._inputs import EDGE_CASES, letters
from doubles_lab.problems.count_doubles_many.problem import comprehension

ROWS = 1_000_000


def count_column(values):
    """The count of each row of a column."""
    return [sum(map(eq, val, val[1:])) for val in values]


def short_strs():
    """A million strs of 1 to 15 letters, eight on the whole."""
    text, draw = letters(), Random(1)
    places = [draw.randrange(len(text) - 15) for _ in range(ROWS)]
    return [text[place : place + draw.randint(1, 15)] for place in places]


def arrow(call):
    """The values as an Arrow column of UTF-8. Raises ``ValueError`` for a lone surrogate."""
    import pyarrow

    return pyarrow.array(*call.args, pyarrow.string())


def buffers(call):
    """The same, where each character is a byte. Raises ``ValueError`` where one is not."""
    if not all(map(str.isascii, *call.args)):
        raise ValueError("not ASCII")
    return arrow(call)


def series(call):
    """The values as a Polars series."""
    import polars

    return polars.Series("val", *call.args, dtype=polars.String)


def table(call):
    """A connection to DuckDB whose table ``rows`` has the values in the column ``val``."""
    import duckdb
    import pyarrow

    connection = duckdb.connect()
    connection.register("given", pyarrow.table({"val": arrow(call)}))
    connection.execute("CREATE TABLE rows AS SELECT val FROM given")
    return connection


def converted(result):
    """The list of a column of Arrow, of Polars or of this project, or of an array."""
    if not hasattr(result, "__arrow_c_stream__") and not hasattr(result, "__arrow_c_array__"):
        return shared.plain(result)
    import pyarrow

    made = pyarrow.chunked_array if hasattr(result, "__arrow_c_stream__") else pyarrow.array
    return made(result).to_pylist()


PROBLEM = Problem(
    count_column,
    inputs=[Input("1,000,000 of 1 to 15 letters", short_strs)],
    equal=shared.equal_once(converted),
    edge_cases={
        "no rows": [],
        "an empty row": [""],
        "empty rows between others": ["", "aa", "", "", "a", "aab", ""],
        "doubles only from row to row": ["a", "ab", "b", "ba"],
        "ASCII": [val for val in EDGE_CASES.values() if val.isascii()],
        "every width in UTF-8": ["aaéé中中😀😀", "é", "éé", "", "😀😀😁"],
        "lone surrogates": ["a\ud83d\ud83da", "\ud83d\ude00"],
    },
    variants=[
        Variant("arrow", arrow, "an Arrow column"),
        Variant("buffers", buffers, "the buffers of an Arrow column"),
        Variant("series", series, "a Polars series"),
        Variant("table", table, "a table in DuckDB"),
    ],
)

NUMBER = 9
#: What the bindings call it.
TITLE = "columns.count_doubles"
BASELINE = "loop"
STRS, LIST, COLUMN = "a list of str", "a list of int", "a column"


def load_columns():
    from doubles_pyo3 import columns

    return columns.count_doubles


def load_rows_of_arrow():
    from doubles_pyo3 import count_doubles

    return lambda column: [count_doubles(val.as_py()) for val in column]


def load_rows_of_series():
    import doubles_pyo3

    return comprehension(doubles_pyo3)


def of_column(name, binding, variant, gives, packages, language="C++", origin="as its users write it", **where):
    """An implementation that takes a column; ``where`` is its source file and function, or ``load``."""
    access = f"{PROBLEM.variant(variant).about}; {gives}"
    return Implementation(name, language, binding, access, origin, variant=variant, packages=packages, **where)


def ours(name, variant, *packages):
    """The function of the PyO3 binding, whatever kind of column it takes."""
    return of_column(name, "PyO3", variant, COLUMN, packages, "Rust", "this project", load=load_columns)


def row_by_row(name, load, variant, *packages):
    """A call of the PyO3 binding for each row."""
    return of_column(name, shared.PYTHON, variant, LIST, packages, "Python", load=load)


def of_polars(name, function):
    """Expressions of Polars."""
    packages = ("polars", "pyarrow")
    return of_column(name, "Polars", "series", COLUMN, packages, "Rust", source="polars.py", function=function)


PYO3_MANY, RUST_CPYTHON_MANY = shared.both(lambda module: module.count_doubles_many, LIST, takes=STRS)
DUCKDB, PYARROW = (shared.beside("count_column", module) for module in ("duckdb", "pyarrow"))
BUFFERS = {"source": "numpy.py", "function": "count_column_buffers"}

IMPLEMENTATIONS = [
    ours("pyo3", "arrow", "doubles-pyo3", "pyarrow"),
    ours("pyo3-series", "series", "doubles-pyo3", "pyarrow", "polars"),
    replace(PYO3_MANY, name="pyo3-many"),
    # There is no Arrow for rust-cpython: this is its answer.
    RUST_CPYTHON_MANY,
    *shared.both(comprehension, LIST, "-loop", STRS),
    shared.reference("loop", count_column, LIST, STRS),
    row_by_row("pyo3-rows-of-arrow", load_rows_of_arrow, "arrow", "doubles-pyo3", "pyarrow"),
    row_by_row("pyo3-rows-of-series", load_rows_of_series, "series", "doubles-pyo3", "pyarrow", "polars"),
    of_polars("polars", "count_column_series"),
    of_polars("polars-list", "count_column_list_series"),
    of_column("duckdb", "DuckDB", "table", COLUMN, ("duckdb", "pyarrow"), load=DUCKDB),
    of_column("pyarrow", "Arrow", "arrow", COLUMN, ("pyarrow",), load=PYARROW),
    of_column("numpy", "NumPy", "buffers", "an array", ("numpy", "pyarrow"), **BUFFERS),
]
