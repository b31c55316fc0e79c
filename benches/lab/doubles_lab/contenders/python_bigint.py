"""Pure Python at its best: the text as one large integer, XORed with itself one item further on.

Equal neighbours leave a zero, and ``bytes.count`` counts those. Each step runs in C over the whole text:
13 times as fast as the loop on a million letters, and still nothing but the standard library.
"""

from __future__ import annotations

from doubles_lab.contender import Contender, Unit


def count_doubles_bigint(val):
    if len(val) < 2:
        return 0
    if isinstance(val, bytes):
        width, data = 1, val
    elif val.isascii():
        width, data = 1, val.encode("ascii")
    else:
        width, data = 4, val.encode("utf-32-le", "surrogatepass")
    number = int.from_bytes(data, "little")
    number ^= number >> 8 * width
    if width == 4:  # the lowest byte of an item is zero only where all four are
        number |= number >> 16
        number |= number >> 8
    return number.to_bytes(len(data), "little")[: len(data) - width : width].count(0)


CONTENDERS = [
    Contender(
        name="python-bigint",
        unit=Unit.CHARACTERS,
        load=lambda: count_doubles_bigint,
        language="Python",
        binding="none",
        access="copy: encode",
        origin="the best of fifteen pure-Python versions that were measured, 2026",
        tags=("best", "python"),
        takes_bytes=True,
    )
]
