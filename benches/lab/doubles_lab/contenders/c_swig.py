"""C through SWIG: the article's loop, which ends at a NUL, and one that is told the length."""

from __future__ import annotations

from doubles_lab import oracle
from doubles_lab.approaches import build
from doubles_lab.contender import Contender, Divergence, Unit, raises_on_lone_surrogates

# The article's flags.
FLAGS = "-O3 -march=native"

SETUP = f"""
from setuptools import Extension, setup

setup(ext_modules=[
    Extension("_NAME", ["NAME_wrap.c", "NAME.c"], extra_compile_args={FLAGS.split()!r}),
])
"""

ARTICLE = {
    "interface": """
%module NAME
%{
#include <stdint.h>
uint64_t count_byte_doubles(char * str);
%}
%include "stdint.i"
uint64_t count_byte_doubles(char * str);
""",
    "code": """
#include <stdint.h>

uint64_t count_byte_doubles(char * str) {
  uint64_t count = 0;
  while (str[0] && str[1]) {
    if (str[0] == str[1]) count++;
    str++;
  }
  return count;
}
""",
}

# A counter of one byte over a block that it can hold lets the compiler compare and add whole vectors.
LENGTH = {
    "interface": """
%module NAME
%{
#include <stddef.h>
#include <stdint.h>
uint64_t count_byte_doubles(const char *str, size_t length);
%}
%include "stdint.i"
%apply (char *STRING, size_t LENGTH) { (const char *str, size_t length) };
uint64_t count_byte_doubles(const char *str, size_t length);
""",
    "code": """
#include <stddef.h>
#include <stdint.h>

uint64_t count_byte_doubles(const char *str, size_t length) {
  uint64_t count = 0;
  for (size_t i = 0; i + 1 < length;) {
    size_t end = length - 1 - i < 192 ? length - 1 : i + 192;
    uint8_t equal = 0;
    for (; i < end; i++) equal += str[i] == str[i + 1];
    count += equal;
  }
  return count;
}
""",
}


def until_nul(text):
    """The doubles of the bytes before the first NUL."""
    return oracle.count_bytes(text.partition("\0")[0])


def _contender(name, source, origin, *tags, divergences=()):
    module = name.replace("-", "_")

    def load():
        swig = build.tool("swig")
        files = {
            f"{module}.i": source["interface"].replace("NAME", module),
            f"{module}.c": source["code"],
        }
        setup = SETUP.replace("NAME", module)

        def wrap(work):
            build.run([swig, "-python", f"{module}.i"], work)

        version = build.run([swig, "-version"], build.cache_dir().parent)
        place = build.extension(name, files, setup, [version], before=wrap)
        build.import_file(f"_{module}", build.extension_file(place, f"_{module}"))
        return build.import_file(module, place / f"{module}.py").count_byte_doubles

    return Contender(
        name=name,
        unit=Unit.BYTES,
        load=load,
        language="C",
        binding="SWIG",
        access="char * (UTF-8 conversion)",
        origin=origin,
        tags=("swig", "c", *tags),
        compiled=True,
        flags=FLAGS,
        packages=("swig", "setuptools"),
        divergences=(raises_on_lone_surrogates("TypeError"), *divergences),
    )


CONTENDERS = [
    _contender(
        "c-swig",
        ARTICLE,
        "the article: martinxyz, 2017",
        "article",
        divergences=(Divergence("a NUL ends the string", until_nul),),
    ),
    _contender("c-swig-length", LENGTH, "the article's, told the length, in blocks, 2026", "best"),
]
