"""NumPy: as in the article, which copies the text into an array at every call, and on an array that is there."""

import numpy as np


# The article's, with what replaced np.fromstring.
def count_doubles_frombuffer(val):
    ng = np.frombuffer(val.encode(), dtype=np.byte)
    return np.sum(ng[:-1] == ng[1:])


# The array holds the code points in as few bytes as the str does.
def count_doubles_array(val):
    return np.count_nonzero(val[1:] == val[:-1])


# A difference of zero is a double. Subtracting is about a tenth faster than comparing here, since the comparison has to
# turn its mask into booleans. Blocks that stay in the cache were slower: each costs two more calls.
def count_doubles_array_best(val):
    return max(len(val) - 1, 0) - np.count_nonzero(val[1:] - val[:-1])
