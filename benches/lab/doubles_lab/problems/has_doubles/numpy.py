"""NumPy: all items are compared before any() looks at the first one."""


def has_doubles_array(array):
    return (array[1:] == array[:-1]).any()
