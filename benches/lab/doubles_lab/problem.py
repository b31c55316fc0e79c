"""What a problem is: a function to speed up, what it is called with, and when two results are equal.

This is what the file ``problem.py`` of a problem's folder imports. A problem has

- a *reference*: the function in plain Python, which defines the right result;
- *inputs*: what it is called with while it is timed. A *sized* input exists at several sizes;
- *variants* of its inputs: the same question asked in another form, such as a NumPy array in place of a list;
- *edge cases*: what it is called with to find out whether an implementation is right, and never timed;
- what *equal* means.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

#: A judge of two results: what an implementation gave, and what the reference gave.
Equal = Callable[[Any, Any], bool]


class Call:
    """The arguments of one call. What an input makes that is no ``Call`` is the only argument."""

    __slots__ = ("args", "kwargs")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args = args
        self.kwargs = kwargs

    @classmethod
    def of(cls, made: Any) -> Call:
        """What an input made, as a call."""
        return made if isinstance(made, Call) else cls(made)

    def __call__(self, function: Callable[..., Any]) -> Any:
        """What a function gives for these arguments."""
        return function(*self.args, **self.kwargs)

    def __repr__(self) -> str:
        named = [f"{name}={shortened(value)}" for name, value in self.kwargs.items()]
        return f"({', '.join([*map(shortened, self.args), *named])})"


@dataclass(frozen=True)
class Input:
    """What a function is called with, by name.

    ``make`` takes nothing, or the size where there are ``sizes``, and must make equal arguments each time and on every
    machine: draw from :mod:`doubles_lab.sequence`, or from ``random.Random`` with a seed.
    """

    name: str
    make: Callable[..., Any]
    #: The sizes that it exists at, in ascending order; none if it has one alone.
    sizes: tuple[int, ...] = ()
    about: str = ""
    #: Whether each call gets arguments of its own, since the function changes them. Making them is not timed.
    fresh: bool = False
    tags: tuple[str, ...] = ()

    @classmethod
    def sized(
        cls,
        name: str,
        make: Callable[[int], Any],
        sizes: Sequence[int],
        about: str = "",
        *,
        fresh: bool = False,
        tags: Sequence[str] = (),
    ) -> Input:
        """An input that exists at several sizes: ``Input.sized("zeros", lambda n: [0.0] * n, [1, 100, 10_000])``."""
        if not sizes or any(type(size) is not int or size < 0 for size in sizes):
            raise ValueError(f"the sizes of the input {name!r} are whole numbers from 0 on, not {list(sizes)!r}")
        return cls(name, make, tuple(sorted(set(sizes))), about, fresh, tuple(tags))

    @classmethod
    def of(cls, name: str, *args: Any, **kwargs: Any) -> Input:
        """An input of just these arguments: ``Input.of("small", 1, 2)``. They must not be changed."""
        return cls(name, lambda: Call(*args, **kwargs))

    def call(self, size: int | None = None) -> Call:
        """The arguments, made anew; of the largest size where there are sizes and none is given."""
        if not self.sizes:
            return Call.of(self.make())
        return Call.of(self.make(self.sizes[-1] if size is None else size))


@dataclass(frozen=True)
class Variant:
    """Another form of a problem's inputs, for implementations that take that: it is made beforehand and not timed."""

    name: str
    #: Makes the arguments of this form, from those of the input. Raises ``ValueError`` where there are none.
    make: Callable[[Call], Any]
    about: str = ""
    #: What this form must give, where that is not what the reference gives for the input: a function of the same
    #: arguments as the reference.
    reference: Callable[..., Any] | None = None


def exact(result: Any, expected: Any) -> bool:
    """Equal by value and type, and so is everything inside. Two NaN are equal, 0.0 and -0.0 are not.

    The order of a dict or a set does not matter, as for ``==``.
    """
    return _alike(result, expected, exact)


def _alike(result: Any, expected: Any, equal: Equal) -> bool:
    """Whether two values are of one type, and ``equal`` finds that what is inside of them is."""
    if type(result) is not type(expected):
        return False
    if isinstance(expected, float):
        return same_float(result, expected)
    if isinstance(expected, complex):
        return same_float(result.real, expected.real) and same_float(result.imag, expected.imag)
    if isinstance(expected, (list, tuple)):
        return len(result) == len(expected) and all(map(equal, result, expected))
    if isinstance(expected, Mapping):
        keys = {key: key for key in result}
        return len(result) == len(expected) and all(
            key in keys and type(keys[key]) is type(key) and equal(result[key], value)
            for key, value in expected.items()
        )
    if isinstance(expected, (set, frozenset)):
        return bool(result == expected) and set(map(type, result)) == set(map(type, expected))
    if hasattr(expected, "dtype") and hasattr(expected, "tobytes"):
        return (result.dtype, result.shape) == (expected.dtype, expected.shape) and same_bits(result, expected)
    return bool(result == expected)


def same_float(one: float, other: float) -> bool:
    """Whether two floats are the same one."""
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return one == other and math.copysign(1, one) == math.copysign(1, other)


def same_bits(one: Any, other: Any) -> bool:
    """Whether two arrays of the same type and shape hold the same, NaN included."""
    return bool(((one == other) | ((one != one) & (other != other))).all())


