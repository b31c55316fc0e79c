def sum_floats(values):
    return float(sum(values))
