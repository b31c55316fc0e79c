"""doubles_pyo3.columns: every type of column, by row as Python has it, and who gives and takes them."""

from __future__ import annotations

import ast
import itertools
import runpy
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Optional, Union

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

doubles_pyo3: Any = pytest.importorskip("doubles_pyo3", reason="no doubles_pyo3")
pa = pytest.importorskip("pyarrow", reason="no pyarrow: columns were not tried")
columns: Any = pytest.importorskip("doubles_pyo3.columns", reason="a build without Arrow columns")

Row = Optional[Union[str, bytes]]

RECIPES = Path(__file__).parents[3] / "docs" / "recipes"

TEXT = [pa.string(), pa.large_string(), pa.string_view()]
BINARY = [pa.binary(), pa.large_binary(), pa.binary_view(), pa.binary(3)]
DICTIONARIES = [pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.uint32(), pa.large_binary())]
RUN_ENDS = [
    pa.run_end_encoded(pa.int16(), pa.string()),
    pa.run_end_encoded(pa.int32(), pa.binary_view()),
    pa.run_end_encoded(pa.int64(), pa.dictionary(pa.int8(), pa.large_string())),
]
TYPES = [*TEXT, *BINARY, *DICTIONARIES, *RUN_ENDS]


# What each row must give, in the words of the contract.


def count_of(row: Row) -> int | None:
    return None if row is None else sum(a == b for a, b in zip(row, row[1:]))


def has_of(row: Row) -> bool | None:
    return None if row is None else count_of(row) != 0


def runs_of(row: str | bytes) -> Iterator[tuple[int, int]]:
    start = 0
    for _, run in itertools.groupby(row):
        length = len(list(run))
        yield start, length
        start += length


def longest_of(row: Row) -> dict[str, int] | None:
    if not row:
        return None
    start, length = max(runs_of(row), key=lambda run: run[1])
    return {"start": start, "length": length}


def squeezed_of(row: Row, max_run: int = 1) -> Row:
    if row is None:
        return None
    return row[:0].join(row[start : start + min(length, max_run)] for start, length in runs_of(row))  # type: ignore[misc]


FUNCTIONS: list[tuple[Callable[[Any], Any], Callable[[Row], Any]]] = [
    (columns.count_doubles, count_of),
    (columns.has_doubles, has_of),
    (columns.longest_run, longest_of),
    (columns.squeeze, squeezed_of),
    (lambda column: columns.squeeze(column, 2), lambda row: squeezed_of(row, 2)),
]


def is_text(of: Any) -> bool:
    shared = pa.types.is_dictionary(of) or pa.types.is_run_end_encoded(of)
    return is_text(of.value_type) if shared else of in TEXT


def taken(result: Any) -> Any:
    """What pyarrow makes of a result, after a look at every byte of it."""
    array = pa.array(result) if isinstance(result, columns.Array) else pa.chunked_array(result)
    array.validate(full=True)
    assert len(array) == len(result)
    return array


def check(column: Any) -> None:
    """Fails unless each function says of each row what Python does."""
    rows = column.to_pylist()
    for function, expected in FUNCTIONS:
        assert taken(function(column)).to_pylist() == [expected(row) for row in rows]


def array_of(rows: list[str | None], of: Any) -> Any:
    """An array of a type; of binary it has the text's bytes, cut or filled to their size."""
    if pa.types.is_dictionary(of):
        return array_of(rows, of.value_type).dictionary_encode().cast(of)
    if pa.types.is_run_end_encoded(of):
        runs = [(row, len(list(run))) for row, run in itertools.groupby(rows)]
        ends = pa.array(itertools.accumulate(length for _, length in runs), of.run_end_type)
        return pa.RunEndEncodedArray.from_arrays(ends, array_of([row for row, _ in runs], of.value_type))
    if is_text(of):
        return pa.array(rows, of)
    size = of.byte_width if pa.types.is_fixed_size_binary(of) else None
    return pa.array([None if row is None else row.encode().ljust(size or 0)[:size] for row in rows], of)


