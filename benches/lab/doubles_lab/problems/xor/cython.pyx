# cython: boundscheck=False, wraparound=False, cdivision=True
# The loop as Python has it, with types; and one that writes blocks into the bytes that it returns.
from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.string cimport memcpy


def xor_typed(bytes data not None, bytes key not None):
    cdef Py_ssize_t i, size = len(key)
    cdef const unsigned char *items = data
    cdef const unsigned char *mask = key
    if not key:
        raise ValueError("the key is empty")
    result = bytearray(len(data))
    cdef unsigned char *out = result
    for i in range(len(data)):
        out[i] = items[i] ^ mask[i % size]
    return bytes(result)


cdef void fill(unsigned char *out, const unsigned char *data, Py_ssize_t length, const unsigned char *key, Py_ssize_t size) noexcept:
    cdef unsigned char[512] block
    cdef Py_ssize_t i, start, count
    if size <= 256 and length >= 512:
        memcpy(block, key, size)
        while 2 * size <= 512:
            memcpy(block + size, block, size)
            size *= 2
        key = block
    start = 0
    while start < length:
        count = min(size, length - start)
        for i in range(count):
            out[start + i] = data[start + i] ^ key[i]
        start += size


def xor(bytes data not None, bytes key not None):
    if not key:
        raise ValueError("the key is empty")
    cdef bytes result = PyBytes_FromStringAndSize(NULL, len(data))
    fill(<unsigned char *>result, data, len(data), key, len(key))
    return result


def xor_buffer(const unsigned char[::1] data not None, bytes key not None):
    if not key:
        raise ValueError("the key is empty")
    cdef bytes result = PyBytes_FromStringAndSize(NULL, data.shape[0])
    if data.shape[0]:
        fill(<unsigned char *>result, &data[0], data.shape[0], key, len(key))
    return result
