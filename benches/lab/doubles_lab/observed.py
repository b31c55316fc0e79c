"""What values are, as far as native code must know it: their types, and those of what is inside them, recursively."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

#: What is one value, with nothing inside.
SCALARS = ("None", "bool", "int", "float", "complex", "str", "bytes", "bytearray")
#: What holds any number of values.
COLLECTIONS = ("list", "set", "frozenset", "dict")
#: The types within one value that are told apart; beyond them it is of the kind "other".
MOST_TYPES = 8
#: How deep it is looked into a value, and how many values of one type are looked into.
DEEPEST, MOST = 8, 100_000


@dataclass(frozen=True)
class Kind:
    """The type of a value and of what is inside it.

    ``name`` is one of :data:`SCALARS` or :data:`COLLECTIONS`, or "tuple", "array" (of NumPy), "object" (which has
    attributes), "callable", "iterator", "mixed" (of several kinds), "nothing" (what is inside of something empty) or
    "other".
    """

    name: str
    #: The elements of a list or set, the key and the value of a dict, each place of a tuple, the attributes of an
    #: object, and what is mixed.
    inside: tuple[Kind, ...] = ()
    #: The names of attributes.
    attributes: tuple[str, ...] = ()
    #: Of an int, "64" if it fits in 64 bits with a sign, or "big". Of a str, how CPython stores it: "ascii", "latin-1",
    #: "2" or "4". Of an array its dtype, the number of its axes and its layout: "float64 1 C". Of others the class.
    detail: str = ""

    @property
    def optional(self) -> Kind | None:
        """What it is besides ``None``, where that is all that it is mixed of."""
        others = [each for each in self.inside if each.name != "None"]
        return others[0] if self.name == "mixed" and len(self.inside) == 2 and len(others) == 1 else None

    def __str__(self) -> str:
        """As an annotation in Python."""
        if self.name == "mixed":
            return " | ".join(dict.fromkeys(map(str, self.inside)))
        if self.name == "array":
            return f"ndarray[{self.detail.partition(' ')[0]}]"
        if self.name in ("object", "other"):
            return self.detail
        if self.name == "nothing":
            return "Never"
        if not self.inside:
            return self.name
        if self.name == "tuple" and len(set(self.inside)) == 1 and len(self.inside) > 3:
            return f"tuple[{self.inside[0]}, ...]"
        return f"{self.name}[{', '.join(map(str, self.inside))}]"


NOTHING = Kind("nothing")


def kind_of(value: Any, depth: int = 0) -> Kind:
    """The kind of a value. Takes time in proportion to its size, and does not change it."""
    name = type(value).__name__
    if value is None:
        return Kind("None")
    if type(value) in (bool, float, complex, bytes, bytearray):
        return Kind(name)
    if type(value) is int:
        return Kind("int", detail="64" if -(1 << 63) <= value < 1 << 63 else "big")
    if type(value) is str:
        return Kind("str", detail=storage(value))
    if depth == DEEPEST:
        return Kind("other", detail=name)
    if type(value) in (list, set, frozenset):
        return Kind(name, (joined(value, depth),))
    if type(value) is tuple:
        return Kind("tuple", tuple(kind_of(each, depth + 1) for each in value))
    if type(value) is dict:
        return Kind("dict", (joined(value, depth), joined(value.values(), depth)))
    if name == "ndarray" and hasattr(value, "dtype"):
        layout = "C" if value.flags["C_CONTIGUOUS"] else "F" if value.flags["F_CONTIGUOUS"] else "strided"
        return Kind("array", detail=f"{value.dtype} {value.ndim} {layout}")
    if inspect.isgenerator(value) or (hasattr(value, "__next__") and iter(value) is value):
        return Kind("iterator")
    if inspect.isroutine(value) or isinstance(value, type):
        return Kind("callable", detail=name)
    if attributes := attributes_of(value):
        inside = tuple(kind_of(each, depth + 1) for each in attributes.values())
        return Kind("object", inside, tuple(attributes), name)
    return Kind("callable" if callable(value) else "other", detail=name)


def storage(text: str) -> str:
    """How CPython stores a str: "ascii" or "latin-1", a byte a character, or "2" or "4" bytes."""
    if text.isascii():
        return "ascii"
    largest = ord(max(text))
    return "latin-1" if largest < 0x100 else "2" if largest < 0x10000 else "4"


def attributes_of(value: Any) -> Mapping[str, Any]:
    """The attributes of an object by name: its fields, or what is in its ``__dict__`` or in its slots."""
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    if hasattr(value, "__dict__"):
        return dict(vars(value))
    slots = (slot for each in type(value).__mro__ for slot in _slots_of(each))
    return {slot: getattr(value, slot) for slot in slots if hasattr(value, slot)}


def _slots_of(kind: type) -> Iterable[str]:
    slots = vars(kind).get("__slots__", ())
    return [slots] if isinstance(slots, str) else [slot for slot in slots if not slot.startswith("__")]


def joined(values: Iterable[Any], depth: int = 0) -> Kind:
    """The kind of values taken together: of one type, or mixed. Every type is found, wherever it stands."""
    by_type: dict[type, list[Any]] = {}
    for value in values:
        known = by_type.setdefault(type(value), [])
        if len(known) < MOST:
            known.append(value)
    if len(by_type) > MOST_TYPES:
        return Kind("other", detail="object")
    found = NOTHING
    for known in by_type.values():
        for kind in dict.fromkeys(kind_of(value, depth + 1) for value in known):
            found = join(found, kind)
    return found


#: Of how a str is stored, from the narrowest on: what holds all is the widest.
STORAGES = ("ascii", "latin-1", "2", "4")


def join(one: Kind, other: Kind) -> Kind:
    """The kind of what may be of either."""
    if one == other or other == NOTHING:
        return one
    if one == NOTHING:
        return other
    if "mixed" in (one.name, other.name):
        every = one.inside if one.name == "mixed" else (one,)
        for each in other.inside if other.name == "mixed" else (other,):
            every = _added(every, each)
        return every[0] if len(every) == 1 else Kind("mixed", every)
    return _same_name(one, other) or Kind("mixed", (one, other))


def _added(every: tuple[Kind, ...], more: Kind) -> tuple[Kind, ...]:
    for place, each in enumerate(every):
        if (both := _same_name(each, more)) is not None:
            return (*every[:place], both, *every[place + 1 :])
    return (*every, more)


def _same_name(one: Kind, other: Kind) -> Kind | None:
    """The kind of two of the same name, ``None`` if that is not enough to join them."""
    if one == other:
        return one
    if one.name != other.name or one.attributes != other.attributes or len(one.inside) != len(other.inside):
        return None
    detail = one.detail
    if one.name == "int":
        detail = "big" if "big" in (one.detail, other.detail) else "64"
    elif one.name == "str":
        detail = max(one.detail, other.detail, key=STORAGES.index)
    elif one.detail != other.detail:
        return None
    return Kind(one.name, tuple(map(join, one.inside, other.inside)), one.attributes, detail)


class Called:
    """A callable that notes how it is called: how often, with what first, and what came of that."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.calls = function, 0
        self.arguments: tuple[Any, ...] = ()
        self.result: Any = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        result = self.function(*args, **kwargs)
        if self.calls == 1:
            self.arguments, self.result = args, result
        return result


