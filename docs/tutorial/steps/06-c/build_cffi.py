from cffi import FFI

DECLARATION = "uint64_t count_byte_doubles(const char *str, size_t length);"

ffi = FFI()
ffi.cdef(DECLARATION)
ffi.set_source(
    "by_cffi",
    "#include <stddef.h>\n#include <stdint.h>\n" + DECLARATION,
    sources=["told_length.c"],
    extra_compile_args=["-O3", "-march=native"],
)

if __name__ == "__main__":
    ffi.compile()
