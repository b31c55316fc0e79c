"""Hypothesis strategies for the calls of a problem: its own, or others that follow what its inputs are like.

What is generated goes no further than the inputs and the edge cases that the reference takes: ints to the next power of
two, negative numbers, NaN and infinities if there are some, characters of the same width in memory, lone surrogates if
there are some. Text is made of words and characters that were seen and of others. Lengths that are the same in every
call stay the same.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from doubles_lab.observed import Kind
from doubles_lab.problem import Call, Problem, exact
from doubles_lab.seen import Seen, Signature, changed, signatures

Strategy = st.SearchStrategy[Any]

#: The most elements or characters that are generated, and the fewest that are allowed.
LONGEST, SHORTEST = 40, 8
#: By how CPython stores a str, the largest character.
LARGEST = {"ascii": 0x7F, "latin-1": 0xFF, "2": 0xFFFF, "4": 0x10FFFF}
#: Steps from 0 to the largest float where results are compared approximately: few enough for sums of them to be exact.
STEPS = 1 << 20


class CannotGenerate(Exception):
    """Arguments that cannot be made up. Its text says why."""


def of_problem(problem: Problem, calls: Iterable[Call]) -> tuple[Strategy, str]:
    """The calls of a problem, and what they are of in words: by its own strategy, or like ``calls``.

    Raises :class:`CannotGenerate`.
    """
    if problem.strategies is not None:
        return problem.strategies().map(Call.of), "its own strategy"
    seen = signatures(calls)
    if not any(each.arguments for each in seen):
        raise CannotGenerate("it takes no arguments")
    rough = problem.equal is not exact
    return st.one_of([calls_like(each, rough) for each in seen]), " or ".join(f"({each})" for each in seen)


def calls_like(signature: Signature, rough: bool) -> Strategy:
    """Calls whose arguments are like those seen. ``rough`` says that results are compared approximately."""
    groups, fixed = signature.groups(), signature.fixed()
    count, names = signature.shape
    most = {
        number: most_of(signature.arguments[place] for (place, _), each in groups.items() if each == number)
        for number in groups.values()
    }
    shared = {number for number in groups.values() if list(groups.values()).count(number) > 1}

    @st.composite
    def made(draw: Any) -> Call:
        drawn: dict[int, int] = {}
        values = []
        for place, seen in enumerate(signature.arguments):
            axes = sorted(axis for at, axis in groups if at == place)
            sizes = []
            for axis in axes:
                number = groups[place, axis]
                if number not in drawn:
                    size = fixed.get((place, axis))
                    drawn[number] = draw(st.integers(0, most[number])) if size is None else size
                sizes.append(drawn[number])
            # A length that nothing else has is left to the strategy itself, which shrinks it better.
            free = len(axes) == 1 and groups[place, 0] not in shared and (place, 0) not in fixed
            values.append(draw(of_kind(seen.kind, Like(seen, rough), None if free else tuple(sizes))))
        return Call(*values[:count], **dict(zip(names, values[count:])))

    return made()


def most_of(seen: Iterable[Seen]) -> int:
    """The greatest length that is generated."""
    return max(SHORTEST, min(LONGEST, *(each.longest for each in seen), LONGEST))


class Like:
    """Strategies for the simple values in an argument."""

    def __init__(self, seen: Seen, rough: bool) -> None:
        self.seen, self.rough = seen, rough
        self.most = most_of([seen])

    def ints(self) -> tuple[int, int]:
        """The bounds of ints."""
        low, high = self.seen.ints or (0, 0)
        reach = 1 << max(low.bit_length(), high.bit_length(), 1)
        return (-reach if low < 0 else 0), reach - 1

    def floats(self, width: int = 64) -> Strategy:
        """Floats: any between the bounds, or steps whose sums are exact in any order if results may differ by that."""
        reach = 2.0 ** min(math.frexp(max(self.seen.magnitude, 1.0))[1], 1023 if width == 64 else 127)
        # What is wrong for small ones, such as a float that is taken for an int, must be seen.
        if self.rough:
            step = reach / STEPS
            found = st.integers(-STEPS if self.seen.negative else 0, STEPS).map(lambda steps: steps * step)
        else:
            low = -reach if self.seen.negative else 0.0
            found = st.floats(low, reach, allow_nan=False, allow_infinity=False, width=64 if width == 64 else 32)
        others = [math.nan] * self.seen.nan + [math.inf] * self.seen.infinite
        others += [-math.inf] * (self.seen.infinite and self.seen.negative)
        return st.one_of(found, st.sampled_from(others)) if others else found

    def characters(self, storage: str) -> Strategy:
        """Characters: those seen, and any that are no wider."""
        known = sorted({c for piece in self.seen.pieces for c in piece})
        largest = LARGEST[storage]
        any_one = st.characters(max_codepoint=largest, exclude_categories=["Cs"])
        if self.seen.surrogates:
            any_one = st.characters(max_codepoint=largest, exclude_categories=[])
        return st.one_of(any_one, st.sampled_from(known)) if known else any_one

    def text(self, storage: str, size: int | None) -> Strategy:
        """Text of characters and of pieces that were seen."""
        character = self.characters(storage)
        if size is not None:
            return st.lists(character, min_size=size, max_size=size).map("".join)
        pieces = sorted(self.seen.pieces, key=lambda piece: (len(piece), piece))
        piece = st.one_of(character, st.sampled_from(pieces)) if pieces else character
        return st.lists(piece, max_size=self.most).map("".join)

    def binary(self, size: int | None) -> Strategy:
        """Bytes, likewise."""
        if size is not None:
            return st.binary(min_size=size, max_size=size)
        chunks = sorted(self.seen.chunks, key=lambda chunk: (len(chunk), chunk))
        one = st.binary(min_size=1, max_size=1)
        chunk = st.one_of(one, st.sampled_from(chunks)) if chunks else one
        return st.lists(chunk, max_size=self.most).map(b"".join)

    def sampled(self, name: str) -> Strategy:
        """Values that were seen, of a type that cannot be made up."""
        if not self.seen.samples.get(name):
            raise CannotGenerate(f"values of type {name} cannot be made up")
        return st.sampled_from(self.seen.samples[name])


def of_kind(kind: Kind, like: Like, sizes: tuple[int, ...] | None = None) -> Strategy:
    """Values of a kind; of these lengths, if there are any. Raises :class:`CannotGenerate`."""
    size = sizes[0] if sizes else None
    inside = functools.partial(of_kind, like=like)
    if kind.name == "None":
        return st.none()
    if kind.name == "bool":
        return st.booleans()
    if kind.name == "int":
        return st.integers(*like.ints())
    if kind.name == "float":
        return like.floats()
    if kind.name == "complex":
        return st.builds(complex, like.floats(), like.floats())
    if kind.name == "str":
        return like.text(kind.detail, size)
    if kind.name in ("bytes", "bytearray"):
        made = like.binary(size)
        return made if kind.name == "bytes" else made.map(bytearray)
    if kind.name == "list":
        return lists(kind.inside[0], like, size)
    if kind.name in ("set", "frozenset"):
        if kind.inside[0].name == "nothing":
            return st.builds(set if kind.name == "set" else frozenset)
        collected = st.sets if kind.name == "set" else st.frozensets
        return collected(inside(kind.inside[0]), max_size=most_different(kind.inside[0], like))
    if kind.name == "dict":
        if kind.inside[0].name == "nothing":
            return st.builds(dict)
        most = most_different(kind.inside[0], like)
        return st.dictionaries(inside(kind.inside[0]), inside(kind.inside[1]), max_size=most)
    if kind.name == "tuple":
        return st.tuples(*map(inside, kind.inside))
    if kind.name == "array":
        return arrays(kind, like, sizes)
    if kind.name == "object":
        parts = {name: inside(each) for name, each in zip(kind.attributes, kind.inside)}
        return st.builds(changed, like.sampled(kind.detail), st.fixed_dictionaries(parts))
    if kind.name == "mixed":
        return st.one_of(list(map(inside, kind.inside)))
    if kind.name == "iterator":
        raise CannotGenerate("an iterator cannot be copied to another process")
    return like.sampled(kind.detail)


def most_different(kind: Kind, like: Like) -> int:
    """How many different values of a kind are asked for: no more than half of those that there are."""
    if kind.name == "int":
        low, high = like.ints()
        return max(1, min(like.most, (high - low) // 2))
    return 1 if kind.name in ("bool", "None") else like.most


def lists(inner: Kind, like: Like, size: int | None) -> Strategy:
    """Lists, whose own lists are all as long as each other if they always were."""
    if inner.name == "nothing":
        return st.builds(list)
    least, most = (0, like.most) if size is None else (size, size)
    if inner.name == "list" and like.seen.rectangular:

        def rows(width: int) -> Strategy:
            return st.lists(of_kind(inner, like, (width,)), min_size=least, max_size=most)

        return st.integers(0, like.most).flatmap(rows)
    return st.lists(of_kind(inner, like), min_size=least, max_size=most)


def arrays(kind: Kind, like: Like, sizes: tuple[int, ...] | None) -> Strategy:
    """Arrays of NumPy, laid out in memory as those seen."""
    import numpy as np
    from hypothesis.extra import numpy as of_numpy

    name, axes, layout = kind.detail.rsplit(" ", 2)
    try:
        dtype = np.dtype(name)
    except TypeError:
        raise CannotGenerate(f"an array of {name} cannot be made up") from None
    shape: Any = sizes
    if not sizes or len(sizes) != int(axes):
        shape = st.tuples(*[st.integers(0, like.most)] * int(axes))
    elements: Any = None
    if dtype.kind in "iu":
        (low, high), held = like.ints(), np.iinfo(dtype)
        elements = st.integers(max(low, int(held.min)), min(high, int(held.max)))
    elif dtype.kind == "f" and dtype.itemsize >= 4:
        elements = like.floats(32 if dtype.itemsize == 4 else 64).map(dtype.type)
    elif dtype.kind == "O":
        raise CannotGenerate("an array of objects cannot be made up")
    made = of_numpy.arrays(dtype, shape, elements=elements)
    if layout == "F":
        return made.map(np.asfortranarray)
    return made if layout == "C" else made.map(strided)


def strided(array: Any) -> Any:
    """The same values with as many others between them in memory."""
    import numpy as np

    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]
