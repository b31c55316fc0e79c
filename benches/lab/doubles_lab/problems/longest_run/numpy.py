"""NumPy, on an array that is there: the longest of the runs of two items or more."""

from doubles_lab.problems.runs.numpy import runs_array


def longest_run_array(array):
    starts, lengths = runs_array(array)
    if not starts.size:
        return (0, 1) if array.size else None
    longest = lengths.argmax()
    return int(starts[longest]), int(lengths[longest])
