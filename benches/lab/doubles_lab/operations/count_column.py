"""The count of each row of a column."""

import random
from dataclasses import replace

from doubles_lab.implementation import Unit
from doubles_lab.operation import PYTHON, Operation, Way, both, case, python
from doubles_lab.operations.count_doubles_many import LIST, STRS, by_map, comprehension

COLUMN = "a column"
ARROW, SERIES, TABLE = "an Arrow column", "a Polars series", "a table in DuckDB"
ROWS = 1_000_000


def short_strs():
    """A million strs of 1 to 15 letters, eight on the whole."""
    text, draw = case("article"), random.Random(1)
    places = [draw.randrange(len(text) - 15) for _ in range(ROWS)]
    return [text[place : place + draw.randint(1, 15)] for place in places]


def arrow(values):
    import pyarrow

    return pyarrow.array(values, pyarrow.string())


def series(values):
    import polars

    return polars.Series("val", values)


def table(values):
    import duckdb
    import pyarrow

    connection = duckdb.connect()
    connection.register("given", pyarrow.table({"val": arrow(values)}))
    connection.execute("CREATE TABLE rows AS SELECT val FROM given")
    return connection


def listed(column):
    import pyarrow

    made = pyarrow.chunked_array if hasattr(column, "__arrow_c_stream__") else pyarrow.array
    return made(column).to_pylist()


def load_columns():
    from doubles_pyo3 import columns

    return columns.count_doubles


def load_rows_of_arrow():
    from doubles_pyo3 import count_doubles

    return lambda column: [count_doubles(val.as_py()) for val in column]


def load_rows_of_series():
    import doubles_pyo3

    return comprehension(doubles_pyo3)


def load_polars():
    import polars

    # Each character in a row of its own; of the versions that were tried, the fastest.
    val, row = polars.col("val"), polars.col("row")
    doubled = (val == val.shift(-1)) & (row == row.shift(-1))

    def function(column):
        chars = column.to_frame().lazy().with_row_index("row").with_columns(val.str.split("")).explode("val")
        counted = chars.with_columns(doubled.alias("val")).group_by("row", maintain_order=True).agg(val.sum())
        return counted.collect()["val"]

    return function


def load_polars_list():
    import polars

    char = polars.element()
    counted = polars.col("val").str.split("").list.eval(char == char.shift(-1)).list.sum()
    return lambda column: column.to_frame().select(counted)["val"]


def load_duckdb():
    # Of the versions that were tried, the fastest.
    pairs = "list_zip(string_split(val, ''), string_split(val[2:], ''))"
    counted = f"SELECT len(list_filter({pairs}, lambda pair: pair[1] = pair[2])) AS val FROM rows"
    return lambda connection: connection.sql(counted).to_arrow_table()["val"]


def load_pyarrow():
    import pyarrow
    import pyarrow.compute as pc

    def function(column):
        # Place by place over all rows: there is no way to look at each row's characters.
        total = pyarrow.repeat(pyarrow.scalar(0, pyarrow.int64()), len(column))
        longest = pc.max(pc.utf8_length(column)).as_py() or 0
        here = pc.utf8_slice_codeunits(column, 0, 1)
        for place in range(1, longest):
            then = pc.utf8_slice_codeunits(column, place, place + 1)
            doubled = pc.and_(pc.equal(here, then), pc.not_equal(then, ""))
            total = pc.add(total, pc.cast(doubled, pyarrow.int64()))
            here = then
        return total

    return function


def load_numpy():
    import numpy as np

    def function(column):
        # By byte, which for ASCII is by character: of all rows at once, and none from one row to the next.
        _, offsets, data = column.buffers()
        offsets = np.frombuffer(offsets, np.int32, len(column) + 1, 4 * column.offset)
        data = np.frombuffer(data, np.uint8)[: offsets[-1]]
        doubled = np.empty(len(data) + 1, np.int64)
        doubled[0] = doubled[-1] = 0
        np.cumsum(data[1:] == data[:-1], out=doubled[1:-1])
        # Of the pairs that begin in a row, all but the one that begins with its last byte.
        ends = np.maximum(offsets[1:] - 1, offsets[:-1])
        return doubled[ends] - doubled[offsets[:-1]]

    return function


def way(name, load, takes, gives, binding, prepare, packages, origin="as its users write it", language="C++"):
    plain = {COLUMN: listed, "an array": lambda found: found.tolist(), LIST: list}[gives]
    access = f"{takes}; {gives}"
    return Way(
        name, Unit.CHARACTERS, load, language, binding, access, origin, prepare=prepare, packages=packages, plain=plain
    )


OPERATION = Operation(
    name="columns.count_doubles",
    number=9,
    about="the count of each row of a column",
    meaning=by_map,
    baseline="loop",
    inputs={"1,000,000 of 1 to 15 letters": short_strs},
)

OURS = ("doubles-pyo3", "pyarrow")
PYO3_MANY, RUST_CPYTHON_MANY = both(lambda module: module.count_doubles_many, LIST, takes=STRS)

CONTENDERS = [
    way("pyo3", load_columns, ARROW, COLUMN, "PyO3", arrow, OURS, "this project", "Rust"),
    way("pyo3-series", load_columns, SERIES, COLUMN, "PyO3", series, (*OURS, "polars"), "this project", "Rust"),
    replace(PYO3_MANY, name="pyo3-many"),
    # There is no Arrow for rust-cpython: this is its answer.
    RUST_CPYTHON_MANY,
    *both(comprehension, LIST, "-loop", STRS),
    python("loop", by_map, LIST, STRS),
    way("pyo3-rows-of-arrow", load_rows_of_arrow, ARROW, LIST, PYTHON, arrow, OURS, "as its users write it", "Python"),
    way("pyo3-rows-of-series", load_rows_of_series, SERIES, LIST, PYTHON, series, (*OURS, "polars"), language="Python"),
    way("polars", load_polars, SERIES, COLUMN, "Polars", series, ("polars", "pyarrow"), language="Rust"),
    way("polars-list", load_polars_list, SERIES, COLUMN, "Polars", series, ("polars", "pyarrow"), language="Rust"),
    way("duckdb", load_duckdb, TABLE, COLUMN, "DuckDB", table, ("duckdb", "pyarrow")),
    way("pyarrow", load_pyarrow, ARROW, COLUMN, "Arrow", arrow, ("pyarrow",)),
    way("numpy", load_numpy, "the buffers of an Arrow column", "an array", "NumPy", arrow, ("numpy", "pyarrow")),
]
