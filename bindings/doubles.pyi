"""Counts adjacent equal items, in Rust, as fast as memory can be read.

A double is an item that equals the next one: "aabccc" has three, one of a and two of c.
"""

from typing import Final

from typing_extensions import Buffer

__all__ = [
    "backend",
    "count_doubles",
    "count_doubles_bytes_once",
    "count_doubles_bytes_windows",
    "count_doubles_fold",
    "count_doubles_once",
    "count_doubles_peek",
    "count_doubles_zip",
]

__version__: Final[str]

# The instruction set that counts: "avx512vbmi", "avx512", "avx2", "sse2", "neon" or "scalar".
backend: Final[str]

def count_doubles(val: str | Buffer, /, *, threads: int = 1) -> int:
    """Count the items of val that equal the next one: sum(a == b for a, b in zip(val, val[1:])).

    A str is counted by code point. Any str will do: empty, with NULs, with lone surrogates, of a subclass (whose own
    methods are not called). A bytes-like object (bytes, bytearray, memoryview, array.array, mmap, a NumPy array) is
    counted by item. It has one dimension, of integers or bools of 1, 2, 4 or 8 bytes in either byte order, and may be
    strided.

    The value is read where it lies: nothing is copied, and no UTF-8 is made or cached. While a str or bytes of 1 MiB
    or more is counted, other threads run; anything that can change under the reader is counted with the GIL held.
    Ctrl-C interrupts a count of any size.

    With threads, up to that many threads, made for this call, count a long value together: each at least 262,144 items.
    It pays off where one does not use all that memory gives.

    Raises TypeError for a value of another type and for items of another format (floats, characters, structures,
    objects), ValueError for a number of dimensions other than one or of threads below one, and what the object itself
    raises when it refuses to be read.
    """

def count_doubles_zip(val: str) -> int:
    """Count the characters of val that equal the next one, by two iterators, one a step ahead.

    The first Rust version of the article. It is slow, and here to be measured: count_doubles is the one to use. Like
    every function of the article it takes val as Rust's &str, which makes Python encode a str that is not ASCII as
    UTF-8, once, and keep the copy; it holds the GIL, and does not answer Ctrl-C. Raises UnicodeEncodeError for lone
    surrogates.
    """

def count_doubles_once(val: str) -> int:
    """Count the characters of val that equal the next one, in one pass that keeps the character before.

    See count_doubles_zip for what the functions of the article have in common.
    """

def count_doubles_peek(val: str) -> int:
    """Count the characters of val that equal the next one, by a peekable iterator.

    See count_doubles_zip for what the functions of the article have in common.
    """

def count_doubles_fold(val: str) -> int:
    """Count the characters of val that equal the next one, as a fold over the characters.

    See count_doubles_zip for what the functions of the article have in common.
    """

def count_doubles_bytes_once(val: str) -> int:
    """Count the bytes of val's UTF-8 that equal the next one, in one pass that keeps the byte before.

    Bytes are characters only in ASCII. See count_doubles_zip for what the functions of the article have in common.
    """

def count_doubles_bytes_windows(val: str) -> int:
    """Count the bytes of val's UTF-8 that equal the next one, by windows of two.

    Bytes are characters only in ASCII. See count_doubles_zip for what the functions of the article have in common.
    """
