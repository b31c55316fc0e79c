"""more-itertools: its filter of neighbours."""

from more_itertools import unique_justseen


def squeeze(val):
    return "".join(unique_justseen(val))