# Each width in UTF-8, and few enough that runs are many.
ROWS = st.lists(st.none() | st.text("aab\0é文😀", max_size=20) | st.text("a文", min_size=60, max_size=150), max_size=40)


@settings(deadline=None, database=None, print_blob=True)
@given(data=st.data(), rows=ROWS, of=st.sampled_from(TYPES))
def test_arrays_and_slices(data: st.DataObject, rows: list[str | None], of: Any) -> None:
    array = array_of(rows, of)
    check(array)
    start = data.draw(st.integers(0, len(rows)))
    check(array.slice(start, data.draw(st.integers(0, len(rows)))))


@settings(deadline=None, database=None, print_blob=True, max_examples=30)
@given(chunks=st.lists(ROWS, max_size=4), of=st.sampled_from(TYPES))
def test_chunks(chunks: list[list[str | None]], of: Any) -> None:
    column = pa.chunked_array([array_of(rows, of) for rows in chunks], of)
    check(column)
    for function, _ in FUNCTIONS:
        result = function(column)
        assert isinstance(result, columns.ChunkedArray)
        # It can be taken again.
        assert (
            [len(chunk) for chunk in taken(result).chunks]
            == [len(rows) for rows in chunks]
            == [len(chunk) for chunk in taken(result).chunks]
        )


