"""Counts adjacent equal items, in Rust, as fast as memory can be read.

A double is an item that equals the next one: "aabccc" has three, one of a and two of c.
"""

from array import array
from collections.abc import Iterable
from os import PathLike
from typing import Any, Final, SupportsFloat, SupportsIndex, TypeVar, overload

from numpy import dtype, ndarray
from typing_extensions import Buffer

__all__ = [
    "backend",
    "count_doubles",
    "count_doubles_by_value",
    "count_doubles_bytes_once",
    "count_doubles_bytes_windows",
    "count_doubles_file",
    "count_doubles_fold",
    "count_doubles_many",
    "count_doubles_once",
    "count_doubles_peek",
    "count_doubles_zip",
    "find_doubles",
    "find_doubles_array",
    "has_doubles",
    "longest_run",
    "runs",
    "runs_arrays",
    "squeeze",
]

_T = TypeVar("_T")
_Dtype = TypeVar("_Dtype", bound=dtype[Any])

#: Some of the items of a bytes-like object.
_Items = Iterable[SupportsIndex | SupportsFloat | bytes]

__version__: Final[str]

# The instruction set that counts: "avx512vbmi", "avx512", "avx2", "sse2", "neon" or "scalar".
backend: Final[str]

def count_doubles(val: str | Buffer, /, *, threads: SupportsIndex = 1) -> int:
    """Count the items of val that equal the next one: sum(a == b for a, b in zip(val, val[1:])).

    A str is counted by code point. Any str will do: empty, with NULs, with lone surrogates, of a subclass (whose own
    methods are not called). A bytes-like object (bytes, bytearray, memoryview, array.array, mmap, a NumPy array) is
    counted by item. It has one dimension, of integers, floats or bools of 1, 2, 4 or 8 bytes in either byte order, and
    may be strided. Floats are equal as they are in Python: a NaN equals nothing, and -0.0 equals 0.0.

    The value is read where it lies: nothing is copied, and no UTF-8 is made or cached. While a str or bytes of 1 MiB
    or more is counted, other threads run; anything that can change under the reader is counted with the GIL held.
    Ctrl-C interrupts a count of any size.

    With threads, up to that many threads, made for this call, count a long value together: each at least 262,144 items,
    and no more than 256 threads. It pays off where one does not use all that memory gives.

    Raises TypeError for a value of another type, for items of another format (complex numbers, characters, structures,
    objects), and for a masked array of NumPy; ValueError for a number of dimensions other than one or of threads below
    one; MemoryError where there is no memory; and what the object itself raises when it refuses to be read.

    >>> count_doubles("aabccc ёё 文文文")
    6
    >>> count_doubles(bytes([7, 7, 1, 7]))
    1
    >>> from array import array
    >>> count_doubles(array("d", [20.5, 21.0, 21.0, 21.0]), threads=2)
    2
    """

def has_doubles(val: str | Buffer) -> bool:
    """Whether an item of val equals the next one: any(a == b for a, b in zip(val, val[1:])).

    Stops at the first double, and takes as long as count_doubles where there is none. See count_doubles for what val
    can be, how it is read and what is raised. This holds for all functions here but those of the article.

    >>> has_doubles("passsword"), has_doubles("éáé")
    (True, False)
    """

def find_doubles(val: str | Buffer) -> list[int]:
    """The positions of the items of val that equal the next one, in order.

    That is [i for i in range(len(val) - 1) if val[i] == val[i + 1]]. Most of the time is spent on making the list.

    >>> find_doubles("bookkeeper")
    [1, 3, 5]
    """

def find_doubles_array(val: str | Buffer) -> array[int]:
    """The positions that find_doubles gives, as an array of type code "q": 8 bytes each, without an object for each.

    numpy.asarray takes the array without a copy.

    >>> find_doubles_array("bookkeeper")
    array('q', [1, 3, 5])
    """

def runs(
    val: str | Buffer, min_length: SupportsIndex = 2, values: Iterable[str] | _Items | None = None
) -> list[tuple[int, int]]:
    """The maximal runs of equal items of val, as (start, length), in order; those of at least min_length items.

    With a min_length of 1 items that stand alone are runs, too: this is run-length encoding, and what itertools.groupby
    groups. With values, only the runs of these items are returned: see squeeze for what they can be. Raises ValueError
    for a min_length below one, and TypeError for values of another kind.

    >>> runs("GATTACAAAA")
    [(2, 2), (6, 4)]
    >>> runs("GATTACAAAA", min_length=3)
    [(6, 4)]
    >>> runs("GATTACAAAA", values="GT")
    [(2, 2)]
    """

def runs_arrays(
    val: str | Buffer, min_length: SupportsIndex = 2, values: Iterable[str] | _Items | None = None
) -> tuple[array[int], array[int]]:
    """The runs that runs gives, as two arrays of type code "q": where they start, and how long they are.

    That is 16 bytes a run, without an object for each. numpy.asarray takes the arrays without a copy.

    >>> runs_arrays("GATTACAAAA")
    (array('q', [2, 6]), array('q', [2, 4]))
    """

def longest_run(val: str | Buffer) -> tuple[int, int] | None:
    """The first of the longest runs of equal items of val, as (start, length); None if val is empty.

    >>> longest_run("GATTACAAAA")
    (6, 4)
    >>> longest_run("") is None
    True
    """

