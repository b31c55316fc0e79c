"""more-itertools: its run-length encoding, which has no starts."""

from more_itertools import run_length


def run_lengths(val):
    return list(run_length.encode(val))
