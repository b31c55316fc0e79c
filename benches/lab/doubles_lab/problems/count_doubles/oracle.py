"""The contract, literally: every count in the lab is judged by these functions, in plain Python.

Never by an implementation: an oracle that shares code with what it judges can be wrong in the same way.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence


def count_items(val: Sequence[object]) -> int:
    """The positions whose item equals the next one. Some 20 ns an item, and one copy of ``val``."""
    return sum(map(operator.eq, val, val[1:]))


def count_doubles(val: str) -> int:
    """The code points of a text that equal the next one."""
    return count_items(val)


def count_bytes(val: str | bytes) -> int:
    """The bytes of a text in UTF-8 that equal the next one; a lone surrogate takes its three bytes."""
    return count_items(val if isinstance(val, bytes) else val.encode("utf-8", "surrogatepass"))
