"""What a function is called with to find its ceiling: what the user names, or the inputs of a problem's folder."""

from __future__ import annotations

import copy
import functools
import inspect
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from doubles_lab import registry
from doubles_lab.folder import read
from doubles_lab.implementation import Unavailable
from doubles_lab.problem import Call

#: The sizes of an example that is made by size.
SIZES = (10, 1_000, 100_000)
#: Elements of a result whose types are looked at.
LOOKED = 100


@dataclass(frozen=True)
class Example:
    """Arguments by name, made anew each time."""

    name: str
    make: Callable[[], Call]
    #: What the user named, ``module:name``; "" for the input of a problem.
    spec: str = ""
    #: Whether that is a function that is called to make it, and with which size, if it takes one.
    called: bool = False
    size: int | None = None
    #: Its place or key where that is or makes several.
    key: Any = None


def function_at(target: str) -> Callable[..., Any]:
    """The function that ``module:function`` names, or the reference of a problem's folder. A generator is consumed.

    Raises :class:`doubles_lab.implementation.Unavailable` with the reason where there is none.
    """
    if Path(target).is_dir():
        return read(Path(target)).problem.reference
    return registry.function_of(target)


def consumed(function: Callable[..., Any]) -> Callable[..., Any]:
    """A generator function as one that returns the list of what it yields; any other as it is."""
    if not inspect.isgeneratorfunction(function):
        return function

    @functools.wraps(function)
    def to_the_end(*args: Any) -> list[Any]:
        return list(function(*args))

    return to_the_end


def examples_of(target: str, named: Sequence[str]) -> list[Example]:
    """The examples of a function, in the order in which they are named.

    Raises :class:`doubles_lab.implementation.Unavailable` with the reason where there are none.
    """
    found: list[Example] = []
    if Path(target).is_dir():
        problem = read(Path(target)).problem
        for each in problem.inputs:
            if not named or each.name in named:
                for size in each.sizes or (None,):
                    name = each.name if size is None else f"{each.name}-{size}"
                    found.append(Example(name, functools.partial(each.call, size)))
        if lost := [name for name in named if name not in {each.name for each in problem.inputs}]:
            raise Unavailable(f"the problem {problem.name} has no input {lost[0]!r}")
    else:
        for name in named:
            found += _of_one(name)
    function = function_at(target)
    names = _distinct([each.name for each in found])
    return [
        replace(each, name=name, make=functools.partial(by_position, function, each.make))
        for name, each in zip(names, found)
    ]


def _distinct(names: Sequence[str]) -> list[str]:
    """The names, with a number behind each that was there before."""
    found: list[str] = []
    for name in names:
        number = itertools.count(2)
        made = name or "example"
        while made in found:
            made = f"{name}-{next(number)}"
        found.append(made)
    return found


def _of_one(spec: str) -> list[Example]:
    """The examples that ``module:name`` is or makes."""
    value, name = registry.value_of(spec), spec.rpartition(":")[2].rpartition(".")[2]
    if not callable(value) or isinstance(value, Call):
        return [replace(each, spec=spec) for each in _several(name, lambda: copied(value))]
    try:
        needed = [
            each
            for each in inspect.signature(value).parameters.values()
            if each.default is each.empty and each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
        ]
    except (TypeError, ValueError):
        needed = []
    if len(needed) > 1:
        raise Unavailable(
            f"the example {spec} is called with nothing or with a size, and takes {len(needed)} arguments"
        )
    if not needed:
        return [replace(each, spec=spec, called=True) for each in _several(name, value)]

    def sized(size: int) -> Example:
        return Example(f"{name}-{size}", lambda: Call.of(value(size)), spec, True, size)

    return list(map(sized, SIZES))


def _several(name: str, make: Callable[[], Any]) -> list[Example]:
    """One example, or as many as there are calls in the list or the dict that ``make`` gives."""
    made = make()

    def at(key: Any, called: str) -> Example:
        return Example(called, lambda: make()[key], key=key)

    if isinstance(made, (list, tuple)) and made and all(isinstance(each, Call) for each in made):
        return [at(place, f"{name}-{place}") for place in range(len(made))]
    if isinstance(made, dict) and made and all(isinstance(each, Call) for each in made.values()):
        return [at(key, "-".join(str(key).split())) for key in made]
    return [Example(name, lambda: Call.of(make()))]


def copied(value: Any) -> Any:
    """A copy, for calls that change it to leave the value alone; the value itself where it cannot be copied."""
    if isinstance(value, Call):
        return Call(*map(copied, value.args), **{name: copied(each) for name, each in value.kwargs.items()})
    if isinstance(value, (list, tuple)) and value and all(isinstance(each, Call) for each in value):
        return type(value)(map(copied, value))
    try:
        return copy.deepcopy(value)
    except Exception:  # what cannot be copied is shared
        return value


def by_position(function: Callable[..., Any], make: Callable[[], Call]) -> Call:
    """The arguments of a call with all that can be given by position given so, as the floors take them."""
    call = make()
    if not call.kwargs:
        return call
    try:
        bound = inspect.signature(function).bind(*call.args, **call.kwargs)
    except (TypeError, ValueError):
        return call
    return Call(*bound.args, **bound.kwargs)


def example(target: str, named: Sequence[str], name: str) -> Callable[[], Call]:
    """What makes the example of that name, which is looked for when it is called first."""

    @functools.cache
    def found() -> Example:
        return next(each for each in examples_of(target, named) if each.name == name)

    return lambda: found().make()


def arrays(dtypes: Mapping[int, str]) -> Callable[[Call], Call]:
    """What makes an array of each list of numbers among some arguments: by its place, the type of the elements."""

    def make(call: Call) -> Call:
        import numpy as np

        return Call(*(np.array(each, dtypes[i]) if i in dtypes else each for i, each in enumerate(call.args)))

    return make


def alike(one: Any, other: Any) -> bool:
    """Whether two results are of one type and one size: what floors are held to, since they compute nothing."""
    if type(one) is not type(other):
        return False
    if hasattr(other, "dtype") and hasattr(other, "shape"):
        return bool(one.dtype == other.dtype and one.shape == other.shape)
    if not hasattr(other, "__len__"):
        return True
    return len(one) == len(other) and _within(one) <= _within(other)


def _within(value: Any) -> set[Any]:
    """The types of some of what is inside of a collection, and inside of that."""
    if isinstance(value, dict):
        return {(*_types(key), *_types(value[key])) for key in islice(value, LOOKED)}
    if isinstance(value, (list, tuple, set, frozenset)):
        return {_types(each) for each in islice(value, LOOKED)}
    return set()


def _types(value: Any) -> tuple[type, ...]:
    return type(value), *(map(type, value) if isinstance(value, tuple) else ())


def either(one: Any, other: Any) -> bool:
    """As :func:`alike` where a function gives results of several types or sizes: nothing is held to the size."""
    return one is not None or other is None
