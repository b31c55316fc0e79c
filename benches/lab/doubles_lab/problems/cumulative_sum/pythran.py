import numpy as np


# pythran export cumulative_sum(float[:] or float[::])
def cumulative_sum(values):
    result = np.empty(values.size)
    total = 0.0
    for i in range(values.size):
        total += values[i]
        result[i] = total
    return result
