cimport cython


@cython.overflowcheck(True)
def add(long long a, long long b):
    return a + b


# Without types: the interpreter's own addition, compiled.
def add_objects(a, b):
    return a + b
