"""Has a function observed on its examples, and works its signature out."""

from __future__ import annotations

import functools
import pickle
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doubles_lab.ceiling.observing import Observation
from doubles_lab.ceiling.signature import (
    READY,
    Argument,
    Row,
    Shape,
    Signature,
    named,
    number_list,
    ready,
    shape_of,
    word,
)
from doubles_lab.folder import import_from_here
from doubles_lab.measure.process import OBSERVER, Gone, Hung, Process, Scratch
from doubles_lab.observed import Kind, join

#: Examples that are called at most, and those that are raced: the smallest, the largest and one between.
CALLED, RACED = 9, 3

#: What remains for a function whose result no floor can return.
GO_ON = "doubles-lab new and run work without a ceiling"


class Refused(Exception):
    """A function whose ceiling cannot be found. Its text says why."""


class Unknown(Refused):
    """A function or an example that is not there."""


@dataclass(frozen=True)
class Observed:
    """What the examples of a function showed together."""

    signature: Signature
    #: By example, what the function gave.
    results: dict[str, Any]
    #: What is to be said of it, a sentence each.
    notes: tuple[str, ...]


def observe(target: str, named_examples: Sequence[str], limit: float, doing: Callable[[str], None]) -> Observed:
    """What a function's examples show, for its floors. ``limit`` is in seconds, for each example.

    Raises :class:`Refused` where nothing can be learnt from any.
    """
    seen, notes = observations(target, named_examples, limit, doing)
    return together(target, named_examples, seen, notes)


def observations(
    target: str, named_examples: Sequence[str], limit: float, doing: Callable[[str], None]
) -> tuple[list[Observation], list[str]]:
    """Calls a function with its examples, in a process of its own: what each showed, and what there is to say.

    All of them have as many arguments. Raises :class:`Refused` where nothing can be learnt from any.
    """
    import_from_here()  # for what examples give to be read here
    process = Process(serving=OBSERVER)
    notes: list[str] = []
    seen: list[Observation] = []
    try:
        try:
            listed = process.ask("examples", limit, target=target, named=list(named_examples))
        except Gone as end:
            raise Refused(f"{target} and its examples: {end}") from None
        if "raised" in listed:
            raise Unknown(f"{target} cannot be imported: {listed['raised']}: {listed['message']}")
        if "refused" in listed:
            raise Unknown(f"{target}: {listed['refused']}")
        names: list[str] = listed["names"]
        if not names:
            raise Unknown(f"{target} has no example: name one by --example module:name")
        if listed["repeated"] is not None and len(names) > RACED:
            share = listed["repeated"] / len(names)
            notes.append(f"functools.cache would answer {share:.0%} of the {len(names):,} examples")
        if len(names) > CALLED:
            notes.append(f"Of the {len(names):,} examples, {CALLED} were called")
        with Scratch() as scratch:
            for name in spread(names, CALLED):
                doing(f"calling it with {name}")
                path = scratch.write(b"")
                try:
                    reply = process.ask(
                        "observe", limit, target=target, named=list(named_examples), name=name, path=path
                    )
                except Gone as end:
                    longer = "; --timeout allows more" if isinstance(end, Hung) else ""
                    notes.append(f"Left out {name}: it {end}{longer}")
                    process.end()
                    process = Process(serving=OBSERVER)
                    continue
                if "raised" in reply:
                    notes.append(f"Left out {name}: it raises {reply['raised']}: {reply['message']}")
                elif "refused" in reply:
                    notes.append(f"Left out {name}: {reply['refused']}")
                else:
                    try:
                        seen.append(pickle.loads(Path(path).read_bytes()))
                    except Exception as error:  # a class of the user's
                        notes.append(
                            f"Left out {name}: what it gives cannot be copied: {type(error).__name__}: {error}"
                        )
    finally:
        process.end()
    if not seen:
        raise Refused(f"{target}: {notes[-1].partition(': ')[2] if notes else 'nothing was learnt'}")
    count = len(seen[0].arguments)
    for other in [each for each in seen if len(each.arguments) != count]:
        notes.append(f"Left out {other.example}: it has {len(other.arguments)} arguments, and the first has {count}")
    return [each for each in seen if len(each.arguments) == count], notes


def kinds_of(seen: Sequence[Observation]) -> list[Kind]:
    """The kind of each argument in all examples."""
    return [functools.reduce(join, kinds) for kinds in zip(*(each.arguments for each in seen))]


def returned_by(seen: Sequence[Observation]) -> Kind:
    """The kind of the results of all examples."""
    return functools.reduce(join, [each.returned for each in seen])