@overload
def squeeze(val: str, max_run: SupportsIndex = 1, values: Iterable[str] | None = None) -> str: ...
@overload
def squeeze(val: bytearray, max_run: SupportsIndex = 1, values: _Items | None = None) -> bytearray: ...
@overload
def squeeze(val: memoryview, max_run: SupportsIndex = 1, values: _Items | None = None) -> memoryview: ...
@overload
def squeeze(val: array[_T], max_run: SupportsIndex = 1, values: _Items | None = None) -> array[_T]: ...
@overload
def squeeze(
    val: ndarray[Any, _Dtype], max_run: SupportsIndex = 1, values: _Items | None = None
) -> ndarray[tuple[int], _Dtype]: ...
@overload
def squeeze(val: Buffer, max_run: SupportsIndex = 1, values: _Items | None = None) -> bytes:
    """The items of val with each run of equal ones cut to max_run; of these values only, if they are given.

    The values are what the items of val are, in any iterable; those of a str can be a str, too. A value that no item
    equals, such as a NaN, does nothing.

    The result is new, and of the type of val: a str, bytes, a bytearray, an array.array of the same type code or a
    numpy.ndarray of the same dtype, also for a val of a subclass of these, and for a memoryview another one of the same
    items, in the native format, over bytes. For any other bytes-like object it is the items that are left, as bytes.
    All this takes the memory of val for a moment, and twice that for an array.array.

    Raises ValueError for a max_run below one, and TypeError for values of another kind and for a memoryview that Python
    cannot make, of items in the other byte order and (before Python 3.12) of 16-bit floats: pass numpy.asarray(val).

    >>> squeeze("soooo  gööööd", max_run=2)
    'soo  gööd'
    >>> squeeze("soooo  gööööd", values=[" ", "ö"])
    'soooo göd'
    >>> squeeze(b"GATTTACA")
    b'GATACA'
    """

def count_doubles_by_value(
    val: str | Buffer,
) -> dict[str, int] | dict[int, int] | dict[float, int] | dict[bool, int] | dict[bytes, int]:
    """For each character or other item of val that has doubles, how many: a dict, ordered by how items lie in memory.

    That is Counter(a for a, b in zip(val, val[1:]) if a == b), where -0.0 is counted as 0.0. Floats are in order.

    >>> count_doubles_by_value("Mississippi")
    {'p': 1, 's': 2}
    >>> count_doubles_by_value(b"GATTTACA")
    {84: 2}
    """

def count_doubles_many(values: Iterable[str | Buffer]) -> list[int]:
    """The doubles of each of these values: [count_doubles(val) for val in values], in one call.

    Raises what count_doubles raises for the first value that it cannot count, and TypeError for a str or bytes object
    in place of the sequence.

    >>> count_doubles_many(["aab", "abc", "aaa"])
    [1, 0, 2]
    """

def count_doubles_file(
    path: str | bytes | PathLike[str] | PathLike[bytes] | int, unit: str = "characters", threads: SupportsIndex = 1
) -> int:
    """The doubles of a file, a pipe or a device, read to its end in 256 KiB a thread: of any size, with no lock held.

    The unit is "characters", of UTF-8, or "bytes". The path is what open takes, also a file descriptor, which is read
    from where it stands and then closed; another one of the same file stands at the end then, or anywhere after an
    error. With threads, up to that many, and up to 256, read and count a regular file in as many places at once;
    elsewhere, and on Windows, one does. Ctrl-C interrupts, also where a pipe has nothing to say. Of a file that changes
    meanwhile, each part is counted as it is when it is read.

    Raises what open raises, UnicodeDecodeError with the offset from where it was read if it is not UTF-8, ValueError
    for another unit or threads below one, and MemoryError where there is no memory.

    >>> import os
    >>> read, write = os.pipe()
    >>> os.write(write, b"one  two") and os.close(write)
    >>> count_doubles_file(read)
    1
    """

def count_doubles_zip(val: str) -> int:
    """Count the characters of val that equal the next one, by two iterators, one a step ahead.

    The first Rust version of the article. It is slow, and here to be measured: count_doubles is the one to use. Like
    every function of the article it takes val as Rust's &str, which makes Python encode a str that is not ASCII as
    UTF-8, once, and keep the copy; it holds the GIL, and does not answer Ctrl-C. Raises UnicodeEncodeError for lone
    surrogates.

    >>> count_doubles_zip("aabccc éé")
    4
    """

def count_doubles_once(val: str) -> int:
    """Count the characters of val that equal the next one, in one pass that keeps the character before.

    See count_doubles_zip for what the functions of the article have in common.

    >>> count_doubles_once("aabccc éé")
    4
    """

def count_doubles_peek(val: str) -> int:
    """Count the characters of val that equal the next one, by a peekable iterator.

    See count_doubles_zip for what the functions of the article have in common.

    >>> count_doubles_peek("aabccc éé")
    4
    """

def count_doubles_fold(val: str) -> int:
    """Count the characters of val that equal the next one, as a fold over the characters.

    See count_doubles_zip for what the functions of the article have in common.

    >>> count_doubles_fold("aabccc éé")
    4
    """

def count_doubles_bytes_once(val: str) -> int:
    """Count the bytes of val's UTF-8 that equal the next one, in one pass that keeps the byte before.

    Bytes are characters only in ASCII. See count_doubles_zip for what the functions of the article have in common.

    >>> count_doubles_bytes_once("aabccc éé")
    3
    """

def count_doubles_bytes_windows(val: str) -> int:
    """Count the bytes of val's UTF-8 that equal the next one, by windows of two.

    Bytes are characters only in ASCII. See count_doubles_zip for what the functions of the article have in common.

    >>> count_doubles_bytes_windows("aabccc éé")
    3
    """
