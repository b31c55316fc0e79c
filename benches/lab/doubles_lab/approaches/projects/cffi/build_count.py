from cffi import FFI

DECLARATIONS = "size_t count_doubles(const char *val, size_t length); void fail(void);"

ffi = FFI()
ffi.cdef(DECLARATIONS)
ffi.set_source("_lab_cffi", "#include <stddef.h>\n" + DECLARATIONS, sources=["count.c"])
