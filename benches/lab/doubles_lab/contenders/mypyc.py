"""mypyc, which compiles typed Python: the loop is its own, since that is what it is for."""

from __future__ import annotations

from doubles_lab.approaches import build
from doubles_lab.contender import Contender, Unit

SETUP = """
from mypyc.build import mypycify
from setuptools import setup

setup(name="NAME", ext_modules=mypycify(["NAME.py"], opt_level="3"))
"""

ARTICLE = """
def count_doubles(val: str) -> int:
    total = 0
    for c1, c2 in zip(val, val[1:]):
        if c1 == c2:
            total += 1
    return total
"""

# Numbers of the machine in place of objects: mypyc reads ord(val[i]) in the str's memory, and makes no str of it.
BEST = """
from mypy_extensions import i64


def count_doubles(val: str) -> i64:
    total: i64 = 0
    last = -1
    for i in range(i64(len(val))):
        char = ord(val[i])
        if char == last:
            total += 1
        last = char
    return total
"""


def _contender(name, source, access, origin, *tags):
    module = name.replace("-", "_")

    def load():
        mypy = f"mypy {build.installed('mypy')}"
        place = build.extension(name, {f"{module}.py": source}, SETUP.replace("NAME", module), [mypy])
        return build.import_file(module, build.extension_file(place, module)).count_doubles

    return Contender(
        name=name,
        unit=Unit.CHARACTERS,
        load=load,
        language="Python",
        binding="mypyc",
        access=access,
        origin=origin,
        tags=("mypyc", *tags),
        compiled=True,
        flags="-O3",
        packages=("mypy", "setuptools"),
    )


CONTENDERS = [
    _contender("mypyc-zip", ARTICLE, "iterates the str", "the article's zip (Bruno Rocha, 2017) with types, 2026"),
    _contender("mypyc-best", BEST, "the str, in place", "the best of ten versions that were measured, 2026", "best"),
]
