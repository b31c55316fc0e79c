# mypyc knows nothing of arrays: it compiles a loop over the floats of a list, and NumPy converts both ways.
import numpy as np


def cumulative_sum(values: np.ndarray) -> np.ndarray:
    floats: list[float] = values.astype(float).tolist()
    total = 0.0
    for i in range(len(floats)):
        total += floats[i]
        floats[i] = total
    return np.array(floats, dtype=float)
