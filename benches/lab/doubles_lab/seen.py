"""What the arguments of calls are like besides their types: how far numbers go, how long lists are, what is in text.

Generated inputs go no further: what a problem's own inputs and edge cases do not have, its functions need not take.
"""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from doubles_lab.observed import NOTHING, Kind, attributes_of, join, kind_of
from doubles_lab.problem import Call

#: Elements of one value that are looked at, from its beginning, and how deep.
MOST, DEEPEST = 2_000, 8
#: Pieces of text that are kept, and characters of a text that they are taken from.
PIECES, TEXT = 60, 4_000
#: Values that are kept of a type that cannot be made up.
SAMPLES = 8


@dataclass
class Seen:
    """What is inside of the values that one argument had."""

    kind: Kind = NOTHING
    #: The smallest and the largest int; ``None`` if there is none.
    ints: tuple[int, int] | None = None
    #: The largest magnitude of a finite float, and of what floats there are besides positive ones.
    magnitude: float = 0.0
    negative: bool = False
    nan: bool = False
    infinite: bool = False
    surrogates: bool = False
    #: Words, and what lies between them.
    pieces: dict[str, None] = field(default_factory=dict)
    #: The same of bytes.
    chunks: dict[bytes, None] = field(default_factory=dict)
    longest: int = 0
    #: Whether lists in a list were all of one length each time, and lists with more than one there were.
    rectangular: bool | None = None
    #: By the name of their class, objects and other values that cannot be made up.
    samples: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, value: Any) -> None:
        """Another value of the argument."""
        self.kind = join(self.kind, kind_of(value))
        self._look(value, 0)

    def _look(self, value: Any, depth: int) -> None:
        if type(value) is int:
            low, high = self.ints or (value, value)
            self.ints = min(low, value), max(high, value)
        elif type(value) is float:
            self._look_at_float(value)
        elif type(value) is complex:
            self._look_at_float(value.real)
            self._look_at_float(value.imag)
        elif type(value) is str:
            self.longest = max(self.longest, len(value))
            self.surrogates = self.surrogates or re.search("[\ud800-\udfff]", value) is not None
            self._keep(self.pieces, re.findall(r"\w+|\W", value[:TEXT]))
        elif type(value) in (bytes, bytearray):
            self.longest = max(self.longest, len(value))
            self._keep(self.chunks, re.findall(rb"\w+|\W", bytes(value[:TEXT]), re.DOTALL))
        elif type(value).__name__ == "ndarray" and hasattr(value, "dtype"):
            self.longest = max(self.longest, *value.shape, 0)
            for each in value.reshape(-1)[:MOST].tolist() if value.dtype.kind in "biufc" else ():
                self._look(each, depth + 1)
        elif depth < DEEPEST:
            self._look_inside(value, depth)

    def _look_inside(self, value: Any, depth: int) -> None:
        if type(value) in (list, tuple, set, frozenset, dict):
            self.longest = max(self.longest, len(value))
            inner = {len(each) for each in value if type(each) is list} if type(value) is list else set()
            if inner and len(value) > 1:
                self.rectangular = self.rectangular is not False and len(inner) == 1
            every = [*value, *value.values()][: 2 * MOST] if type(value) is dict else list(value)[:MOST]
            for each in every:
                self._look(each, depth + 1)
            return
        kind = kind_of(value)
        if kind.name in ("object", "callable", "other"):
            known = self.samples.setdefault(kind.detail, [])
            if len(known) < SAMPLES:
                known.append(value)
            for each in attributes_of(value).values() if kind.name == "object" else ():
                self._look(each, depth + 1)

    def _look_at_float(self, value: float) -> None:
        self.nan = self.nan or math.isnan(value)
        self.infinite = self.infinite or math.isinf(value)
        self.negative = self.negative or math.copysign(1, value) < 0
        if math.isfinite(value):
            self.magnitude = max(self.magnitude, abs(value))

    def _keep(self, kept: dict[Any, None], found: Iterable[Any]) -> None:
        for each in found:
            if len(kept) == PIECES:
                return
            kept.setdefault(each)


#: How the arguments are passed: so many by position, and those by name.
Shape = tuple[int, tuple[str, ...]]


@dataclass
class Signature:
    """Calls that pass their arguments in the same way."""

    shape: Shape
    arguments: list[Seen]
    #: Of each call, the lengths of its arguments: by argument and axis.
    lengths: list[dict[tuple[int, int], int]] = field(default_factory=list)

    def __str__(self) -> str:
        count, names = self.shape
        kinds = [str(each.kind) for each in self.arguments]
        return ", ".join([*kinds[:count], *(f"{name}: {kind}" for name, kind in zip(names, kinds[count:]))])

    def groups(self) -> dict[tuple[int, int], int]:
        """Which lengths were the same in every call: of each argument and axis the number of its group."""
        if not self.lengths:
            return {}
        common = set.intersection(*map(set, self.lengths))
        vectors = {place: tuple(each[place] for each in self.lengths) for place in sorted(common)}
        numbers = {vector: number for number, vector in enumerate(dict.fromkeys(vectors.values()))}
        return {place: numbers[vector] for place, vector in vectors.items()}

    def fixed(self) -> dict[tuple[int, int], int]:
        """Lengths that never change, where others do: such as three coordinates of a point."""
        groups = self.groups()
        values = {place: {each[place] for each in self.lengths} for place in groups}
        if not any(len(each) > 1 for each in values.values()):
            return {}
        return {place: next(iter(each)) for place, each in values.items() if len(each) == 1 and max(each) > 0}


def signatures(calls: Iterable[Call]) -> list[Signature]:
    """What calls are like, by how they pass their arguments."""
    found: dict[Shape, Signature] = {}
    for call in calls:
        shape = len(call.args), tuple(call.kwargs)
        values: Sequence[Any] = (*call.args, *call.kwargs.values())
        if shape not in found:
            found[shape] = Signature(shape, [Seen() for _ in values])
        for seen, value in zip(found[shape].arguments, values):
            seen.add(value)
        found[shape].lengths.append(lengths_of(values))
    return list(found.values())


def lengths_of(values: Sequence[Any]) -> dict[tuple[int, int], int]:
    """The lengths of arguments that have one, by argument and axis."""
    found = {}
    for place, value in enumerate(values):
        if type(value) in (list, str, bytes, bytearray):
            found[place, 0] = len(value)
        elif type(value).__name__ == "ndarray" and hasattr(value, "shape"):
            found.update({(place, axis): length for axis, length in enumerate(value.shape)})
    return found


def changed(sample: Any, attributes: Mapping[str, Any]) -> Any:
    """An object like a sample, with other attributes."""
    made = copy.copy(sample)
    for name, value in attributes.items():
        object.__setattr__(made, name, value)
    return made