def spread(items: Sequence[Any], most: int) -> list[Any]:
    """So many of the items at most, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[round(i * (len(items) - 1) / (most - 1))] for i in range(most)]


def together(target: str, examples: Sequence[str], seen: Sequence[Observation], notes: list[str]) -> Observed:
    """The signature of what several observations showed. Raises :class:`Refused`."""
    shapes = list(map(shape_of, kinds_of(seen)))
    kind = returned_by(seen)
    result = shape_of(kind)
    if unmade := unready(result):
        part = unmade.detail or unmade.what
        raise Refused(f"{target}: it returns {kind}, and no floor can return a {part} made beforehand; {GO_ON}")
    if not returnable(result):
        what = "a whole number beyond 64 bits" if kind.name == "int" else kind
        raise Refused(f"{target}: it returns {what}, which no floor can return; {GO_ON}")
    key = keyed(seen, shapes)
    seen = sorted(seen, key=lambda each: size_of(each, key))
    kept = distinct(seen, key, result, notes) if varies(seen) else seen
    kept = spread(kept, RACED)
    names = distinct_names(seen[0].names)
    found = Signature(
        word(Path(target).name if Path(target).is_dir() else re.split("[:.]", target)[-1]),
        tuple(
            Argument(name, shape, seen[0].called_with[place]) for place, (name, shape) in enumerate(zip(names, shapes))
        ),
        ready(result, [each.result for each in kept]),
        tuple(row(each, key) for each in kept),
        key if varies(kept) else -1,
        any(each.shares for each in kept) and result.what in ("list", "dict"),
        target,
        {
            "directory": str(Path.cwd()),
            "examples": tuple(examples),
            "fresh": any(each.changes for each in seen),
            "alike": all(each.same_shape for each in seen) and result.what != "optional",
            "arrays": {
                i: {"float": "float64", "int": "int64"}[e.inside[0].what]
                for i, e in enumerate(shapes)
                if number_list(e)
            },
        },
    )
    notes += behaviour(seen)
    return Observed(found, {each.example: each.result for each in kept}, tuple(dict.fromkeys(notes)))


def unready(result: Shape) -> Shape | None:
    """The part of a result that no floor can return, if it has a known one."""
    return next((each for each in result.every() if each.what not in READY and each.what != "any"), None)


def returnable(result: Shape) -> bool:
    """Whether a floor can return a result."""
    return unready(result) is None and (empty(result) or all(each.what != "any" for each in result.every()))


def empty(shape: Shape) -> bool:
    """Whether it is an empty collection, of which nobody knows what it would hold."""
    return shape.what in ("list", "dict") and all(each.what == "any" and not each.detail for each in shape.inside)


def behaviour(seen: Sequence[Observation]) -> list[str]:
    """What is to be said of how a function behaves."""
    found = []
    if any(each.printed for each in seen):
        found.append("It prints, which its time includes and no floor does")
    if any(each.changes for each in seen):
        found.append("It changes its arguments: each call gets its own, made outside the clock")
    if any(not each.same for each in seen):
        how = ", in another size, so that nothing is held to it" if any(not each.same_shape for each in seen) else ""
        found.append(
            f"It is not deterministic: a second call gave another result{how}. To verify another version against it, "
            "seed what it draws from, or allow for the difference by equal= in problem.py"
        )
    if any(not each.copied for each in seen):
        found.append("Its arguments cannot be copied: each process makes them by itself, and changes go unnoticed")
    return found


def distinct_names(names: Sequence[str]) -> list[str]:
    """Names for arguments, each once."""
    found: list[str] = []
    for each in map(named, names):
        found.append(each if each not in found else f"{each}{len(found)}")
    return found


def keyed(seen: Sequence[Observation], shapes: Sequence[Shape]) -> int:
    """The place of the argument that tells most examples apart by its length; -1 if none has one."""

    def different(place: int) -> int:
        lengths = [each.lengths[place] for each in seen]
        return 0 if None in lengths or shapes[place].what in ("any", "object") else len(set(lengths))

    best = max(range(len(shapes)), key=different, default=-1)
    return best if best >= 0 and different(best) else -1


def size_of(seen: Observation, key: int) -> int:
    """How large an example is: the length that tells it apart."""
    return (seen.lengths[key] or 0) if key >= 0 else 0


def varies(seen: Sequence[Observation]) -> bool:
    """Whether examples differ in what a floor has to do besides reading: the size of the result, and calls back."""
    return len({(axes_of(each.result), each.calls) for each in seen}) > 1


def axes_of(result: Any) -> tuple[int, ...]:
    """How long a result is; of an array, by axis."""
    if hasattr(result, "shape") and hasattr(result, "dtype"):
        return tuple(map(int, result.shape))
    return (len(result),) if hasattr(result, "__len__") else ()


def distinct(seen: Sequence[Observation], key: int, result: Shape, notes: list[str]) -> list[Observation]:
    """The examples that a floor can tell apart, of several with arguments of one size the first."""
    kept: dict[int, Observation] = {}
    for each in seen:
        first = kept.setdefault(size_of(each, key), each)
        if first is not each:
            notes.append(
                f"Left out {each.example}: its arguments are as long as those of {first.example}, by which floors "
                "know how large a result they have to give"
            )
    return list(kept.values())


def row(seen: Observation, key: int) -> Row:
    """A row of the table of examples."""
    axes = axes_of(seen.result)
    return Row(
        seen.example,
        size_of(seen, key),
        (seen.utf8[key] or 0) if key >= 0 else 0,
        axes[0] if axes else 0,
        axes,
        max(seen.calls, default=0),
    )
