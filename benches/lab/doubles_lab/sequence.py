"""Random text that is the same on every machine and every Python version.

SHAKE-128 of a seed, mapped to an alphabet: :mod:`random` promises its float sequence and no more, and a
hash is quicker. The bias is known: none, where the alphabet's length divides what is kept of 256.
"""

from __future__ import annotations

import hashlib


def random_bytes(seed: str, length: int) -> bytes:
    """``length`` bytes that depend on ``seed`` alone. About 2 ns a byte."""
    return hashlib.shake_128(seed.encode()).digest(length)


def random_ascii(seed: str, length: int, alphabet: str) -> str:
    """``length`` characters drawn evenly from ``alphabet`` (ASCII, at most 256). About 5 ns a character."""
    kept = 256 // len(alphabet) * len(alphabet)
    table = bytes(ord(alphabet[i % len(alphabet)]) for i in range(256))
    out = b""
    drawn = 0
    while len(out) < length:
        drawn = max(drawn * 2, length * 256 // kept + 1024)
        out = random_bytes(seed, drawn).translate(table, bytes(range(kept, 256)))
    return out[:length].decode("ascii")


def random_text(seed: str, length: int, alphabet: str) -> str:
    """``length`` characters drawn from ``alphabet``, of any script and at most 65,536. About 100 ns a character.

    A character that ``alphabet`` repeats is drawn that much more often, which is how an alphabet sets
    its frequencies.
    """
    data = random_bytes(seed, 2 * length)
    size = len(alphabet)
    return "".join([alphabet[(high << 8 | low) * size >> 16] for high, low in zip(data[::2], data[1::2])])
