"""more-itertools: run-length encoding, and the starts from its lengths."""

from itertools import accumulate

from more_itertools import run_length


def runs(val):
    lengths = [length for _, length in run_length.encode(val)]
    starts = accumulate(lengths, initial=0)
    return [(start, length) for start, length in zip(starts, lengths) if length > 1]
