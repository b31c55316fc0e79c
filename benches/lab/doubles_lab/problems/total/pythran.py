# pythran export total_array(float[:, :])
def total_array(points):
    result = 0.0
    for i in range(points.shape[0]):
        result += points[i, 0] * points[i, 1]
    return result
