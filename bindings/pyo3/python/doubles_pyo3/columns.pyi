"""Doubles of whole Arrow columns, row by row, in Rust: no Python object is made for a row.

A column is any object with the Arrow PyCapsule interface: an array or a chunked array of pyarrow, nanoarrow or arro3,
a Series of Polars. A Series of pandas is taken too; pyarrow, which must be installed for that, makes an Arrow array of
it. A column holds strings or binary, in any of Arrow's layouts (string, large string, string view; binary, large
binary, binary view; binary of a fixed size), or is a dictionary of those or run-end encoded; or it is of type null. It
may be sliced, and a row may be null. It is read where it lies, and nothing of it is copied but what squeeze returns.

What is returned has the same interface: pyarrow.array(x) and polars.Series(x) take it, without a copy. An array gives
an Array; a column in chunks gives a ChunkedArray with the same chunks. A null row gives a null, and so does each row
of a column of type null. Of a dictionary or a run-end encoded column, each value is looked at once, however many rows
have it; the result has one value for each row, except that of squeeze, which is encoded in the same way.

Strings are taken by character (code point), binary by byte. Text is trusted to be UTF-8, as Arrow has it.

The GIL is released, and Ctrl-C is answered about every 50 ms, or after a row that takes longer; what was done is lost
then.

All functions raise TypeError for an object without the interface, for a column of another type and for a Series of
which pyarrow makes no array, such as one of str and int; ImportError for a Series if there is no pyarrow; MemoryError
if there is no memory for the result; RuntimeError with the words of a stream that fails; and whatever the object
itself raises when it is asked for its column.
"""

from collections.abc import Iterable
from typing import Any, Protocol, SupportsIndex, final

__all__ = ["Array", "ChunkedArray", "count_doubles", "has_doubles", "longest_run", "squeeze"]

class _Array(Protocol):
    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]: ...

class _Stream(Protocol):
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

class _Series(Protocol):
    """What of a Series of pandas shows that it is none of the others."""

    @property
    def iloc(self) -> Any: ...
    def to_frame(self) -> Any: ...

@final
class Array:
    """An Arrow array, for whoever takes one: pyarrow.array(x), polars.Series(x), nanoarrow.Array(x).

    >>> import pyarrow
    >>> counts = count_doubles(pyarrow.array(["aab", "abc"]))
    >>> len(counts), pyarrow.array(counts).type
    (2, DataType(int64))
    """

    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> Any: ...
    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]: ...

@final
class ChunkedArray:
    """An Arrow array in chunks, for whoever takes one: pyarrow.chunked_array(x), polars.Series(x).

    It can be taken any number of times.

    >>> import pyarrow
    >>> counts = count_doubles(pyarrow.chunked_array([["aab"], ["abc", "aaa"]]))
    >>> pyarrow.chunked_array(counts).num_chunks
    2
    """

    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> Any: ...
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

def count_doubles(column: _Array | _Stream | _Series) -> Array | ChunkedArray:
    """How many items of each row equal the next one, as int64. An empty row has none.

    >>> import pyarrow
    >>> column = pyarrow.array(["bookkeeper", "gööd", None, ""])
    >>> pyarrow.array(count_doubles(column)).to_pylist()
    [3, 1, None, 0]
    """

def has_doubles(column: _Array | _Stream | _Series) -> Array | ChunkedArray:
    """Whether any item of each row equals the next one, as bool.

    >>> import pyarrow
    >>> pyarrow.array(has_doubles(pyarrow.array(["1357", "1337"]))).to_pylist()
    [False, True]
    """

def longest_run(column: _Array | _Stream | _Series) -> Array | ChunkedArray:
    """The first of the longest runs of equal items in each row, as a struct of start and length, both int64.

    An empty row has no run, and gives a null.

    >>> import pyarrow
    >>> pyarrow.array(longest_run(pyarrow.array([b"GATTACAAAA", b""]))).to_pylist()
    [{'start': 6, 'length': 4}, None]
    """

def squeeze(
    column: _Array | _Stream | _Series,
    max_run: SupportsIndex = 1,
    values: Iterable[str] | Iterable[SupportsIndex] | None = None,
) -> Array | ChunkedArray:
    """The rows with each run of equal items cut to max_run: of all items, or of those in values.

    values is any iterable of characters for strings, or of integers for binary, such as a str or bytes. It is read
    once, and not at all for a column of type null.

    The type stays, except that binary of a fixed size becomes large binary. Of a dictionary the values are squeezed;
    those that become equal are one then, and it is not ordered any more. The runs of a run-end encoded column stay.
    Views of rows that stay as they are share the memory of column. Raises ValueError for a max_run below one, and
    TypeError for values of another kind.

    >>> import pyarrow
    >>> pyarrow.array(squeeze(pyarrow.array(["sooo gööööd"]), max_run=2)).to_pylist()
    ['soo gööd']
    >>> pyarrow.array(squeeze(pyarrow.array(["sooo gööööd"]), values="ö")).to_pylist()
    ['sooo göd']
    """
