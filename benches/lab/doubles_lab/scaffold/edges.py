"""Edge cases that are guessed from the kinds of the arguments, and values as Python writes them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from doubles_lab.observed import Kind

#: The most elements of a typical value, and characters of a text.
ELEMENTS, CHARACTERS = 3, 20
#: Kinds without a literal: values of them come from an example.
WITHOUT = ("object", "callable", "iterator", "other", "complex")
#: From this power of two on, a power is written as such.
POWER = 31
#: Edge cases of text, and of bytes.
TEXTS = {
    "one character": "a",
    "white space": " \t\n",
    "non-ASCII": "é中😀",
    "lone surrogate": "\ud800",
    "NUL": "a\0b",
}
BYTES = {"one byte": b"a", "bytes beyond ASCII": b"\x80\xff", "NUL": b"a\0b"}


def writable(kind: Kind) -> bool:
    """Whether values of a kind can be written as Python."""
    return kind.name not in WITHOUT and all(map(writable, kind.inside))


def cut(value: Any) -> Any:
    """A value that is short enough to be read: of a collection its first elements, of a text its beginning."""
    if isinstance(value, (str, bytes, bytearray)):
        return value[:CHARACTERS]
    if type(value) in (list, set, frozenset):
        return type(value)(map(cut, islice(value, ELEMENTS)))
    if type(value) is tuple:
        return tuple(map(cut, value))
    if type(value) is dict:
        return {cut(key): cut(each) for key, each in islice(value.items(), ELEMENTS)}
    if hasattr(value, "dtype") and hasattr(value, "ndim"):
        return value[(slice(ELEMENTS),) * value.ndim]
    return value


def literal(value: Any) -> str:
    """A value as Python writes it, with ``math`` and ``np`` for what has no literal."""
    if type(value) is int and abs(value) + 1 >> POWER:
        return int_literal(value)
    if type(value) is float and not math.isfinite(value):
        return "math.nan" if math.isnan(value) else "math.inf" if value > 0 else "-math.inf"
    if isinstance(value, (str, bytes)):
        return quoted(repr(value))
    if type(value) is list:
        return f"[{', '.join(map(literal, value))}]"
    if type(value) is tuple:
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if type(value) is dict:
        return f"{{{', '.join(f'{literal(key)}: {literal(each)}' for key, each in value.items())}}}"
    if type(value) is set and value:
        return f"{{{', '.join(map(literal, value))}}}"
    if type(value) is frozenset and value:
        return f"frozenset({literal(set(value))})"
    if type(value) is bytearray:
        return f"bytearray({literal(bytes(value))})"
    if hasattr(value, "dtype") and hasattr(value, "ndim"):
        return array_literal(value)
    return repr(value)


def int_literal(value: int) -> str:
    """A large int as Python writes it: as a power of two, if it is one or is beside one."""
    for more, end in ((0, ""), (1, " + 1"), (-1, " - 1")):
        size = abs(value - more)
        if size & (size - 1) == 0:
            power = f"2**{size.bit_length() - 1}"
            return f"-({power}){end}" if value < 0 else f"{power}{end}"
    return repr(value)


def array_literal(value: Any) -> str:
    """An array as Python writes it."""
    made = f'np.zeros({literal(value.shape)}, "{value.dtype}")'
    if value.size:
        made = f'np.array({literal(value.tolist())}, "{value.dtype}")'
    return made if value.flags["C_CONTIGUOUS"] or not value.flags["F_CONTIGUOUS"] else f"np.asfortranarray({made})"


def quoted(text: str) -> str:
    """A literal of a str or of bytes in double quotes, if that needs no more escapes."""
    prefix, body = ("b", text[2:-1]) if text.startswith("b") else ("", text[1:-1])
    return f'{prefix}"{body}"' if text[-1] == "'" and '"' not in body else text


def invented(kind: Kind) -> Any:
    """A value of a kind that can be written."""
    made: dict[str, Any] = {
        "bool": True,
        "int": 3,
        "float": 1.5,
        "str": "a",
        "bytes": b"a",
        "bytearray": bytearray(b"a"),
    }
    if kind.name in made:
        return made[kind.name]
    if kind.name == "tuple":
        return tuple(map(invented, kind.inside))
    if kind.name == "dict":
        return {} if kind.inside[0].name == "nothing" else {invented(kind.inside[0]): invented(kind.inside[1])}
    if kind.name in ("list", "set", "frozenset"):
        of = {"list": list, "set": set, "frozenset": frozenset}[kind.name]
        return of([] if kind.inside[0].name == "nothing" else [invented(kind.inside[0])])
    if kind.name == "array":
        return array_of(kind, 2, 1)
    if kind.name == "mixed":
        return invented(kind.inside[0])
    return None


def array_of(kind: Kind, length: int, value: Any) -> Any:
    """An array of a kind, with as many elements along each axis."""
    import numpy as np

    dtype, axes, layout = kind.detail.rsplit(" ", 2)
    return np.full((length,) * int(axes), value, dtype, order="F" if layout == "F" else "C")


def edges_of(kind: Kind, typical: Any) -> dict[str, Any]:
    """Values of a kind that are easily forgotten, each with what it is. ``typical`` is a usual one."""
    if kind.name == "int":
        return {"zero": 0, "negative": -abs(typical or 1), "2**63": 1 << 63, "-2**63 - 1": -(1 << 63) - 1}
    if kind.name == "float":
        return {"zero": 0.0, "negative": -abs(typical or 1.5), "NaN": math.nan, "infinity": math.inf, "-0.0": -0.0}
    if kind.name == "bool":
        return {"True": True, "False": False}
    if kind.name == "str":
        return {"empty": "", **TEXTS}
    if kind.name == "bytes":
        return {"empty": b"", **BYTES}
    if kind.name == "bytearray":
        return {name: bytearray(each) for name, each in {"empty": b"", **BYTES}.items()}
    if kind.name in ("list", "set", "frozenset"):
        return edges_within(kind, typical)
    if kind.name == "dict":
        return edges_of_dict(kind, typical)
    if kind.name == "tuple":
        return edges_of_tuple(kind, typical)
    if kind.name == "array":
        return edges_of_array(kind)
    if kind.name == "mixed":
        found: dict[str, Any] = {}
        for each in kind.inside:
            found |= {"None": None} if each.name == "None" else edges_of(each, invented(each))
        return found
    return {}


def edges_within(kind: Kind, typical: Any) -> dict[str, Any]:
    """Edge cases of a list or a set: none, one, and one usual element beside each that is an edge case itself."""
    made = {"list": list, "set": set, "frozenset": frozenset}[kind.name]
    if kind.inside[0].name == "nothing":
        return {"empty": made()}
    one = next(filter(None, typical), None)
    one = invented(kind.inside[0]) if one is None else one
    inner = edges_of(kind.inside[0], one)
    return {"empty": made(), "one element": made([one])} | {
        name if name not in ("empty", "one element") else f"{name} within": made([one, each])
        for name, each in inner.items()
    }


def edges_of_dict(kind: Kind, typical: Any) -> dict[str, Any]:
    """Edge cases of a dict: none, one item, and one with each key and value that is an edge case itself."""
    if kind.inside[0].name == "nothing":
        return {"empty": {}}
    key, value = next(iter(typical.items()), (invented(kind.inside[0]), invented(kind.inside[1])))
    found: dict[str, Any] = {"empty": {}, "one element": {key: value}}
    found |= {f"{name} as a key": {each: value} for name, each in edges_of(kind.inside[0], key).items()}
    return found | {f"{name} as a value": {key: each} for name, each in edges_of(kind.inside[1], value).items()}


def edges_of_tuple(kind: Kind, typical: Any) -> dict[str, Any]:
    """Edge cases of a tuple: each place that has such a value has it at once."""
    values = typical if type(typical) is tuple and len(typical) == len(kind.inside) else invented(kind)
    by_place = [edges_of(each, value) for each, value in zip(kind.inside, values)]
    names = dict.fromkeys(name for each in by_place for name in each)
    return {name: tuple(each.get(name, value) for each, value in zip(by_place, values)) for name in names}


def edges_of_array(kind: Kind) -> dict[str, Any]:
    """Edge cases of an array: no element, one, and elements that are edge cases of its type."""
    import numpy as np

    found = {"empty": array_of(kind, 0, 0), "one element": array_of(kind, 1, 1)}
    dtype = np.dtype(kind.detail.rsplit(" ", 2)[0])
    values: dict[str, Any] = {}
    if dtype.kind == "f":
        values = {"negative": -1.5, "NaN": math.nan, "infinity": math.inf}
    elif dtype.kind in "iu":
        values = {"smallest": np.iinfo(dtype).min, "largest": np.iinfo(dtype).max}
    for name, value in values.items():
        found[name] = array_of(kind, 2, value)
    return found


def cases(names: Sequence[str], kinds: Sequence[Kind], typical: Sequence[Any]) -> dict[str, Mapping[int, Any]]:
    """By name, the values of the arguments that an edge case sets, by place; the others are typical.

    Arguments of one kind are set at once. Where there are several kinds, a name says which arguments are meant.
    """
    groups: dict[str, list[int]] = {}
    for place, kind in enumerate(kinds):
        if writable(kind):
            groups.setdefault(str(kind), []).append(place)
    found: dict[str, Mapping[int, Any]] = {}
    for places in groups.values():
        by_place = {place: edges_of(kinds[place], typical[place]) for place in places}
        for name in dict.fromkeys(name for each in by_place.values() for name in each):
            values = {place: each[name] for place, each in by_place.items() if name in each}
            said = name if len(kinds) == 1 else f"{' and '.join(names[place] for place in values)}: {name}"
            found[said] = values
    return found
