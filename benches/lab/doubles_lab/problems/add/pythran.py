# pythran export add(int, int)
def add(a, b):
    return a + b
