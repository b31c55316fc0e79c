"""The options that commands share: their values, their completions, and what they choose."""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import click

from doubles_lab import registry
from doubles_lab.folder import Folder, ProblemError, bundled, read
from doubles_lab.given import Given, InputError, edge_cases_of, from_file, inputs_of
from doubles_lab.implementation import Implementation, Unit
from doubles_lab.measure import conditions, verify
from doubles_lab.measure.examples import EXAMPLES
from doubles_lab.measure.process import Gone, Process
from doubles_lab.report import terminal

Command = Callable[..., None]
Decorator = Callable[[Command], Command]

SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}


class Duration(click.ParamType):  # type: ignore[type-arg] # generic since click 8.2
    """A time such as ``90s``, ``5m``, ``1h`` or ``1m30s``; in seconds."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value).replace(" ", "")
        if not re.fullmatch(r"(\d+(\.\d+)?[smh])+", text):
            self.fail(f"{value!r} is not a time such as 90s, 5m or 1m30s", param, ctx)
        seconds = sum(float(number) * SECONDS[unit] for number, unit in re.findall(r"([\d.]+)([smh])", text))
        if seconds <= 0:
            self.fail("must be more than nothing", param, ctx)
        return seconds


class Percent(click.ParamType):  # type: ignore[type-arg] # generic since click 8.2
    """A percentage such as ``10%``; as a share of 1."""

    name = "percent"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d+(\.\d+)?) ?%", str(value))
        if found is None:
            self.fail(f"{value!r} is not a percentage such as 10%", param, ctx)
        return float(found[1]) / 100


def _beginning(names: Iterable[str], typed: str) -> list[str]:
    return sorted({name for name in names if name.casefold().startswith(typed.casefold())})


def folder_at(path: Path | None = None) -> Folder:
    """The problem in a folder; without one, that which the lab brings. Raises ``click.ClickException``."""
    try:
        return read(path or bundled())
    except ProblemError as error:
        raise click.ClickException(str(error)) from None


def _every(ctx: click.Context) -> list[Implementation]:
    return registry.find(folder_at(ctx.params.get("folder")), ctx.params.get("directories") or ())


def contender_names(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """The implementations whose name begins as was typed, those of ``--contenders DIR`` among them."""
    return _beginning((each.name for each in _every(ctx)), typed)


def tag_names(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """The tags of implementations that begin as was typed."""
    return _beginning((tag for each in _every(ctx) for tag in each.tags), typed)


def languages(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """The languages of implementations that begin as was typed."""
    return _beginning((each.language for each in _every(ctx)), typed)


def case_names(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    """The inputs whose name begins as was typed."""
    problem = folder_at(ctx.params.get("folder")).problem
    return _beginning((each.name for each in [*inputs_of(problem), *edge_cases_of(problem)]), typed)


#: What JSON and NumPy both take.
SEED = click.IntRange(0, (1 << 63) - 1)
Directory = click.Path(path_type=Path, file_okay=False)
File = click.Path(path_type=Path, dir_okay=False)


#: What a function is called with to find out about it.
examples_of_function: Decorator = click.option(
    "--example",
    "examples",
    multiple=True,
    metavar="MODULE:NAME",
    help="What it is called with: the only argument, a doubles_lab.Call, a list or dict of Calls, or a function that "
    "makes one of these, of a size if it takes one. Repeatable.",
)


def timeout_option(seconds: float, what: str) -> Decorator:
    """``--timeout``: how long a call may take."""
    kind = click.FloatRange(0, min_open=True)
    told = f"Seconds after which {what} has hung."
    return click.option("--timeout", type=kind, default=seconds, show_default=True, help=told)


def approach_option(known: Callable[[], Iterable[str]], usual: Sequence[str], told: str) -> Decorator:
    """``--approach``: one of the approaches that a command knows, whose names are asked for when they are needed."""

    def beginning(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
        return [name for name in sorted(known()) if name.startswith(typed)]

    return click.option(
        "--approach",
        "approaches",
        multiple=True,
        metavar="NAME",
        help=f"{told} Repeatable. [default: {', '.join(usual)}]",
        shell_complete=beginning,
    )


def gathered(made: type, keyword: str, options: Sequence[Decorator]) -> Decorator:
    """Gives a command these options, whose values it takes as one object with a field for each."""

    def decorate(function: Command) -> Command:
        @functools.wraps(function)
        def command(**given: Any) -> None:
            own = {field.name: given.pop(field.name) for field in fields(made)}
            function(**given, **{keyword: made(**own)})

        decorated: Command = command
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate


@dataclass(frozen=True)
class Contenders:
    """The contenders that the command line chooses."""

    names: Sequence[str] = ()
    tags: Sequence[str] = ()
    directories: Sequence[Path] = ()
    languages: Sequence[str] = ()
    unit: str | None = None

    def chosen(self, folder: Folder) -> list[Implementation]:
        """Those asked for. Functions of the user's come besides the others, which without other names are all.

        Raises ``click.UsageError`` if none is left, and :class:`registry.NotFound` for what nothing has.
        """
        functions = [name for name in dict.fromkeys(self.names) if registry.is_function(name)]
        if self.unit is not None and not functions:
            raise click.UsageError(
                "--unit says what a function of yours counts: name it by --contender MODULE:FUNCTION"
            )
        others = [name for name in self.names if name not in functions]
        chosen = registry.select(registry.find(folder, self.directories), others, self.tags, "contender")
        chosen = registry.of_languages(chosen, self.languages)
        unit = Unit(self.unit) if self.unit else ""
        home = str(folder.path)
        chosen += [replace(registry.function_implementation(name, unit), folder=home) for name in functions]
        if not chosen:
            raise click.UsageError("no contender carries these names, these tags and these languages together")
        return chosen

    def checked(self, folder: Folder, limit: float) -> list[Implementation]:
        """:meth:`chosen`. Raises ``click.UsageError`` too for a function of the user's that is not there."""
        contenders = self.chosen(folder)
        check_functions(contenders, limit)
        return contenders


