"""Writes ``problem.py`` of a function: its reference, its inputs, and its edge cases."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from doubles_lab.ceiling.signature import Signature
from doubles_lab.ceiling.sources import environment
from doubles_lab.scaffold.describing import Described, Made
from doubles_lab.scaffold.edges import literal


def problem_file(folder: Path, described: Described, signature: Signature, fresh: bool) -> str:
    """The text of ``problem.py`` of a folder, without the line ends that no formatter leaves."""
    cases = {literal(name): value_of(name, args) for name, args in described.edge_cases.items()}
    inputs = [input_of(each, fresh) for each in described.inputs]
    written = "\n".join([*inputs, *cases.values()])
    approximate = described.sums and any(each.what == "float" for each in signature.result.every())
    imported = ["Call"] if "Call(" in written or "EXAMPLE." in written else []
    imported += ["Input", "Problem", *(["approximately"] if approximate else [])]
    return (
        environment("scaffold")
        .get_template("problem.py.j2")
        .render(
            d=described,
            name=signature.name,
            folder=os.path.relpath(folder),
            named=not described.generator and (described.own is None or described.own.name != signature.name),
            uses=lambda what: what in written,
            imported=imported,
            directories=[found_from(folder, each) for each in sorted({*described.modules.values()} - {""})],
            inputs=inputs,
            approximate=approximate,
            cases=list(cases.items()),
        )
    )


def input_of(made: Made, fresh: bool) -> str:
    """An input, as Python."""
    more = ", fresh=True" if fresh else ""
    if made.sizes:
        sizes = ", ".join(f"{size:_}" for size in made.sizes)
        return f"Input.sized({literal(made.name)}, {made.make}, sizes=[{sizes}]{more})"
    if fresh and made.there:
        return f"Input({literal(made.name)}, lambda: deepcopy({made.make}){more})"
    return f"Input({literal(made.name)}, {'lambda: ' if made.there else ''}{made.make}{more})"


def value_of(name: str, args: tuple[str, ...]) -> str:
    """The value of an edge case, as Python: its only argument, or a call."""
    if name.startswith("of size "):
        return f"Input({literal(name)}, lambda: {args[0]})"
    return args[0] if len(args) == 1 else f"Call({', '.join(args)})"


def found_from(folder: Path, directory: str) -> str:
    """A directory as Python in ``problem.py`` of a folder: relative to that, if it is above it."""
    above = folder.resolve().parents
    if Path(directory) in above:
        return f"str(Path(__file__).resolve().parents[{above.index(Path(directory)) + 1}])"
    return literal(directory)


def without(described: Described, names: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """The edge cases but those of some names."""
    return {name: args for name, args in described.edge_cases.items() if name not in names}
