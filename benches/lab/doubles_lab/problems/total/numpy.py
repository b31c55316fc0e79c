import numpy as np


def total(points):
    x = np.array([point.x for point in points], float)
    y = np.array([point.y for point in points], float)
    return float(x @ y)


def total_array(points):
    return float(points[:, 0] @ points[:, 1])
