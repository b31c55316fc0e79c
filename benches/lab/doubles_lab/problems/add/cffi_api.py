"""cffi as its authors advise: the compiled function is called as it is."""

DECLARATIONS = "long long add(long long a, long long b);"


def prepare(lib):
    global add
    add = lib.add