def check_functions(contenders: Sequence[Implementation], limit: float) -> None:
    """Raises ``click.UsageError`` for a function of the user's that is not there, before anything is measured."""
    for contender in contenders:
        if not contender.file.startswith(registry.FUNCTION):
            continue
        process = Process()
        try:
            reason = verify.load(process, contender, limit)
        except Gone as end:
            reason = f"{end}, while it was imported"
        finally:
            process.end()
        if reason:
            raise click.UsageError(f"--contender {contender.name}: {reason}")


folder_argument = click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
contender_options = gathered(
    Contenders,
    "contenders",
    [
        click.option(
            "--contender",
            "names",
            multiple=True,
            metavar="NAME",
            help="Only this contender, or those that match a glob; MODULE:FUNCTION is one of yours. Repeatable.",
            shell_complete=contender_names,
        ),
        click.option(
            "--tag",
            "tags",
            multiple=True,
            metavar="TAG",
            help="Only contenders with this tag. Repeatable.",
            shell_complete=tag_names,
        ),
        click.option(
            "--contenders",
            "directories",
            multiple=True,
            type=click.Path(path_type=Path, file_okay=False, exists=True),
            help="Also take the contenders in the files of this directory. Repeatable.",
        ),
        click.option(
            "--language",
            "languages",
            multiple=True,
            metavar="NAME",
            help="Only contenders whose loop is in this language. Repeatable.",
            shell_complete=languages,
        ),
        click.option(
            "--unit",
            type=click.Choice([str(unit) for unit in Unit]),
            help="What the functions given as --contender MODULE:FUNCTION count; with elements they get a NumPy array. "
            "[default: characters]",
        ),
    ],
)


@dataclass(frozen=True)
class Cases:
    """The cases that the command line chooses."""

    cases: Sequence[str] = ()
    files: Sequence[str] = ()

    def chosen(self, folder: Folder, default_tags: Sequence[str]) -> tuple[list[Given], list[str]]:
        """Those asked for, and the files that could not be read.

        If none was asked for, those with a default tag, or all inputs where none has a tag.
        """
        problem = folder.problem
        inputs = inputs_of(problem)
        every = [*inputs, *edge_cases_of(problem)]
        if self.files and not takes_text(inputs[0]):
            raise click.UsageError(f"--file does not apply: {problem.name} takes no str")
        if self.cases:
            chosen = registry.select(every, self.cases, [], "case")
        elif self.files:
            chosen = []
        else:
            chosen = [each for each in every if set(default_tags) & set(each.tags)]
            chosen = chosen if any(each.tags for each in inputs) else inputs
        unread: list[str] = []
        for path in self.files:
            try:
                given = from_file(problem, path)
            except InputError as error:
                unread.append(str(error).replace(path, Path(path).name, 1))
                terminal.complain(error)
                continue
            if any(given.name == other.name for other in chosen):
                given.name = path
            if any(given.name == other.name for other in chosen):
                continue  # the same file twice
            chosen.append(given)
        return chosen, unread


def takes_text(given: Given) -> bool:
    """Whether the only argument is a str."""
    return given.text is not None


case_options = gathered(
    Cases,
    "cases",
    [
        click.option(
            "--case",
            "cases",
            multiple=True,
            metavar="NAME",
            help="This case, or those that match a glob. Repeatable.",
            shell_complete=case_names,
        ),
        click.option(
            "--file", "files", multiple=True, metavar="PATH", help="A file of yours, read as UTF-8. Repeatable."
        ),
    ],
)
seed_option = click.option(
    "--seed", type=SEED, help="The seed of the order in each round. [default: a new one, which is recorded]"
)
verify_seed_option = click.option(
    "--seed", type=SEED, help="The seed of the generated inputs. [default: a new one, which is shown]"
)
examples_option = click.option(
    "--examples",
    type=click.IntRange(0, 100_000),
    default=EXAMPLES,
    show_default=True,
    help="Verify on so many generated inputs as well; 0 for none.",
)
output_option = click.option(
    "--output", type=Directory, default=Path("results"), show_default=True, help="Where the result files go."
)
no_files_option = click.option("--no-files", is_flag=True, help="Write no files at all.")


def seeded(seed: int | None) -> int:
    """A seed, a new one where none is asked for."""
    return random.SystemRandom().randrange(1 << 32) if seed is None else seed


def warned(tell: Callable[[str], object] = terminal.complain) -> dict[str, str]:
    """Tells, once, what will disturb the measurement on this machine; returns it as a fact of the machine."""
    found = conditions.warnings()
    for each in found:
        tell(f"warning: {each}")
    return {"disturbances": " ".join(found)} if found else {}