@pytest.mark.parametrize("of", TYPES, ids=str)
@pytest.mark.parametrize("length", [0, 1, 12, 13, 32, 33, 63, 64, 65, 100, 3000])
def test_rows_of_each_length(of: Any, length: int) -> None:
    """More rows than are looked at together; and longer ones than that is done with."""
    rows = ["a" * length, "ab" * (length // 2), None, "文" * (length // 3), "x" * length, "", "é" + "e" * length]
    check(array_of(rows * (1100 // len(rows)), of))


def test_two_rows_make_no_double() -> None:
    for of in TYPES:
        check(array_of(["aba", "aca", "a", "a", "", "a", None, "a", "é文é", "é文é"] * 300, of))


def test_types() -> None:
    for of in TYPES:
        array = array_of(["aab", None], of)
        assert taken(columns.count_doubles(array)).type == pa.int64()
        assert taken(columns.has_doubles(array)).type == pa.bool_()
        longest = taken(columns.longest_run(array)).type
        assert longest == pa.struct([("start", pa.int64()), ("length", pa.int64())])
        same = pa.large_binary() if of == pa.binary(3) else of
        assert taken(columns.squeeze(array)).type == same
        assert taken(columns.squeeze(pa.chunked_array([], of))).type == same


@pytest.mark.parametrize("of", [pa.string(), pa.large_string()], ids=str)
def test_what_null_rows_hide_is_not_read(of: Any) -> None:
    """Bytes which are not UTF-8, at a row that is null."""
    width = 4 if of == pa.string() else 8
    offsets = b"".join(end.to_bytes(width, sys.byteorder) for end in (0, 3, 7, 10))
    buffers = [pa.py_buffer(b"\5"), pa.py_buffer(offsets), pa.py_buffer(b"aab" + b"\xff\xf0\x80\xe0" + b"bcc")]
    column = pa.Array.from_buffers(of, 3, buffers)
    assert column.to_pylist() == ["aab", None, "bcc"]
    check(column)


def test_views_that_are_null_are_not_followed() -> None:
    view = (100).to_bytes(4, "little") + b"abcd" + (77).to_bytes(4, "little") + (1 << 30).to_bytes(4, "little")
    column = pa.Array.from_buffers(
        pa.string_view(), 2, [pa.py_buffer(b"\2"), pa.py_buffer(view + b"\3\0\0\0aab" + bytes(9))]
    )
    assert column.to_pylist() == [None, "aab"]
    check(column)


@pytest.mark.parametrize("size", [0, 1, 70])
def test_binary_of_a_fixed_size(size: int) -> None:
    check(pa.array([b"a" * size, None, bytes(range(size))] * 500, pa.binary(size)))


@pytest.mark.parametrize(
    "keys", [pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(), pa.uint32(), pa.int64(), pa.uint64()], ids=str
)
@pytest.mark.parametrize("values", [*TEXT, *BINARY], ids=str)
def test_dictionaries(keys: Any, values: Any) -> None:
    """Null keys, null values, values that nobody has, and some that are equal once they are squeezed."""
    texts = ["aab", "ab", None, "abb", "文文", "", "ddd"]
    dictionary = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, None, 3, 3, 4, 5, 0], keys), array_of(texts, values))
    check(dictionary)
    check(dictionary.slice(2, 5))
    squeezed = taken(columns.squeeze(dictionary))
    words = squeezed.dictionary.to_pylist()
    assert len(words) == len(set(words))


NULLS = {
    "null": pa.nulls(3),
    "sliced": pa.nulls(5).slice(1, 3),
    "chunked": pa.chunked_array([pa.nulls(2), pa.nulls(0), pa.nulls(1)]),
    "dictionary": pa.DictionaryArray.from_arrays(pa.array([None] * 3, pa.int8()), pa.nulls(0)),
    "dictionary of a null": pa.DictionaryArray.from_arrays(pa.array([0, None, 0], pa.int8()), pa.nulls(1)),
    "run-end encoded": pa.RunEndEncodedArray.from_arrays([2, 3], pa.nulls(2)),
}


@pytest.mark.parametrize("kind", NULLS)
def test_columns_of_nulls(kind: str) -> None:
    """The type of a result is that of other columns, except that squeeze leaves the type null."""
    column = NULLS[kind]
    for function, _ in FUNCTIONS:
        result = taken(function(column))
        assert result.to_pylist() == [None] * 3
        of = taken(function(pa.array(["aab"]))).type
        assert result.type == (column.type if of == pa.string() else of)
        many = pa.nulls(100_000)
        assert taken(function(many)).null_count == len(many)


@pytest.mark.parametrize("ends", [pa.int16(), pa.int32(), pa.int64()], ids=str)
@pytest.mark.parametrize("values", [*TEXT, *BINARY, *DICTIONARIES], ids=str)
def test_run_ends(ends: Any, values: Any) -> None:
    """Null values, values that become equal, more rows than are looked at together, and every slice."""
    of = pa.run_end_encoded(ends, values)
    column = array_of(["aab", "ab", None, *["abb"] * 2100, "文文", "", None, "ddd"], of)
    check(column)
    few = array_of(["aab", "aab", "ab", None, None, "ddd"], of)
    for start, end in itertools.combinations_with_replacement(range(len(few) + 1), 2):
        check(few.slice(start, end - start))
    squeezed = taken(columns.squeeze(few))
    assert squeezed.run_ends.equals(few.run_ends)


def test_run_ends_that_are_sliced_before() -> None:
    """Run ends and values that are themselves parts of arrays."""
    ends, values = pa.array([1, 2, 4, 5], pa.int32()).slice(1), pa.array(["x", "y", "aab", None, "文文"]).slice(2)
    check(pa.RunEndEncodedArray.from_arrays(ends, values))


def test_keys_without_a_value_are_refused() -> None:
    """A dictionary that breaks Arrow's contract."""
    keys = pa.DictionaryArray.from_arrays(pa.array([0, 7], pa.int8()), pa.array(["aab"]), safe=False)
    for function, _ in FUNCTIONS[:3]:
        with pytest.raises(RuntimeError, match="rows without a value"):
            function(keys)
    becoming_equal = pa.DictionaryArray.from_arrays(pa.array([0, 7], pa.int8()), pa.array(["aab", "ab"]), safe=False)
    with pytest.raises(RuntimeError, match="rows without a value"):
        columns.squeeze(becoming_equal)


def test_a_dictionary_that_stays_shares_its_keys() -> None:
    dictionary = pa.array(["aab", "c", None, "aab"]).dictionary_encode()
    assert taken(columns.squeeze(dictionary)).indices.equals(dictionary.indices)
    none = pa.DictionaryArray.from_arrays(pa.array([None, None], pa.int8()), pa.array([], pa.string()))
    check(none)


def test_nothing_is_copied() -> None:
    """The text of a view that stays is where it was."""
    column = pa.array(["no double in this one", "aa"], pa.string_view())
    assert taken(columns.squeeze(column)).buffers()[2].address == column.buffers()[2].address


# Who gives columns, and who takes them.


def test_polars() -> None:
    pl = pytest.importorskip("polars", reason="no Polars")
    rows = ["aab", None, "", "ééxx文文", "a row which is longer than a view holds"]
    for series in (pl.Series("name", rows), pl.Series("name", rows).append(pl.Series("name", rows))):
        assert pl.Series(columns.count_doubles(series)).to_list() == [count_of(row) for row in series]
        squeezed = pl.Series(columns.squeeze(series))
        assert squeezed.dtype == pl.String and squeezed.name == "name"
        assert squeezed.to_list() == [squeezed_of(row) for row in series]
        longest = pl.Series(columns.longest_run(series))
        assert longest.to_list() == [longest_of(row) for row in series]
    assert pl.Series(columns.has_doubles(pl.Series([b"aa", b"ab"]))).to_list() == [True, False]
    for nulls in (pl.Series("name", [None] * 3), pl.Series("name", [None]).append(pl.Series("name", [None] * 2))):
        for function, _ in FUNCTIONS:
            assert pl.Series(function(nulls)).to_list() == [None] * 3
        assert pl.Series(columns.squeeze(nulls)).dtype == pl.Null
    categories = pl.Series(["aab", "ab", "aab"], dtype=pl.Categorical)
    assert pl.Series(columns.count_doubles(categories)).to_list() == [1, 0, 1]
    assert pl.Series(columns.squeeze(categories)).cast(pl.String).to_list() == ["ab"] * 3


@pytest.mark.parametrize("dtype", [object, "string", "string[python]", "string[pyarrow]", "str", "category"], ids=str)
def test_pandas(dtype: Any) -> None:
    pd = pytest.importorskip("pandas", reason="no pandas")
    rows = ["aab", None, "xyyy", "", "ééxx文文", "aab"]
    series = pd.Series(rows, dtype=dtype)
    for function, expected in FUNCTIONS:
        assert taken(function(series)).to_pylist() == [expected(row) for row in rows]
        # Rows that are not one after the other, and an index which is not that of rows.
        assert taken(function(series[::2])).to_pylist() == [expected(row) for row in rows[::2]]
        assert taken(function(series[:0])).to_pylist() == []


@pytest.mark.parametrize("of", TYPES, ids=str)
def test_pandas_with_arrow_types(of: Any) -> None:
    pd = pytest.importorskip("pandas", reason="no pandas")
    array = array_of(["aab", "aab", None, "xyyy"], of)
    series = pd.Series(pd.arrays.ArrowExtensionArray(array))
    for function, expected in FUNCTIONS:
        assert taken(function(series)).to_pylist() == [expected(row) for row in array.to_pylist()]


def test_pandas_objects() -> None:
    pd = pytest.importorskip("pandas", reason="no pandas")
    subclass = type("Subclass", (pd.Series,), {})
    for rows in ([b"aab", None, float("nan"), b"xx"], ["aab", float("nan"), pd.NA, "xx"]):
        series = subclass(rows, dtype=object)
        assert taken(columns.count_doubles(series)).to_pylist() == [1, None, None, 1]
    for missing in ([None, None], [float("nan")] * 2, []):
        series = pd.Series(missing, dtype=object)
        assert taken(columns.count_doubles(series)).to_pylist() == [None] * len(missing)
    for mixed in (["aab", 1], ["aab", object()], [1, "aab"]):
        with pytest.raises(TypeError, match="pyarrow cannot make a column of this pandas Series: ") as raised:
            columns.squeeze(pd.Series(mixed, dtype=object))
        assert type(raised.value) is TypeError and isinstance(raised.value.__cause__, pa.ArrowException)
    with pytest.raises(TypeError, match="got int64"):
        columns.squeeze(pd.Series([1, 2]))
    with pytest.raises(UnicodeEncodeError):
        columns.squeeze(pd.Series(["\ud800"], dtype=object))
    for other in (pd.DataFrame({"a": ["aab"]}), pd.Series, pd.Index(["aab"])):
        with pytest.raises(TypeError):
            columns.squeeze(other)


def test_pandas_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    pd = pytest.importorskip("pandas", reason="no pandas")
    series = pd.Series(["aab"], dtype=object)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match="a pandas Series is read through pyarrow: pip install pyarrow"):
        columns.count_doubles(series)


def test_what_only_looks_like_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of that name whose Series is not a type; and one that has none."""
    for pandas in (type(sys)("pandas"), Point()):
        monkeypatch.setitem(sys.modules, "pandas", pandas)
        pandas.Series = "Series"  # type: ignore[union-attr]
        with pytest.raises(TypeError, match="expected an Arrow array or stream, got Point"):
            columns.count_doubles(Point())
        del pandas.Series  # type: ignore[union-attr]
        assert taken(columns.count_doubles(pa.array(["aab"]))).to_pylist() == [1]


def test_nanoarrow() -> None:
    na = pytest.importorskip("nanoarrow", reason="no nanoarrow")
    array = na.Array(["aab", None, "xyy"], na.string())
    assert na.Array(columns.count_doubles(array)).to_pylist() == [1, None, 1]
    chunks = na.Array.from_chunks([["aab"], ["ab", "a"]], na.string())
    assert na.ArrayStream(columns.squeeze(chunks)).read_all().to_pylist() == ["ab", "ab", "a"]


def test_arro3() -> None:
    core = pytest.importorskip("arro3.core", reason="no arro3")
    array = core.Array(["aab", None], type=core.DataType.string())
    assert core.Array.from_arrow(columns.count_doubles(array)).to_pylist() == [1, None]
    chunks = core.ChunkedArray([array, array])
    assert core.ChunkedArray.from_arrow(columns.squeeze(chunks)).to_pylist() == ["ab", None] * 2


def test_a_result_is_a_column() -> None:
    once = columns.squeeze(pa.array(["aabb", None]), 2)
    assert taken(columns.squeeze(once)).to_pylist() == ["ab", None]
    once = columns.squeeze(pa.chunked_array([["aabb"], ["cc"]]), 2)
    assert taken(columns.squeeze(once)).to_pylist() == ["ab", "c"]


def test_a_result_as_another_type() -> None:
    assert pa.array(columns.count_doubles(pa.array(["aab"])), pa.int8()).type == pa.int8()


def test_a_stream_is_read_once() -> None:
    """A reader makes its chunks when they are asked for, and an error in it is an error here."""
    arrays = [pa.array(["aab"]), pa.array(["bb", None])]

    class Reader:
        """What makes chunks on demand: pyarrow has those only for whole records, so these are without their columns."""

        def __init__(self, stream: Any) -> None:
            self.stream = stream

        def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
            return self.stream.__arrow_c_stream__()

    reader = Reader(pa.chunked_array(arrays))
    assert taken(columns.count_doubles(reader)).to_pylist() == [1, 1, None]

    def fails() -> Iterator[Any]:
        yield from ()
        raise ValueError("no more today")

    schema = pa.schema([("a", pa.string())])
    records = pa.RecordBatchReader.from_batches(schema, fails())
    with pytest.raises(TypeError, match="got struct"):
        columns.count_doubles(records)


# What is refused.


class Point:
    pass


@pytest.mark.parametrize(
    "value", ["aab", b"aab", ["aab"], None, 3, Point(), pa.Array], ids=lambda value: type(value).__name__
)
def test_what_is_no_arrow_object(value: Any) -> None:
    for function, _ in FUNCTIONS:
        with pytest.raises(TypeError) as raised:
            function(value)
        if value is not pa.Array:
            assert str(raised.value) == f"expected an Arrow array or stream, got {type(value).__name__}"


WRONG = {
    "int64": pa.array([1]),
    "uint8": pa.array([1], pa.uint8()),
    "float64": pa.array([1.5]),
    "bool": pa.array([True]),
    "list": pa.array([["a"]]),
    "struct": pa.array([{"a": "a"}]),
    "timestamp": pa.array([1], pa.timestamp("us", "UTC")),
    "decimal128": pa.array([1], pa.decimal128(5)),
    "a dictionary of int64": pa.array([1]).dictionary_encode(),
    "run-end encoded int64": pa.RunEndEncodedArray.from_arrays([1], [1]),
}


@pytest.mark.parametrize("name", WRONG)
def test_columns_of_other_types(name: str) -> None:
    for column in (WRONG[name], pa.chunked_array([WRONG[name]])):
        for function, _ in FUNCTIONS:
            with pytest.raises(TypeError) as raised:
                function(column)
            assert str(raised.value) == f"expected a column of strings or binary, got {name}"


def test_a_table_is_no_column() -> None:
    with pytest.raises(TypeError, match="got struct"):
        columns.count_doubles(pa.table({"a": ["aab"]}))


def test_max_run() -> None:
    column = pa.array(["aaa"])
    for wrong in (0, -1):
        with pytest.raises(ValueError) as raised:
            columns.squeeze(column, wrong)
        assert str(raised.value) == f"max_run must be at least 1, got {wrong}"
    with pytest.raises(TypeError):
        columns.squeeze(column, "2")
    assert taken(columns.squeeze(column, max_run=2**80)).to_pylist() == ["aaa"]


# Which values are cut: characters of each width in UTF-8, and those of which no row has one.
VALUES = st.text("ab\0é文😀z", max_size=5)


@settings(deadline=None, database=None, print_blob=True, max_examples=300)
@given(data=st.data(), rows=ROWS, of=st.sampled_from(TYPES), max_run=st.integers(1, 4), values=st.none() | VALUES)
def test_squeeze_is_that_of_the_module(
    data: st.DataObject, rows: list[str | None], of: Any, max_run: int, values: str | None
) -> None:
    array = array_of(rows, of)
    wanted = values if values is None or is_text(of) else values.encode()
    expected = [None if row is None else doubles_pyo3.squeeze(row, max_run, wanted) for row in array.to_pylist()]
    start = data.draw(st.integers(0, len(rows)))
    for column, of_column in ((array, expected), (array.slice(start), expected[start:])):
        assert taken(columns.squeeze(column, max_run, wanted)).to_pylist() == of_column
    # An iterator can be read once, and is for all chunks.
    chunks = pa.chunked_array([array, array.slice(start)], of)
    once = None if wanted is None else iter(wanted)
    assert taken(columns.squeeze(chunks, max_run=max_run, values=once)).to_pylist() == expected + expected[start:]


@pytest.mark.parametrize("of", TYPES, ids=str)
@pytest.mark.parametrize("length", [0, 1, 12, 13, 63, 64, 65, 3000])
@pytest.mark.parametrize("values", ["", "a", "x文", "é\0"])
def test_values_in_rows_of_each_length(of: Any, length: int, values: str) -> None:
    rows = ["a" * length, "aabb" * (length // 4), None, "文" * (length // 3), "x" * length, "", "é" + "e" * length]
    array = array_of(rows, of)
    wanted = values if is_text(of) else values.encode()
    expected = [None if row is None else doubles_pyo3.squeeze(row, values=wanted) for row in array.to_pylist()]
    assert taken(columns.squeeze(array, values=wanted)).to_pylist() == expected


def test_values_are_refused_as_the_module_refuses_them() -> None:
    text, binary = pa.array(["aab"]), pa.array([b"aab"])
    cases: list[tuple[Any, Any, Any]] = [
        (text, "aab", ["ab"]), (text, "aab", [""]), (text, "aab", [97]), (text, "aab", 3), (text, "aab", b"a"),
        (binary, b"aab", ["a"]), (binary, b"aab", "a"), (binary, b"aab", [b"a"]), (binary, b"aab", [1.5]),
        (text.dictionary_encode(), "aab", [97]),
    ]  # fmt: skip
    for column, row, values in cases:
        with pytest.raises(TypeError) as wanted:
            doubles_pyo3.squeeze(row, values=values)
        with pytest.raises(TypeError) as raised:
            columns.squeeze(column, values=values)
        assert str(raised.value) == str(wanted.value)
    # Numbers that no byte is, and characters that no text has.
    assert taken(columns.squeeze(binary, values=[-1, 256, 2**80])).to_pylist() == [b"aab"]
    assert taken(columns.squeeze(text, values="\ud800\U0010ffff")).to_pylist() == ["aab"]

    def fails() -> Iterator[str]:
        yield "a"
        raise KeyError("no more today")

    with pytest.raises(KeyError, match="no more today"):
        columns.squeeze(text, values=fails())
    assert taken(columns.squeeze(pa.nulls(2), values=fails())).to_pylist() == [None] * 2
    with pytest.raises(TypeError, match="got int64"):
        columns.squeeze(pa.array([1]), values=fails())


def test_what_the_object_raises() -> None:
    class Refuses:
        def __arrow_c_array__(self, requested_schema: object = None) -> object:
            raise KeyError("not today")

    class Lies:
        def __arrow_c_array__(self, requested_schema: object = None) -> object:
            return 1, 2

    with pytest.raises(KeyError, match="not today"):
        columns.count_doubles(Refuses())
    with pytest.raises(TypeError):
        columns.count_doubles(Lies())


# How it behaves.


@pytest.fixture(scope="module")
def long_column() -> Any:
    return pa.chunked_array([pa.array(["bookkeeper", "committee", None, "abc"] * 250_000)] * 40)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer that signals")
def test_ctrl_c(long_column: Any) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        begun = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            for _ in range(100):
                columns.squeeze(long_column)
        assert time.monotonic() - begun < 2
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_other_threads_run(long_column: Any) -> None:
    steps = 0
    stop = threading.Event()

    def work() -> None:
        nonlocal steps
        while not stop.is_set():
            steps += 1

    thread = threading.Thread(target=work)
    try:
        thread.start()
        before = steps
        columns.count_doubles(long_column)
        assert steps - before > 1000
    finally:
        stop.set()
        thread.join()


def test_nothing_is_kept() -> None:
    psutil = pytest.importorskip("psutil")
    rows = ["bookkeeper", None, "文文"] * 10_000
    array = pa.array(rows)
    held = [
        array,
        pa.chunked_array([array, array]),
        pa.array(rows, pa.string_view()),  # pyarrow 21 crashes when it gives away one made by a cast
        array.dictionary_encode(),
        pa.array([1]),
        "no column",
    ]

    def calls() -> None:
        for column in held:
            for function, _ in FUNCTIONS:
                with suppress(TypeError):
                    taken(function(column))

    for _ in range(5):
        calls()
    references = [sys.getrefcount(column) for column in held]
    allocated, memory = pa.total_allocated_bytes(), psutil.Process().memory_info().rss
    for _ in range(60):
        calls()
    assert [sys.getrefcount(column) for column in held] == references
    assert pa.total_allocated_bytes() == allocated
    # One of a column's results is some 240 KB, and 900 were made.
    assert psutil.Process().memory_info().rss - memory < 20 << 20


def test_a_result_outlives_its_column() -> None:
    views = pa.array(["a row without what is sought", "aab"] * 1000, pa.string_view())
    expected = [squeezed_of(row) for row in views.to_pylist()]
    result = columns.squeeze(views)
    del views
    assert taken(result).to_pylist() == expected


# The module.


def test_the_stub_says_what_there_is() -> None:
    stub = ast.parse(Path(columns.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    assert columns.__doc__ == ast.get_docstring(stub)
    public = [node for node in stub.body if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name[0] != "_"]
    assert sorted(node.name for node in public) == sorted(columns.__all__)
    for node in public:
        thing = getattr(columns, node.name)
        assert thing.__doc__ == ast.get_docstring(node)
        assert thing.__module__ == columns.__name__
        if isinstance(node, ast.ClassDef):
            methods = [method.name for method in node.body if isinstance(method, ast.FunctionDef)]
            assert all(hasattr(thing, method) for method in methods)


def test_a_build_without_columns_says_how_to_have_them(monkeypatch: pytest.MonkeyPatch) -> None:
    native: Any = sys.modules["doubles_pyo3._native"]
    monkeypatch.delattr(native, "_columns")
    with pytest.raises(ImportError, match=r"--features arrow"):
        runpy.run_path(columns.__file__)


def test_repr() -> None:
    assert repr(columns.squeeze(pa.array(["aab"]))) == "<doubles_pyo3.columns.Array of string: 1 rows>"
    chunks = columns.count_doubles(pa.chunked_array([["aab"], ["a", "b"]]))
    assert repr(chunks) == "<doubles_pyo3.columns.ChunkedArray of int64: 3 rows in 2 chunks>"


# The recipes.


def recipe(name: str) -> dict[str, Any]:
    return runpy.run_path(str(RECIPES / f"with_{name}.py"))


WORDS = ["bookkeeper", None, "gööd", ""]


def test_recipe_for_polars() -> None:
    pl = pytest.importorskip("polars", reason="no Polars")
    functions = recipe("polars")
    frame = pl.DataFrame({"word": WORDS})
    doubles, squeezed = functions["count_doubles"](pl.col("word")), functions["squeeze"](pl.col("word"))
    for result in (
        frame.select(doubles, squeezed.alias("s")),
        frame.lazy().select(doubles, squeezed.alias("s")).collect(),
    ):
        assert result["word"].to_list() == [3, None, 1, 0]
        assert result["s"].to_list() == ["bokeper", None, "göd", ""]


def test_recipe_for_duckdb() -> None:
    duckdb = pytest.importorskip("duckdb", reason="no DuckDB")
    functions = recipe("duckdb")
    with duckdb.connect() as connection:
        functions["add_functions"](connection)
        connection.register("words", pa.table({"word": WORDS * 10_000}))
        assert connection.sql("SELECT sum(count_doubles(word)), count(count_doubles(word)) FROM words").fetchall() == [
            (40_000, 30_000)
        ]
        counts = functions["count_doubles"](connection.sql("SELECT * FROM words"), "word")
        assert counts.to_pylist() == [3, None, 1, 0] * 10_000


def test_recipe_for_datafusion() -> None:
    datafusion = pytest.importorskip("datafusion", reason="no DataFusion")
    context = datafusion.SessionContext()
    context.register_udf(recipe("datafusion")["count_doubles"])
    context.from_arrow(pa.table({"word": WORDS}), name="words")
    result = context.sql("SELECT count_doubles(word) AS doubles FROM words").to_pydict()
    assert sorted(result["doubles"], key=str) == sorted([3, None, 1, 0], key=str)


@pytest.mark.parametrize("name", ["polars", "duckdb", "datafusion"])
def test_a_recipe_runs_by_itself(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip(name, reason=f"no {name}")
    runpy.run_path(str(RECIPES / f"with_{name}.py"), run_name="__main__")
    assert "bookkeeper" in capfd.readouterr().out
