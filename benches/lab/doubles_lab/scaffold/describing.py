"""Describes a function and its examples, in a process of its own: all that the files of its problem say of them."""

from __future__ import annotations

import ast
import inspect
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doubles_lab.ceiling.examples import Example, examples_of, function_at
from doubles_lab.given import Given, edge_cases_of
from doubles_lab.implementation import Raises
from doubles_lab.measure.timing import Reply
from doubles_lab.measure.with_examples import OUT_OF_SPACE, WithExamples, packed, unpacked
from doubles_lab.observed import Kind
from doubles_lab.scaffold import edges
from doubles_lab.scaffold.own import NoSource, Own, own_source, place_of


@dataclass(frozen=True)
class Made:
    """An input, as Python: ``make`` makes the arguments when it is called, with a size where there are ``sizes``."""

    name: str
    make: str
    sizes: tuple[int, ...] = ()
    #: Whether ``make`` is the arguments themselves, which are there already or made by a call that stands in it.
    there: bool = False


@dataclass(frozen=True)
class Described:
    """A function and its examples, as the files of its problem say it."""

    #: By module to import, the directory where it is found; "" for one that is installed.
    modules: Mapping[str, str]
    #: What names the function once its module is imported.
    reference: str
    own: Own | None
    #: Why there is no source of it.
    without: str
    generator: bool
    inputs: tuple[Made, ...]
    #: Python that gives the arguments of the smallest example.
    example: str
    #: Edge cases by name: the arguments, each as Python.
    edge_cases: Mapping[str, tuple[str, ...]]
    #: Whether its source shows that floats are added.
    sums: bool


class WithDescription(WithExamples):
    """Requests about a function that becomes a problem."""

    def describe(self, target: str, named: Sequence[str], kept: Sequence[str], kinds: str, path: str) -> Reply:
        """Describes a function by its examples ``kept``, the smallest first, and writes that to a file.

        ``kinds`` is a file with the kind of each argument.
        """
        function = function_at(target)
        own, without = None, ""
        try:
            own = own_source(function)
        except NoSource as reason:
            without = str(reason)
        found = {each.name: each for each in examples_of(target, named)}
        chosen = [found[name] for name in kept]
        of_arguments: list[Kind] = pickle.loads(Path(kinds).read_bytes())
        modules = {spec.partition(":")[0]: "" for spec in (target, *(each.spec for each in chosen))}
        described = Described(
            {module: place_of(module) for module in modules},
            target.replace(":", "."),
            own,
            without,
            inspect.isgeneratorfunction(function),
            tuple(inputs_of(chosen, list(found.values()))),
            expression(chosen[0]),
            dict(edge_cases(chosen[0], of_arguments, own)),
            own is None or sums(own),
        )
        Path(path).write_bytes(pickle.dumps(described))
        return {}

    def edge_case(self, name: str) -> Reply:
        """Calls the reference of the problem that was read with an edge case; replies with why it is none, if so."""
        given: Given = next(each for each in edge_cases_of(self.folder.problem) if each.name == name)
        try:
            packed((given.call.args, given.call.kwargs))
        except Exception:
            return {"none": "its arguments cannot be copied to another process"}
        outcome = given.expected
        if isinstance(outcome, Raises):
            return {"none": f"the function raises {given.message}" if outcome.raises in OUT_OF_SPACE else ""}
        equal = self.folder.problem.equal(unpacked(packed(outcome)), outcome)
        return {"none": "" if equal else "the result does not equal itself"}


def expression(example: Example) -> str:
    """Python that gives the arguments of an example."""
    made = example.spec.replace(":", ".")
    if example.called:
        made += "()" if example.size is None else f"({example.size})"
    return made if example.key is None else f"{made}[{edges.literal(example.key)}]"


def inputs_of(kept: Sequence[Example], every: Sequence[Example]) -> list[Made]:
    """The inputs that the kept examples become: of all the sizes of one that has sizes, if any of them is kept."""
    found: dict[str, Made] = {}
    for each in kept:
        made = each.spec.replace(":", ".")
        if each.size is None:
            simple = each.called and each.key is None
            found[each.name] = Made(each.name, made) if simple else Made(each.name, expression(each), there=True)
        elif made not in found:
            sizes = sorted(other.size for other in every if other.spec == each.spec and other.size is not None)
            found[made] = Made(each.name.rpartition(f"-{each.size}")[0], made, tuple(sizes))
    return list(found.values())


def edge_cases(smallest: Example, kinds: Sequence[Kind], own: Own | None) -> Mapping[str, tuple[str, ...]]:
    """Edge cases by name: each argument as Python. What has no literal is taken from the smallest example."""
    args = smallest.make().args
    names = [each.arg for each in own.tree.args.args] if own is not None else []
    names += [f"argument {place + 1}" for place in range(len(names), len(kinds))]
    typical = [edges.cut(each) if edges.writable(kind) else None for each, kind in zip(args, kinds)]
    usual = [
        edges.literal(each) if edges.writable(kind) else f"EXAMPLE.args[{place}]"
        for place, (each, kind) in enumerate(zip(typical, kinds))
    ]
    found: dict[str, tuple[str, ...]] = {}
    if smallest.size is not None and not all(map(edges.writable, kinds)):
        made = smallest.spec.replace(":", ".")
        found |= {"of size 0": (f"{made}(0)",), "of size 1": (f"{made}(1)",)}
    for name, values in edges.cases(names, kinds, typical).items():
        written = tuple(edges.literal(values[i]) if i in values else usual[i] for i in range(len(kinds)))
        if written not in found.values():
            found[name] = written
    return found


def sums(own: Own) -> bool:
    """Whether a function adds values up, so that another order of them gives other floats."""
    for each in ast.walk(own.tree):
        if isinstance(each, ast.AugAssign) and isinstance(each.op, (ast.Add, ast.Sub)):
            return True
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.MatMult):
            return True
        called: Any = each.func if isinstance(each, ast.Call) else None
        if getattr(called, "id", getattr(called, "attr", "")) in ("sum", "fsum", "mean", "dot", "std", "var", "reduce"):
            return True
    return False
