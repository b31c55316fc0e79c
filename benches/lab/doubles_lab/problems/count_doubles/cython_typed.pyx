def count_doubles(str source):
    cdef Py_ssize_t count = 0
    cdef Py_UCS4 char, next_char
    if not source:
        return count
    char = source[0]
    for next_char in source[1:]:
        if next_char == char:
            count += 1
        char = next_char
    return count
