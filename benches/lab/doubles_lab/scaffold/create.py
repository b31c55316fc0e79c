"""Makes the folder of a problem of a function: looks at the function, guesses, and writes all files at once."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from doubles_lab import temporary
from doubles_lab.ceiling import observation
from doubles_lab.ceiling.observation import Refused
from doubles_lab.ceiling.signature import KEYWORDS, Argument, Signature, shape_of
from doubles_lab.folder import FILE
from doubles_lab.measure.process import OBSERVER, Gone, Process, Scratch
from doubles_lab.observed import Kind
from doubles_lab.results.verdict import listed
from doubles_lab.scaffold.describing import Described
from doubles_lab.scaffold.problem import problem_file, without
from doubles_lab.scaffold.typed import AROUND
from doubles_lab.scaffold.write import Source, Without, sources

#: Seconds that the reference may take for an edge case, and that a process has to begin.
ONE, BEGINNING = 2.0, 60.0


@dataclass(frozen=True)
class Created:
    """What was written."""

    sources: tuple[Source, ...]
    without: tuple[Without, ...]
    #: What is to be said of the function, a sentence each.
    notes: tuple[str, ...]
    #: Whether a floor can return its result, so that it has a ceiling.
    has_ceiling: bool


def create(
    folder: Path,
    target: str,
    examples: Sequence[str],
    chosen: Sequence[str],
    limit: float,
    doing: Callable[[str], None],
) -> Created:
    """Writes a problem into a folder that is not there yet or empty. ``limit`` is in seconds, for each example.

    Raises :class:`doubles_lab.ceiling.observation.Refused`.
    """
    seen, notes = observation.observations(target, examples, limit, doing)
    kinds, returned = observation.kinds_of(seen), observation.returned_by(seen)
    shapes = list(map(shape_of, kinds))
    key = observation.keyed(seen, shapes)
    seen = sorted(seen, key=lambda each: observation.size_of(each, key))
    names = [f"{each}_" if each in KEYWORDS | AROUND else each for each in seen[0].names]
    signature = Signature(
        folder.name, tuple(map(Argument, names, shapes)), shape_of(returned), (), target=target.replace(":", ".")
    )
    fresh = any(each.changes for each in seen)
    doing("reading its source")
    described = describe(target, examples, [each.example for each in seen], kinds)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with temporary.directory(f".{folder.name}-", folder.parent) as scratch:
        work = scratch / folder.name
        work.mkdir()
        # It is read where it is made, and written again for the place where it will be.
        (work / FILE).write_text(problem_file(work, described, signature, fresh), encoding="utf-8")
        left_out = tried(work, list(described.edge_cases), doing)
        for why in dict.fromkeys(left_out.values()):
            names = [repr(name) for name, other in left_out.items() if other == why]
            notes.append(f"Left out the edge case{'s' * (len(names) > 1)} {listed(names)}: {why}")
        described = replace(described, edge_cases=without(described, left_out))
        doing("writing the files")
        (work / FILE).write_text(problem_file(folder, described, signature, fresh), encoding="utf-8")
        found, refused = sources(described, signature, kinds, returned, chosen)
        for each in found:
            (work / each.file).write_text(each.text, encoding="utf-8")
        work.replace(folder)
    notes += observation.behaviour(seen)
    returnable = observation.returnable(signature.result)
    return Created(tuple(found), tuple(refused), tuple(dict.fromkeys(notes)), returnable)


def describe(target: str, examples: Sequence[str], seen: Sequence[str], kinds: Sequence[Kind]) -> Described:
    """Has a function described in a process of its own, by the examples it was called with. Raises :class:`Refused`."""
    process = Process(serving=OBSERVER)
    try:
        with Scratch() as scratch:
            of_arguments, path = scratch.write(pickle.dumps(list(kinds))), scratch.write(b"")
            reply = process.ask(
                "describe",
                BEGINNING,
                target=target,
                named=list(examples),
                seen=list(seen),
                kinds=of_arguments,
                path=path,
            )
            if "raised" in reply:
                raise Refused(f"{target} cannot be read: {reply['raised']}: {reply['message']}")
            described: Described = pickle.loads(Path(path).read_bytes())
            return described
    except Gone as end:
        raise Refused(f"{target}: {end}") from None
    finally:
        process.end()


def tried(folder: Path, names: Sequence[str], doing: Callable[[str], None]) -> dict[str, str]:
    """Calls the reference of a problem with each edge case; returns those that are none, with why."""
    left_out: dict[str, str] = {}
    process: Process | None = None
    try:
        for name in names:
            doing(f"calling it with the edge case {name}")
            if process is None:
                process = Process(serving=OBSERVER)
                reply = process.ask("read", BEGINNING, folder=str(folder))
                if "raised" in reply:
                    raise Refused(f"{FILE} cannot be read: {reply['message']}")
            try:
                reply = process.ask("edge_case", ONE, name=name)
            except Gone as end:
                left_out[name] = f"the function {end}"
                process.end()
                process = None
                continue
            if "raised" in reply:
                left_out[name] = f"{reply['raised']}: {reply['message']}"
            elif reply["none"]:
                left_out[name] = reply["none"]
    except Gone as end:
        raise Refused(f"{FILE} cannot be read: {end}") from None
    finally:
        if process is not None:
            process.end()
    return left_out