def approximately(relative: float = 1e-9, absolute: float = 0.0) -> Equal:
    """Equal as far as floats may differ by the order of their sums; everything else as for :func:`exact`.

    Two floats are equal if they differ by no more than ``relative`` of the larger, or by ``absolute``. A NumPy float is
    taken for a float, and an array is compared item by item.
    """

    def equal(result: Any, expected: Any) -> bool:
        if hasattr(expected, "dtype") and getattr(expected, "shape", None):
            return getattr(result, "shape", None) == expected.shape and equal(result.tolist(), expected.tolist())
        if isinstance(expected, float):
            if not isinstance(result, float):
                return False
            if math.isnan(expected):
                return math.isnan(result)
            return math.isclose(result, expected, rel_tol=relative, abs_tol=absolute)
        return _alike(result, expected, equal)

    return equal


Named = TypeVar("Named", Input, Variant)


@dataclass(frozen=True)
class Problem:
    """A function to speed up."""

    reference: Callable[..., Any]
    inputs: Sequence[Input]
    equal: Equal = exact
    #: By name: the arguments as a ``Call``, or the only argument; or an ``Input`` that makes them.
    edge_cases: Mapping[str, Any] = field(default_factory=dict)
    variants: Sequence[Variant] = ()
    #: The answers that implementations give, by name, where they do not all answer the same question: each a function
    #: of the same arguments. The first is the reference.
    units: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    #: That of the reference, if there is no other. Functions of that name are its implementations.
    name: str = ""
    about: str = ""
    #: What goes in and what comes out, as annotations have it: ``list[float] -> float``; and what that shows, in a
    #: sentence. The atlas has the bundled problems that name their shape.
    shape: str = ""
    shows: str = ""
    #: The cases that the atlas has, by name (``small-10`` is the input ``small`` at size 10) or glob. Without it, those
    #: that ``doubles-lab run`` takes if none is named.
    atlas: Sequence[str] = ()
    #: What a caller does with a result, such as ``sum`` or ``list`` with an iterator: it is timed as well, and what it
    #: gives is compared. Without it an iterator would be timed before it has given anything.
    consume: Callable[[Any], Any] | None = None
    #: Returns a strategy of hypothesis, whose values are ``Call`` objects or the only argument: implementations are
    #: verified on those besides. Without it they are like the inputs and edge cases.
    strategies: Callable[[], Any] | None = None

    def __post_init__(self) -> None:
        if not callable(self.reference):
            raise TypeError(f"the reference of a problem is a function, not {self.reference!r}")
        if not self.name:
            object.__setattr__(self, "name", self.reference.__name__)
        if not self.about:
            object.__setattr__(self, "about", (self.reference.__doc__ or "").strip().partition("\n")[0].rstrip("."))
        if self.strategies is not None and not callable(self.strategies):
            raise TypeError(f"the strategies of the problem {self.name} are a function that returns a strategy")
        if self.units and next(iter(self.units.values())) is not self.reference:
            raise ValueError(f"the first unit of the problem {self.name} is not that of its reference")
        if not self.inputs:
            raise ValueError(f"the problem {self.name} has no inputs")
        for kind, names in (
            ("input", [each.name for each in self.inputs]),
            ("variant", [each.name for each in self.variants]),
        ):
            if twice := {name for name in names if names.count(name) > 1}:
                raise ValueError(f"the problem {self.name} has two {kind}s that are called {min(twice)!r}")

    def input(self, name: str) -> Input:
        """The input of that name. Raises ``KeyError``."""
        return self._named(self.inputs, name, "input")

    def variant(self, name: str) -> Variant:
        """The variant of that name. Raises ``KeyError``."""
        return self._named(self.variants, name, "variant")

    def consuming(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function together with what is done with its result, if something is."""
        consume = self.consume
        if consume is None:
            return function

        def consuming(*args: Any, **kwargs: Any) -> Any:
            return consume(function(*args, **kwargs))

        return consuming

    def _named(self, items: Sequence[Named], name: str, kind: str) -> Named:
        for each in items:
            if each.name == name:
                return each
        raise KeyError(f"the problem {self.name} has no {kind} {name!r}")


def shortened(value: Any, most: int = 60) -> str:
    """A value as Python writes it, cut where it is long."""
    if isinstance(value, (str, bytes)) and len(value) > most:
        return f"{value[: most // 2]!r}… ({len(value):,} long)"
    if isinstance(value, (list, tuple)) and len(value) > 6:
        return f"{type(value).__name__} of {len(value):,}: {shortened(value[0], most // 2)}, …"
    try:
        text = repr(value)
    except Exception as error:  # an object of the user's
        text = f"<{type(value).__name__}, whose repr raises {type(error).__name__}>"
    return text if len(text) <= most else f"{text[:most]}…"


#: Sequences of which only the first place is shown where they are not equal, from this length on.
LONG = 7


def told_apart(result: Any, expected: Any, equal: Equal = exact) -> str:
    """What a result is and must be, or where the two differ first if they are long sequences of one type."""
    kinds = type(result).__name__, type(expected).__name__
    of = [f" ({kind})" if kinds[0] != kinds[1] else "" for kind in kinds]
    if isinstance(expected, (list, tuple, str, bytes)) and kinds[0] == kinds[1] and len(expected) >= LONG:
        same = (bool(equal(*pair)) for pair in zip(result, expected))
        place = next((i for i, each in enumerate(same) if not each), min(len(result), len(expected)))
        of[0] = f" at {place:,}"
        result, expected = result[place : place + 1], expected[place : place + 1]
    return f"gives {shortened(result)}{of[0]} and must give {shortened(expected)}{of[1]}"
