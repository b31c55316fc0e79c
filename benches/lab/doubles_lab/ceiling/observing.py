"""Observes a function in a process of its own: the kinds of what it takes and returns, and how it behaves."""

from __future__ import annotations

import contextlib
import inspect
import io
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from doubles_lab.ceiling.examples import alike, consumed, examples_of, function_at
from doubles_lab.implementation import Unavailable
from doubles_lab.observed import DEEPEST, MOST, Called, Kind, kind_of, only, reading
from doubles_lab.problem import Call, exact

Reply = dict[str, Any]


class Refused(Exception):
    """A function or an example of which no ceiling can be found. Its text says why."""


@dataclass(frozen=True)
class Observation:
    """What an example showed."""

    example: str
    names: tuple[str, ...]
    arguments: tuple[Kind, ...]
    #: The length of each argument, or its value if it is a whole number; ``None`` if it has neither.
    lengths: tuple[int | None, ...]
    #: The same in UTF-8, for a str.
    utf8: tuple[int | None, ...]
    result: Any
    returned: Kind
    #: Whether a second call gave an equal result, and one of the same type and length.
    same: bool
    same_shape: bool
    changes: bool
    #: Whether most of what is inside of the result are objects of the arguments, which cost nothing to make.
    shares: bool
    printed: bool
    copied: bool
    #: How often the callable at each place was called back, and with what first.
    calls: tuple[int, ...]
    called_with: tuple[tuple[Any, ...], ...]


class WithObservation:
    """Requests about a function that no one has measured yet."""

    def examples(self, target: str, named: Sequence[str]) -> Reply:
        """The names of the examples of a function, and how many of them a cache would have answered."""
        try:
            refuse(function_at(target))
            found = examples_of(target, named)
            keys = set()
            for each in found:
                call = each.make()
                try:
                    keys.add((call.args, tuple(call.kwargs.items())))
                except TypeError:
                    keys.clear()
                    break
        except (Unavailable, Refused) as reason:
            return {"refused": str(reason)}
        except ImportError as error:
            return {"refused": f"{target} cannot be imported: {error}"}
        except Exception as error:  # the user's own module, or what makes the examples
            return {"refused": f"the examples cannot be made: {type(error).__name__}: {error}"}
        return {"names": [each.name for each in found], "repeated": len(found) - len(keys) if keys else None}

    def observe(self, target: str, named: Sequence[str], name: str, path: str) -> Reply:
        """Calls a function with an example, and writes what that showed to a file."""
        function = consumed(function_at(target))
        example = next(each for each in examples_of(target, named) if each.name == name)
        try:
            seen = observed(function, example.make, name)
        except Refused as reason:
            return {"refused": str(reason)}
        except Exception as error:  # the function's own
            said = f": {error}" if str(error) else ""
            return {"refused": f"it raises {type(error).__name__}{said}"}
        try:
            data = pickle.dumps(seen)
        except Exception:
            return {"refused": f"it gives {seen.returned}, which cannot be copied to another process"}
        Path(path).write_bytes(data)
        return {}


def refuse(function: Callable[..., Any]) -> None:
    """Raises :class:`Refused` for what is no plain function."""
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise Refused("it is async: native code computes while nothing else runs; name the function that computes")
    if isinstance(function, type):
        raise Refused("it is a class: name a function, or a method of an object, as in module:object.method")


def refuse_arguments(function: Callable[..., Any], call: Call, name: str) -> None:
    """Raises :class:`Refused` where an example has other arguments than the function takes."""
    try:
        taken = inspect.signature(function)
    except (TypeError, ValueError):  # a function without a signature says it when it is called
        return
    try:
        taken.bind(*call.args)
    except TypeError as error:
        parameters = ", ".join(taken.parameters) or "nothing"
        hint = ""
        if next(iter(taken.parameters), "") == "self":
            hint = "; name the method of an object, as in module:object.method"
        elif len(taken.parameters) > 1 and len(call.args) == 1:
            hint = f"; for several arguments, make {name} a doubles_lab.Call({parameters})"
        given = f"{len(call.args)} argument{'' if len(call.args) == 1 else 's'}"
        raise Refused(f"it takes {parameters}, and {name} gives {given}: {error}{hint}") from None


