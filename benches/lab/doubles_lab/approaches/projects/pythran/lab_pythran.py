"""The smallest module through Pythran."""

STEP = 1


# pythran export count_doubles(str)
def count_doubles(val):
    """Counts adjacent equal characters of a text in ASCII."""
    count = 0
    for i in range(len(val) - 1):
        if val[i] == val[i + 1]:
            count += STEP
    return count


# pythran export fail()
def fail():
    raise RuntimeError("planted")
