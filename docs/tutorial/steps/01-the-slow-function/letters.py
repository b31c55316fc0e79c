"""A million random letters: the same on every machine, and those of the recorded run."""

import hashlib
import string


def random_letters(length):
    alphabet = string.ascii_letters
    kept = 256 // len(alphabet) * len(alphabet)  # of 256 values, so that no letter comes more often than another
    table = bytes(ord(alphabet[i % len(alphabet)]) for i in range(256))
    drawn = hashlib.shake_128(b"article").digest(length * 256 // kept + 1024)
    return drawn.translate(table, bytes(range(kept, 256)))[:length].decode()


LETTERS = random_letters(1_000_000)