def reading(value: Any, found: dict[str, list[str]], depth: int = 0) -> Any:
    """A copy of a value whose objects note in ``found``, by class, which of their attributes are read.

    An object that cannot be copied so stays as it is.
    """
    if type(value) in (list, tuple, set, frozenset) and depth < DEEPEST:
        return type(value)([reading(each, found, depth + 1) for each in value])
    if type(value) is dict and depth < DEEPEST:
        return {key: reading(each, found, depth + 1) for key, each in value.items()}
    if kind_of(value, DEEPEST - 1).name != "object":
        return value
    own = type(value)
    names = set(attributes_of(value))
    noted = found.setdefault(own.__name__, [])
    getter: Any = own.__getattribute__

    def get(self: Any, name: str) -> Any:
        if name in names and name not in noted:
            noted.append(name)
        return getter(self, name)

    try:
        noting = type(own.__name__, (own,), {"__slots__": (), "__getattribute__": get})
        made = copy.copy(value)
        object.__setattr__(made, "__class__", noting)
    except Exception:  # an extension type, say: all of its attributes count as read
        noted += sorted(names - set(noted))
        return value
    return made


def only(kind: Kind, read: Mapping[str, Sequence[str]]) -> Kind:
    """A kind whose objects have but the attributes that were read, by class."""
    inside = tuple(only(each, read) for each in kind.inside)
    if kind.name != "object" or kind.detail not in read:
        return Kind(kind.name, inside, kind.attributes, kind.detail)
    kept = [(name, each) for name, each in zip(kind.attributes, inside) if name in read[kind.detail]]
    return Kind("object", tuple(each for _, each in kept), tuple(name for name, _ in kept), kind.detail)
