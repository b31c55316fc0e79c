import numpy as np


def total(points):
    x = np.fromiter([point.x for point in points], float, len(points))
    y = np.fromiter([point.y for point in points], float, len(points))
    return float(x @ y)


def total_array(points):
    return float(points[:, 0] @ points[:, 1])