def observed(function: Callable[..., Any], make: Callable[[], Call], name: str) -> Observation:
    """What calls with an example show. Raises :class:`Refused`, and what the function raises."""
    call = make()
    if call.kwargs:
        raise Refused(f"it takes {next(iter(call.kwargs))} by keyword alone: name a function that takes it by position")
    refuse_arguments(function, call, name)
    kinds = tuple(map(kind_of, call.args))
    if any(each.name == "iterator" for each in kinds):
        raise Refused("an argument is an iterator, which one call uses up: give a list")
    before = kept(call)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        result = function(*call.args)
        if inspect.isawaitable(result):
            raise Refused("it gives a coroutine: name the function that computes")
        if hasattr(result, "__next__"):
            raise Refused(
                "it gives an iterator, which costs nothing before somebody goes through it: give a function that does"
            )
        after = kept(call)
        calls = [Called(each) if kind.name == "callable" else each for kind, each in zip(kinds, make().args)]
        second = function(*calls)
        found: dict[str, list[str]] = {}
        with contextlib.suppress(Exception):  # a class that does not stand to be watched
            function(*(reading(each, found) for each in make().args))
    returned = kind_of(result)
    backs = [each if isinstance(each, Called) else Called(len) for each in calls]
    return Observation(
        name,
        parameters(function, len(call.args)),
        tuple(only(kind, {each: read for each, read in found.items() if read}) for kind in kinds),
        tuple(map(length, call.args)),
        tuple(
            len(each.encode("utf-8", "surrogatepass")) if isinstance(each, str) else length(each) for each in call.args
        ),
        result,
        returned,
        exact(second, result),
        alike(second, result),
        before is not None and before != after,
        shares(result, call),
        bool(out.getvalue()),
        before is not None,
        tuple(each.calls for each in backs),
        tuple(each.arguments for each in backs),
    )


def shares(result: Any, call: Call) -> bool:
    """Whether at least half of what is inside of a result are objects of the arguments, and the result is not one."""
    there = {id(each) for each in within(list(call.args), MOST) if not common(each)}
    own = [each for each in within(result, 1000) if not common(each)]
    return bool(own) and 2 * sum(id(each) in there for each in own) >= len(own)


def common(value: Any) -> bool:
    """Whether there is one object alone of a value, wherever it comes from."""
    return (
        value is None
        or type(value) is bool
        or (type(value) is int and -5 <= value <= 256)
        or (type(value) in (str, bytes) and len(value) < 2)
    )


def within(value: Any, most: int, depth: int = 0) -> Iterator[Any]:
    """What is inside of a value and has nothing inside, from so many elements of each collection."""
    if isinstance(value, (list, tuple, set, frozenset, dict)) and depth < DEEPEST:
        for each in islice(value, most):
            yield from within(each, most, depth + 1)
        for each in islice(value.values(), most) if isinstance(value, dict) else ():
            yield from within(each, most, depth + 1)
    elif depth:
        yield value


def kept(call: Call) -> bytes | None:
    """The arguments as bytes, without those that are called; ``None`` where some cannot be copied."""
    try:
        return pickle.dumps([each for each in call.args if not callable(each)])
    except Exception:
        return None


def length(value: Any) -> int | None:
    """The length of a value, the items of an array, a whole number itself; ``None`` for what has none."""
    if hasattr(value, "dtype") and hasattr(value, "size"):
        return int(value.size)
    if type(value) is int:
        return value if abs(value) < 1 << 62 else None
    return len(value) if hasattr(value, "__len__") else None


def parameters(function: Callable[..., Any], count: int) -> tuple[str, ...]:
    """The names of the first arguments."""
    try:
        found = [
            each.name
            for each in inspect.signature(function).parameters.values()
            if each.kind <= each.POSITIONAL_OR_KEYWORD
        ]
    except (TypeError, ValueError):
        found = []
    return tuple([*found, *(f"value{place}" for place in range(len(found), count))][:count])
