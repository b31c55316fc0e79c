"""Cython: the article's, with the types that its users add first, and in the str's own memory."""

from __future__ import annotations

from doubles_lab.approaches import build
from doubles_lab.contender import Contender, Unit

FLAGS = "-O3"

SETUP = f"""
from setuptools import Extension, setup
from Cython.Build import cythonize

setup(ext_modules=cythonize(
    [Extension("NAME", ["NAME.pyx"], extra_compile_args=["{FLAGS}"])], quiet=True,
    compiler_directives={{"language_level": 3}},
))
"""

ARTICLE = '''
def count_doubles( unicode source ):
    """Count number of doubles in a (unicode) string

    A double is counted for every character where the
    character at the previous index in the string is
    the same character as the current character. Thus
    the string 'aaa' has two doubles.
    """
    cdef Py_ssize_t count
    count = 0
    if not source:
        return count
    char = source[0]
    for next_char in source[1:]:
        if next_char == char:
            count += 1
        char = next_char
    return count
'''

TYPED = """
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
"""

# One loop for the three widths in which CPython stores a str. The counter is as wide as an item is, up to
# a block that it can hold, so that the C compiler makes vectors of it.
IN_PLACE = """
# cython: boundscheck=False, wraparound=False
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_GET_LENGTH
from libc.stdint cimport uint8_t, uint16_t, uint32_t

ctypedef fused item:
    uint8_t
    uint16_t
    uint32_t

cdef Py_ssize_t count(const item *val, Py_ssize_t length) noexcept nogil:
    cdef Py_ssize_t total = 0, start = 0, i, block
    cdef Py_ssize_t pairs = length - 1
    cdef item equal
    while start < pairs:
        block = min(<Py_ssize_t>192, pairs - start)
        equal = 0
        for i in range(block):
            equal += <item>(val[start + i] == val[start + i + 1])
        total += equal
        start += block
    return total

def count_doubles(str val not None):
    cdef void *data = PyUnicode_DATA(val)
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(val)
    cdef int kind = PyUnicode_KIND(val)
    if kind == 1:
        return count[uint8_t](<const uint8_t *>data, length)
    if kind == 2:
        return count[uint16_t](<const uint16_t *>data, length)
    return count[uint32_t](<const uint32_t *>data, length)
"""


def _contender(name, source, access, origin, *tags):
    module = name.replace("-", "_")

    def load():
        cython = f"Cython {build.installed('Cython')}"
        setup = SETUP.replace("NAME", module)
        place = build.extension(name, {f"{module}.pyx": source}, setup, [cython])
        return build.import_file(module, build.extension_file(place, module)).count_doubles

    return Contender(
        name=name,
        unit=Unit.CHARACTERS,
        load=load,
        language="Cython",
        binding="Cython",
        access=access,
        origin=origin,
        tags=("cython", *tags),
        compiled=True,
        flags=FLAGS,
        packages=("Cython", "setuptools"),
    )


CONTENDERS = [
    _contender("cython-article", ARTICLE, "iterates the str", "the article: Mike Fletcher, 2017", "article"),
    _contender("cython-typed", TYPED, "iterates the str", "the article's, with C types, 2026"),
    _contender("cython-best", IN_PLACE, "the str, in place", "the article's, in the str's memory, 2026", "best"),
]
