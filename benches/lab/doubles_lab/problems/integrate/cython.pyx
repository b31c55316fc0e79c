def integrate(function, long long steps):
    cdef double width = 1.0 / steps, total = 0.0
    cdef long long i
    for i in range(steps):
        total += <double>function((i + 0.5) * width)
    return total * width


# The Python as it is.
def integrate_untyped(function, steps):
    width = 1 / steps
    total = 0.0
    for i in range(steps):
        total += function((i + 0.5) * width)
    return total * width
