def total(points):
    return sum([point.x * point.y for point in points], 0.0)


def total_slots(points):
    return sum([point.x * point.y for point in points], 0.0)
