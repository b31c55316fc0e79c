"""What templates know of a function: its arguments, its result, and how large both are in each example."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from doubles_lab.observed import Kind

#: Values of each result that are looked at.
LOOKED = 10_000
#: Places of a tuple from which on it is a sequence, where all are of one kind.
SEQUENCE = 4
#: What holds other values, or is one.
COLLECTIONS = ("list", "sequence", "record", "dict", "set", "object")
#: What a ready result can be made of.
READY = ("none", "bool", "int", "float", "str", "bytes", "list", "sequence", "record", "dict", "optional", "array")
#: How many bytes UTF-8 takes for a character of each storage, and a character of that storage.
CHARACTERS = {"ascii": (1, "a"), "latin-1": (2, "é"), "2": (3, "中"), "4": (4, "😀")}
_OF_LANGUAGES = """
abstract as async auto await become bool break case catch cdef char cimport class const continue cpdef crate
ctypedef def default delete do double dyn else enum explicit extern false final float fn for friend goto if impl in
inline int let long loop macro match mod move mut mutable namespace new nogil operator override package priv private
protected pub public ref register restrict return self short signed sizeof static struct super switch template this
throw trait true try type typedef typename typeof union unsafe unsigned unsized use using virtual void volatile
where while yield
"""
_OF_TEMPLATES = """
arguments box count each example item list module native object py read result sink size str total values_
"""
#: Words of Rust, C, C++ or Cython, which nothing can be called there.
KEYWORDS = frozenset(_OF_LANGUAGES.split())
#: Those, and the words that the templates of the floors use: no argument is called so there.
TAKEN = KEYWORDS.union(_OF_TEMPLATES.split())


def names_a_function(name: str) -> bool:
    """Whether a function can have this name in every language of the lab."""
    return bool(re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII)) and not keyword.iskeyword(name) and name not in KEYWORDS


def function_name(name: str) -> str:
    """The name if a function can have it in every language of the lab, and otherwise one like it that it can have."""
    plain = word(name).lstrip("0123456789_") or word("")
    return plain if names_a_function(plain) else f"{plain}_native"


@dataclass(frozen=True)
class Shape:
    """What a value is, for a template: a :class:`doubles_lab.observed.Kind` without what no approach tells apart.

    ``what`` is one of "none", "bool", "int" (of 64 bits), "float", "str", "bytes", "list", "sequence" (a tuple of any
    length), "record" (a tuple of these places), "dict", "set", "optional", "array", "object", "callable" or "any".
    """

    what: str
    inside: tuple[Shape, ...] = ()
    #: The names of attributes.
    names: tuple[str, ...] = ()
    #: The class of an object, and how a str is stored.
    detail: str = ""
    #: Of an array: dtype, axes, and whether it lies in one piece in the order of C.
    dtype: str = ""
    axes: int = 0
    contiguous: bool = True
    #: Of a result: what it is, or about how long.
    value: Any = None
    size: int = 0

    @property
    def collection(self) -> bool:
        """Whether there are Python objects inside."""
        return self.what in COLLECTIONS or (self.what == "optional" and self.inside[0].collection)

    def every(self) -> Iterable[Shape]:
        """This one and all that are inside."""
        yield self
        for each in self.inside:
            yield from each.every()


def shape_of(kind: Kind) -> Shape:
    """The shape of a kind."""
    inside = tuple(map(shape_of, kind.inside))
    if kind.name in ("bool", "float", "bytes", "list", "dict"):
        return Shape(kind.name, inside)
    if kind.name == "None":
        return Shape("none")
    if kind.name == "int":
        return Shape("int" if kind.detail == "64" else "any")
    if kind.name == "str":
        return Shape("str", detail=kind.detail)
    if kind.name in ("set", "frozenset"):
        return Shape("set", inside)
    if kind.name == "tuple":
        alike = len(inside) >= SEQUENCE and len({replace(each, detail="") for each in inside}) == 1
        return Shape("sequence", inside[:1]) if alike else Shape("record", inside)
    if kind.name == "array":
        dtype, axes, layout = kind.detail.rsplit(" ", 2)
        return Shape("array", dtype=dtype, axes=int(axes), contiguous=layout == "C")
    if kind.name == "object":
        return Shape("object", inside, kind.attributes, kind.detail)
    if kind.name == "mixed":
        if {each.name for each in kind.inside} <= {"int", "float", "bool"} and all(
            e.detail != "big" for e in kind.inside
        ):
            return Shape("float")
        if kind.optional is not None:
            return Shape("optional", (shape_of(kind.optional),))
    return Shape("callable" if kind.name == "callable" else "any", detail=kind.detail)


def ready(shape: Shape, values: Sequence[Any]) -> Shape:
    """The shape of results with what they are like: how long they are, and the one in the middle."""
    if shape.what in ("int", "float", "bool"):
        ordered = sorted(values, key=abs)
        return replace(shape, value=ordered[len(ordered) // 2] if ordered else 0)
    if shape.what in ("str", "bytes"):
        size = sum(map(len, values)) // max(1, len(values))
        stored = [each[0] if each else "a" for each in values] if shape.what == "str" else []
        detail = "ascii" if any(c.isascii() for c in stored) else shape.detail
        return replace(shape, size=size, detail=detail)
    if shape.what in ("list", "sequence"):
        size = sum(map(len, values)) // max(1, len(values))
        within = [each for value in values for each in islice(value, LOOKED)]
        return replace(shape, size=size, inside=(ready(shape.inside[0], within),))
    if shape.what == "record":
        places = [ready(each, [value[place] for value in values]) for place, each in enumerate(shape.inside)]
        return replace(shape, inside=tuple(places))
    if shape.what == "dict":
        size = sum(map(len, values)) // max(1, len(values))
        keys = [each for value in values for each in islice(value, LOOKED)]
        held = [each for value in values for each in islice(value.values(), LOOKED)]
        return replace(shape, size=size, inside=(ready(shape.inside[0], keys), ready(shape.inside[1], held)))
    if shape.what == "optional":
        return replace(shape, inside=(ready(shape.inside[0], [each for each in values if each is not None]),))
    return shape


@dataclass(frozen=True)
class Argument:
    """An argument of a function."""

    name: str
    shape: Shape
    #: Of a callable: the arguments that it was called with first, and what it gave.
    called_with: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Row:
    """An example, as the table in a source has it."""

    name: str
    #: The length of the argument that tells examples apart, or its value; and in bytes of UTF-8.
    key: int
    utf8: int
    #: The length of the result; of an array, of each axis.
    size: int
    axes: tuple[int, ...] = ()
    #: How often it calls back.
    calls: int = 0


@dataclass(frozen=True)
class Signature:
    """What a function takes and returns, and in which sizes."""

    name: str
    arguments: tuple[Argument, ...]
    result: Shape
    rows: tuple[Row, ...]
    #: The place of the argument that tells examples apart; -1 where none has to.
    key: int = -1
    #: Whether what is inside of the result are objects of the arguments, so that a form which takes objects has to make
    #: the list or the dict alone.
    shares: bool = False
    target: str = ""
    #: By name, for the problem's file.
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def arrays(self) -> bool:
        """Whether an argument is an array."""
        return any(each.shape.what == "array" for each in self.arguments)

    @property
    def collections(self) -> bool:
        """Whether an argument has Python objects inside."""
        return any(each.shape.collection for each in self.arguments)

    @property
    def texts(self) -> bool:
        """Whether an argument is a str."""
        return any(each.shape.what == "str" for each in self.arguments)

    @property
    def lists(self) -> bool:
        """Whether an argument or the result is a list or a tuple of any length."""
        return any(each.what in ("list", "sequence") for each in [*(a.shape for a in self.arguments), self.result])

    @property
    def callback(self) -> Argument | None:
        """The first argument that is called."""
        return next((each for each in self.arguments if each.shape.what == "callable"), None)

    @property
    def converted(self) -> bool:
        """Whether taking the arguments costs more than to take an object each."""
        return self.collections or self.arrays or self.texts or any(e.shape.what == "bytes" for e in self.arguments)

    @property
    def built(self) -> bool:
        """Whether the result is more than one object of a size that is always the same."""
        return self.result.what not in ("none", "bool", "int", "float")

    @property
    def listed(self) -> bool:
        """Whether an argument is a list of numbers, which might be an array."""
        return any(number_list(each.shape) for each in self.arguments)

    def as_arrays(self) -> Signature:
        """The same with an array in place of each list of numbers."""
        dtypes = {"float": "float64", "int": "int64"}
        arguments = [
            replace(each, shape=Shape("array", dtype=dtypes[each.shape.inside[0].what], axes=1))
            if number_list(each.shape)
            else each
            for each in self.arguments
        ]
        return replace(self, arguments=tuple(arguments))


def number_list(shape: Shape) -> bool:
    """Whether it is a list of numbers of one type."""
    return shape.what in ("list", "sequence") and shape.inside[0].what in ("int", "float")


def word(name: str) -> str:
    """A name as a word that every language takes, if something follows it."""
    return re.sub(r"\W", "_", name, flags=re.ASCII).strip("_").lower() or "value"


def named(name: str) -> str:
    """A name that every language takes."""
    name = word(name)
    return f"{name}_" if name in TAKEN or keyword.iskeyword(name) else name
