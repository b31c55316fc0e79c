"""The command ``doubles-lab``."""

from __future__ import annotations

import contextlib
import datetime
import fnmatch
import itertools
import random
import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from doubles_lab import __version__, registry, temporary
from doubles_lab.case import Case, CaseError, Input, from_file
from doubles_lab.cli import options, problems, progress
from doubles_lab.contender import Contender, Unit
from doubles_lab.folder import REFERENCE
from doubles_lab.measure import conditions, instructions, race
from doubles_lab.measure import verify as verification
from doubles_lab.measure.problem_race import Verified
from doubles_lab.measure.process import Gone, Process
from doubles_lab.questions import calling as calls
from doubles_lab.questions import explain
from doubles_lab.questions.answer import Answer, Question, Setting
from doubles_lab.report import answer_text, divergences, exports, table, terminal
from doubles_lab.results import claim, comparison, findings, record, saved
from doubles_lab.results.record import Record
from doubles_lab.results.verdict import Judged, judge

WRONG, USAGE, NO_INPUT, NOTHING, SLOWER, LOST, INTERRUPTED = 1, 2, 3, 4, 5, 6, 130
DEFAULT_BASELINE = "python-zip"
#: The tags of the cases that contenders are verified on.
VERIFIED = ("hostile", "default", "script", "pattern")
#: How the names of files end that lie beside a saved result.
FINDINGS, EXPLANATION = ".verify.json", ".explain.json"

#: What each exit code means: the one place that says so.
MEANINGS = {
    0: "done; a contender that cannot run here is a row, not an error",
    WRONG: "a contender broke what it states: a wrong count, an exception, a crash, a hang; or a question failed",
    USAGE: "the command line was wrong: an unknown option, contender, case, tag, language, function or question",
    NO_INPUT: "an input could not be read; everything else was done",
    NOTHING: "nothing was measured or checked, on a case or at all; or a result file could not be read",
    SLOWER: "compare --fail-if-slower: a contender is slower by more than that, its whole interval",
    LOST: "compare --fail-if-slower: what the old run timed cannot be compared with anything in the new run",
    INTERRUPTED: "interrupted; what run and explain had measured is reported and saved",
}
EXIT_CODES = "\b\nExit codes:\n" + "".join(f"  {code:<4} {meaning}\n" for code, meaning in MEANINGS.items())

#: What JSON and NumPy both take.
SEED = click.IntRange(0, (1 << 63) - 1)
#: Bytes of a case's name that the name of a file takes.
LONGEST_LABEL = 100
DirectoryOption = click.Path(path_type=Path, file_okay=False)


class Command(click.Command):
    """A command whose unknown names end with exit code 2 and a hint, and whose help ends with the exit codes."""

    def __init__(self, *args: Any, **more: Any) -> None:
        epilog = more.get("epilog") or ""
        more["epilog"] = epilog if "Exit codes:" in epilog else f"{epilog}\n\n{EXIT_CODES}"
        super().__init__(*args, **more)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (registry.Clash, registry.NotFound) as error:
            raise click.UsageError(str(error), ctx) from None


class Group(click.Group):
    command_class = Command


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExamples:\n"
    "  doubles-lab run --quick\n"
    "  doubles-lab run --file book.txt --contender 'pyo3-*' --contender python-zip\n"
    "  doubles-lab verify\n"
    "  doubles-lab report results/2026-01-01T12-00-00.json --baseline re-article\n\n" + EXIT_CODES,
)
@click.version_option(__version__)
def cli() -> None:
    """Races every way to count doubles from Python, verified first, on your own data."""


Decorated = TypeVar("Decorated", bound=Callable[..., None])

timeout_option = click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds after which a call has hung.",
)


def contender_options(function: Decorated) -> Decorated:
    """The options that choose contenders."""
    directory = click.Path(path_type=Path, file_okay=False, exists=True)
    named = "Only this contender, or those that match a glob; MODULE:FUNCTION is one of yours. Repeatable."
    found = "Also take the contenders in the files of this directory. Repeatable."
    function = click.option("--contenders", "directories", multiple=True, type=directory, help=found)(function)
    function = click.option(
        "--tag",
        "tags",
        multiple=True,
        metavar="TAG",
        help="Only contenders with this tag. Repeatable.",
        shell_complete=options.tag_names,
    )(function)
    return click.option(
        "--contender",
        "names",
        multiple=True,
        metavar="NAME",
        help=named,
        shell_complete=options.contender_names,
    )(function)


def choice_options(function: Decorated) -> Decorated:
    """Further options that choose contenders: by language, and what a function of the user's counts."""
    function = click.option(
        "--unit",
        type=click.Choice([str(unit) for unit in Unit]),
        help="What the functions given as --contender MODULE:FUNCTION count; with elements they get a NumPy array. "
        "[default: characters]",
    )(function)
    return click.option(
        "--language",
        "languages",
        multiple=True,
        metavar="NAME",
        help="Only contenders whose loop is in this language. Repeatable.",
        shell_complete=options.languages,
    )(function)


def choose_contenders(
    names: Sequence[str],
    tags: Sequence[str],
    directories: Sequence[Path],
    languages: Sequence[str] = (),
    unit: str | None = None,
) -> list[Contender]:
    """The contenders asked for. Functions of the user's come besides the others, which without other names are all.

    Raises ``click.UsageError`` if none is left, and :class:`registry.NotFound` for what nothing has.
    """
    functions = [name for name in dict.fromkeys(names) if registry.is_function(name)]
    if unit is not None and not functions:
        raise click.UsageError("--unit says what a function of yours counts: name it by --contender MODULE:FUNCTION")
    others = [name for name in names if name not in functions]
    chosen = registry.select(registry.find_contenders(directories), others, tags, "contender")
    chosen = registry.of_languages(chosen, languages)
    chosen += [registry.function_contender(name, Unit(unit or Unit.CHARACTERS)) for name in functions]
    if not chosen:
        raise click.UsageError("no contender carries these names, these tags and these languages together")
    return chosen


def check_functions(contenders: Sequence[Contender], limit: float) -> None:
    """Raises ``click.UsageError`` for a function of the user's that is not there, before anything is measured."""
    for contender in contenders:
        if not contender.file.startswith(registry.FUNCTION):
            continue
        process = Process()
        try:
            reason = verification.load(process, contender, limit)
        except Gone as end:
            reason = f"{end}, while it was imported"
        finally:
            process.end()
        if reason:
            raise click.UsageError(f"--contender {contender.name}: {reason}")


def case_options(function: Decorated) -> Decorated:
    """The options that choose cases."""
    named = "This case, or those that match a glob. Repeatable."
    read = "A file of yours, read as UTF-8. Repeatable."
    function = click.option("--file", "files", multiple=True, metavar="PATH", help=read)(function)
    return click.option(
        "--case", "cases", multiple=True, metavar="NAME", help=named, shell_complete=options.case_names
    )(function)


@cli.command(
    epilog="\b\nExamples:\n"
    "  doubles-lab run                               every contender on the article's input, 3 minutes\n"
    "  doubles-lab run --quick                       the same in one\n"
    "  doubles-lab run --case 'size-*' --tag best    the best of each approach, at every size\n"
    "  doubles-lab run --file a.txt --file b.txt     your own data\n"
    "  doubles-lab run --budget 10m --language rust  as good as ten minutes allow\n"
    "  doubles-lab run --contender my_module:count   your own function beside all others\n"
    "  doubles-lab run my_problem --quick            a problem of your own: the folder with its problem.py"
)
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--gil", is_flag=True, help="Of a FOLDER: find out which implementations let other threads run, too.")
@click.option("--strings", is_flag=True, help="Of a FOLDER: measure what it costs how a str is stored, too.")
@case_options
@contender_options
@choice_options
@click.option("--quick", is_flag=True, help="Fewer and shorter samples: about a minute for all contenders on one case.")
@click.option(
    "--baseline", metavar="NAME", help=f"Show how many times as fast as this contender. [default: {DEFAULT_BASELINE}]"
)
@click.option(
    "--budget",
    type=options.Duration(),
    metavar="TIME",
    help="Measure for about this long, such as 90s or 5m, builds apart: as many rounds as fit, three at least.",
)
@click.option("--cold", is_flag=True, help="Call with new input each time, which is in no cache: one call a sample.")
@click.option("--processes", type=click.IntRange(1), help="Processes for each contender, one after another.")
@click.option("--rounds", type=click.IntRange(1), help="Rounds in each process; not cut where a case takes long.")
@timeout_option
@click.option("--seed", type=SEED, help="The seed of the order in each round. [default: a new one, which is recorded]")
@click.option(
    "--output", type=DirectoryOption, default=Path("results"), show_default=True, help="Where the result files go."
)
@click.option("--no-charts", is_flag=True, help="Draw no charts, and make no HTML page.")
@click.option("--no-files", is_flag=True, help="Write no files at all.")
def run(
    folder: Path | None,
    gil: bool,
    strings: bool,
    cases: Sequence[str],
    files: Sequence[str],
    names: Sequence[str],
    tags: Sequence[str],
    directories: Sequence[Path],
    languages: Sequence[str],
    unit: str | None,
    quick: bool,
    baseline: str | None,
    budget: float | None,
    cold: bool,
    processes: int | None,
    rounds: int | None,
    timeout: float,
    seed: int | None,
    output: Path,
    no_charts: bool,
    no_files: bool,
) -> None:
    """Verify contenders, race them, and report.

    With a FOLDER: the implementations of the problem in its problem.py, on its inputs, beside its reference. Without,
    and without --case or --file: the article's million random letters. Everything is saved under --output:
    the samples in pyperf's format, a summary as Markdown, CSV and JSON, a chart of each case as SVG
    and PNG, and one HTML page of it all, for which contenders are verified on hostile input as well.
    """
    if budget is not None and rounds is not None:
        raise click.UsageError("--budget settles how many rounds there are: leave out --rounds")
    if (gil or strings) and folder is None:
        raise click.UsageError("--gil and --strings are about the problem in a FOLDER")
    problem = None
    contenders: list[Contender] = []
    chosen: list[Case] = []
    unread: list[str] = []
    if folder is not None:
        if cases or files or tags or directories or languages or unit or baseline:
            raise click.UsageError("a FOLDER has inputs and implementations of its own: only --contender chooses")
        problem = problems.chosen(folder, names)
    else:
        contenders = choose_contenders(names, tags, directories, languages, unit)
        if baseline is not None:
            registry.select(contenders, [baseline], [], "contender among those chosen")
        check_functions(contenders, timeout)
        chosen, unread = choose_cases(cases, files, ["default"])
    plan = replace(race.QUICK if quick else race.FULL, limit=timeout)
    plan = replace(
        plan,
        seed=random.SystemRandom().randrange(1 << 32) if seed is None else seed,
        processes=processes or plan.processes,
        # A sample of one call tells little, and takes no time.
        rounds=rounds or plan.rounds * (5 if cold else 1),
        case_seconds=float("inf") if rounds else plan.case_seconds,
        cold=conditions.more_than_caches() if cold else 0,
    )
    if budget is not None and (chosen or problem):
        plan = race.budgeted(plan, budget / max(len(chosen), 1))
    result = Record(
        date=datetime.datetime.now().isoformat(sep=" ", timespec="seconds"),
        seed=plan.seed,
        processes=plan.processes,
        rounds=plan.rounds,
        sample_ms=plan.sample_ms,
        budget=budget,
        cold=cold,
        baseline=REFERENCE if problem else baseline or DEFAULT_BASELINE,
        machine={**saved.machine(), **warned()},
        command=published(sys.argv[1:], plan.seed),
        unread=unread,
    )
    errors = terminal.errors()
    with stem_in(output if (chosen or problem) and not no_files else None, result.date) as stem:
        edge_cases: list[Verified] = []
        try:
            with progress.Bar(errors) as bar:
                if problem is not None:
                    edge_cases = problems.race(*problem, plan, bar, result, lambda: keep(result, stem))
                for case in chosen:
                    bar.case(case.name, 1)
                    bar.doing("counting with the oracle")
                    given = Input(case)
                    case_record = race.describe(given)
                    result.cases.append(case_record)
                    if len(result.cases) == 1:
                        race.build(contenders, plan.limit, bar)
                    race.race(given, contenders, plan, bar, case_record, lambda: keep(result, stem))
                keep(result, stem, finished=True)
        except KeyboardInterrupt:
            result.interrupted = True
        verified = None
        if not (no_files or no_charts or result.interrupted or problem):
            verified = verified_on_hostile(contenders, timeout, errors)
        finish(result, stem, not no_charts, verified)
        if problem is not None and not result.interrupted:
            problems.show(problem[0], result, edge_cases, terminal.out())
            if gil:
                problems.show_gil(*problem, timeout, terminal.out())
            if strings:
                with progress.Bar(errors) as bar:
                    problems.show_storages(*problem, plan, bar, terminal.out())
    broken = [] if verified is None else verification.broken(verified.findings)
    for finding in broken:
        terminal.complain(f"{finding.contender} on the case {finding.case}: {finding.reason}")
    sys.exit(exit_code(result) or (WRONG if broken else 0))


def warned() -> dict[str, str]:
    """Tells, once, what will disturb the measurement on this machine; returns it as a fact of the machine."""
    found = conditions.warnings()
    for each in found:
        terminal.complain(f"warning: {each}")
    return {"disturbances": " ".join(found)} if found else {}


@contextlib.contextmanager
def stem_in(output: Path | None, date: str) -> Iterator[Path | None]:
    """The path that the files of a run begin with, its own while it runs; ``None`` where it writes none.

    Tells of what runs that were killed have left there.
    """
    if output is None:
        yield None
        return
    with claim.claimed(output, date.replace(" ", "T").replace(":", "-")) as stem:
        for file in claim.left_behind(output):
            show = f"explain --show {file}" if file.name.endswith(EXPLANATION) else f"report {file} --output {output}"
            terminal.complain(f"{file} is what a run that was killed had measured; to see it: doubles-lab {show}")
        yield stem


def keep(result: Record, stem: Path | None, finished: bool = False) -> None:
    """Saves what was measured so far, if anything was. Until a run has finished, its file says that it has not."""
    if stem is not None and any(row.timed for case in result.cases for row in case.rows):
        saved.save(replace(result, interrupted=not finished), stem.with_name(f"{stem.name}.json"))


def published(arguments: Sequence[str], seed: int) -> str:
    """The command of a run with its seed, for others to repeat: a path is its last part."""
    words = []
    for argument in arguments:
        option, equals, value = argument.partition("=") if argument.startswith("--") else ("", "", argument)
        words.append(option + equals + (Path(value).name if "/" in value or "\\" in value else value))
    if not any(word == "--seed" or word.startswith("--seed=") for word in words):
        words += ["--seed", str(seed)]
    return shlex.join(["doubles-lab", *words])


def verified_on_hostile(contenders: Sequence[Contender], timeout: float, errors: Console) -> findings.Findings | None:
    """What contenders do with every case but the sizes; ``None`` if that is interrupted."""
    chosen, _ = choose_cases([], [], VERIFIED)
    try:
        with progress.Bar(errors) as bar:
            return verified_on([Input(case) for case in chosen], contenders, timeout, bar)
    except KeyboardInterrupt:
        return None


def verified_on(
    inputs: Sequence[Input], contenders: Sequence[Contender], timeout: float, bar: progress.Bar
) -> findings.Findings:
    """What contenders do with inputs, with progress. A ``KeyboardInterrupt`` is passed on."""
    bar.case("verify", len(contenders) + 1)
    bar.doing("counting with the oracle")
    for given in inputs:
        _ = (given.characters, given.bytes)
    bar.step()
    collected: list[verification.Finding] = []
    busy = race.Busy(bar, "verifying", len(contenders), race.SLOW)
    for found in verification.verify_all(contenders, inputs, timeout, busy.with_):
        collected += found
        bar.step()
    return findings.collect(inputs, collected)


def choose_cases(
    names: Sequence[str], files: Sequence[str], default_tags: Sequence[str]
) -> tuple[list[Case], list[str]]:
    """The cases asked for, and the files that could not be read. Those with a default tag if none was asked for."""
    every = registry.find_cases()
    if names:
        chosen = registry.select(every, names, [], "case")
    elif files:
        chosen = []
    else:
        chosen = registry.select(every, [], default_tags, "case")
    unread: list[str] = []
    for path in files:
        try:
            case = from_file(path)
        except CaseError as error:
            unread.append(str(error).replace(path, Path(path).name, 1))
            terminal.complain(error)
            continue
        if any(case.name == other.name for other in chosen):
            case = replace(case, name=path)
        if any(case.name == other.name for other in chosen):
            continue  # the same file twice
        chosen.append(case)
    return chosen, unread


def finish(
    result: Record,
    stem: Path | None,
    charts: bool = True,
    verified: findings.Findings | None = None,
    explanation: Path | None = None,
) -> None:
    """Shows a record and, given the path that its files begin with, writes them."""
    out = terminal.out()
    if not any(case.rows for case in result.cases):
        if result.interrupted:
            terminal.complain("interrupted before anything was measured")
        return
    judged = judge(result)
    table.show(result, judged, out)
    if stem is not None:
        for file in write_files(result, judged, stem, charts, verified, explanation):
            out.print(Text(str(file), "dim"), soft_wrap=True)


def write_files(
    result: Record,
    judged: Judged,
    stem: Path,
    charts: bool,
    verified: findings.Findings | None = None,
    explanation: Path | None = None,
) -> list[Path]:
    """Writes every file of a record, with or without charts; returns their paths."""
    written: list[Path] = []

    def write(suffix: str, content: str | bytes) -> Path:
        file = stem.with_name(stem.name + suffix)
        saved.write_whole(file, content)
        written.append(file)
        return file

    if any(row.timed for case in result.cases for row in case.rows):
        write(".json", saved.dumps(result))
    pictures: dict[str, str] = {}
    if charts:
        from doubles_lab.report import chart  # a second to import, and only needed here

        for case, label in zip(result.cases, labels([case.name for case in result.cases])):
            svg, png = chart.render(chart.chart(case, judged[case.name], result))
            pictures[case.name] = write(f"-{label}.svg", svg).name
            write(f"-{label}.png", png)
    write(".md", exports.as_markdown(result, judged, pictures))
    write(".csv", exports.as_csv(result, judged))
    write(".summary.json", exports.as_json(result, judged))
    if verified is not None:
        write(FINDINGS, findings.dumps(verified))
    if charts:
        names = [file.name for file in written]
        write(".html", html(result, judged, stem.name + ".json", explanation, verified, names))
    return written


def labels(names: Sequence[str]) -> list[str]:
    """A part of a file's name for each, with nothing in it that a file system minds, and no two alike."""
    found: list[str] = []
    for name in names:
        plain = "".join(c if c.isalnum() or c in "-_." else "_" for c in name)
        short = plain.encode()[:LONGEST_LABEL].decode("utf-8", "ignore")
        others = {label.casefold() for label in found}
        ways = itertools.chain([short], (f"{short}_{number}" for number in itertools.count(2)))
        found.append(next(label for label in ways if label.casefold() not in others))
    return found


def html(
    result: Record,
    judged: Judged,
    result_name: str,
    explanation: Path | None,
    verified: findings.Findings | None,
    files: Sequence[str],
) -> str:
    """The page of a record, with the answers of an explanation's file if there is one."""
    from doubles_lab.questions import explain
    from doubles_lab.report import page as html_page  # a second to import, and only needed here

    explained = None if explanation is None else explain.read(explanation)
    parts = html_page.Parts(
        answers=[] if explained is None else explain.answers(explained),
        explanation=explained,
        findings=verified,
        result_name=result_name,
        files=files,
    )
    return html_page.render(result, judged, parts)


def exit_code(result: Record) -> int:
    """The exit code of a run."""
    rows = [row for case in result.cases for row in case.rows]
    if result.interrupted:
        return INTERRUPTED
    if any(row.status in (record.WRONG, record.FAILED) for row in rows):
        return WRONG
    if result.unread:
        return NO_INPUT
    return told_of_nothing("timed", {case.name: any(row.timed for row in case.rows) for case in result.cases})


def told_of_nothing(done: str, cases: Mapping[str, bool]) -> int:
    """The exit code of a command that did something on each of some cases, or did not, which is told of."""
    without = [name for name, any_was in cases.items() if not any_was]
    if without or not cases:
        terminal.complain(f"no contender was {done}" + (f" on {', '.join(without)}" if without else ""))
        return NOTHING
    return 0


def told_of_unmatched(option: str, patterns: Sequence[str], names: Sequence[str], done: str) -> None:
    """Tells of patterns that match none of the names that something was done with, and exits if there are any."""
    without = [pattern for pattern in patterns if not fnmatch.filter(names, pattern)]
    if without:
        terminal.complain(f"nothing was {done} of {option} {', '.join(without)}")
        sys.exit(NOTHING)


@cli.command(
    epilog="\b\nExamples:\n"
    "  doubles-lab verify                            every contender on every case but the sizes\n"
    "  doubles-lab verify --contender 're-*'         what `re` does with newlines\n"
    "  doubles-lab verify --file book.txt            what differs on your own data"
)
@case_options
@contender_options
@choice_options
@timeout_option
@click.option(
    "--output", type=DirectoryOption, help="Also write divergences.md and divergences.verify.json to this directory."
)
def verify(
    cases: Sequence[str],
    files: Sequence[str],
    names: Sequence[str],
    tags: Sequence[str],
    directories: Sequence[Path],
    languages: Sequence[str],
    unit: str | None,
    timeout: float,
    output: Path | None,
) -> None:
    """Show where contenders differ, and check that each does what it states about itself.

    Nothing is timed. Without --case or --file: every case but the sizes.
    """
    contenders = choose_contenders(names, tags, directories, languages, unit)
    check_functions(contenders, timeout)
    chosen, unread = choose_cases(cases, files, VERIFIED)
    inputs = [Input(case) for case in chosen]
    try:
        with progress.Bar(terminal.errors()) as bar:
            verified = verified_on(inputs, contenders, timeout, bar)
    except KeyboardInterrupt:
        terminal.complain("interrupted")
        sys.exit(INTERRUPTED)
    divergences.show(verified.inputs, verified.findings, terminal.out())
    if output is not None:
        saved.write_whole(output / "divergences.md", divergences.as_markdown(verified.inputs, verified.findings))
        saved.write_whole(output / f"divergences{FINDINGS}", findings.dumps(verified))
    if verification.broken(verified.findings):
        sys.exit(WRONG)
    if unread:
        sys.exit(NO_INPUT)
    ran = {(finding.case, finding.contender) for finding in verified.findings if finding.found is not None}
    code = told_of_nothing("verified", {given.name: any(case == given.name for case, _ in ran) for given in inputs})
    if code:
        sys.exit(code)
    told_of_unmatched("--contender", names, [contender for _, contender in ran], "verified")


@cli.command(
    "explain",
    epilog="\b\nExamples:\n"
    "  doubles-lab explain                           every question, some twenty minutes\n"
    "  doubles-lab explain --quick                   the same in five, less exactly\n"
    "  doubles-lab explain payoff --tag best         when native pays off, for the best of each approach\n"
    "  doubles-lab explain calls --budget 90s        what a call costs\n"
    "  doubles-lab explain ownership --budget 40m --add results/2026-01-01T12-00-00.explain.json\n"
    "  doubles-lab explain --show results/2026-01-01T12-00-00.explain.json",
)
@click.argument("questions", nargs=-1, metavar="[QUESTION]...")
@contender_options
@choice_options
@click.option("--charts", is_flag=True, help="Draw each chart into a file, as SVG.")
@click.option("--quick", is_flag=True, help="A fifth of the time.")
@click.option(
    "--budget",
    type=options.Duration(),
    help="Measure for so long in all, as 90s or 5m. [default: 1m a question, 4m for operations, 10m for ownership]",
)
@timeout_option
@click.option("--seed", type=SEED, help="The seed of the order in each round. [default: a new one, which is recorded]")
@click.option(
    "--output", type=DirectoryOption, default=Path("results"), show_default=True, help="Where the result files go."
)
@click.option("--no-files", is_flag=True, help="Write no files at all.")
@click.option("--add", "before", type=click.Path(path_type=Path), help="Keep what this file has of other questions.")
@click.option("--show", "file", type=click.Path(path_type=Path), help="Show what was saved in this file again.")
def explain_(
    questions: Sequence[str],
    names: Sequence[str],
    tags: Sequence[str],
    directories: Sequence[Path],
    languages: Sequence[str],
    unit: str | None,
    quick: bool,
    budget: float | None,
    timeout: float,
    seed: int | None,
    output: Path,
    no_files: bool,
    charts: bool,
    before: Path | None,
    file: Path | None,
) -> None:
    """Answer questions about what was chosen: what a call costs, when native pays off, and more.

    Each QUESTION is a word that the answers are headed by; without one, all are asked. What was measured is saved
    after each as <time>.explain.json, and the answers as <time>.explain.md. Charts are for the report, or with --charts
    each in a file of its own.
    """
    chosen = explain.choose(questions)
    if file is not None:
        show_explanation(file, [question.name for question in chosen])
        return
    contenders = choose_contenders(names, tags, directories, languages, unit)
    check_functions(contenders, timeout)
    seconds = sum(question.seconds for question in chosen) * (explain.QUICK if quick else 1)
    drawn = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    out = terminal.out()
    with stem_in(None if no_files else output, datetime.datetime.now().isoformat(timespec="seconds")) as stem:
        with progress.Bar(terminal.errors()) as bar:
            facts = warned()
            setting = Setting(
                contenders, budget or seconds, limit=timeout, seed=drawn, watcher=bar, budgeted=budget is not None
            )
            command = published(sys.argv[1:], drawn)
            to = stem and stem.with_name(f"{stem.name}.explain.json")
            try:
                result = explain.explain(chosen, setting, to, command, explain.read(before) if before else None, facts)
            except explain.NotAnExplanation as error:
                terminal.complain(error)
                sys.exit(NOTHING)
        found = explain.answers(result)
        if result.interrupted and not found:
            terminal.complain("interrupted before anything was measured")
        else:
            answer_text.show(result, found, out)
        if stem is not None and found:
            pictures = draw(found, stem) if charts else None
            markdown = answer_text.as_markdown(result, found, pictures)
            saved.write_whole(stem.with_name(f"{stem.name}.explain.md"), markdown)
            for suffix in ("json", "md"):
                out.print(Text(str(stem.with_name(f"{stem.name}.explain.{suffix}")), "dim"), soft_wrap=True)
    asked = {question.name for question in chosen}
    sys.exit(exit_code_of_answers(result, [each for each in found if each[0].name in asked]))


def draw(found: Sequence[tuple[Question, Answer]], stem: Path) -> dict[str, list[str]]:
    """Draws the charts of answers, and gives their files' names by question."""
    from doubles_lab.report import chart

    pictures: dict[str, list[str]] = {}
    for question, answer in found:
        for number, drawn in enumerate(answer.charts, 1):
            file = stem.with_name(f"{stem.name}.{question.name}-{number}.svg")
            saved.write_whole(file, chart.svg_of(drawn.spec))
            pictures.setdefault(question.name, []).append(file.name)
    return pictures


def show_explanation(file: Path, names: Sequence[str]) -> None:
    """Shows the answers to these questions that a saved file holds."""
    try:
        result = explain.read(file)
        found = [(question, answer) for question, answer in explain.answers(result) if question.name in names]
    except explain.NotAnExplanation as error:
        terminal.complain(error)
        sys.exit(NOTHING)
    if not found:
        terminal.complain(f"{file}: holds no answer to {', '.join(names)}")
        sys.exit(NOTHING)
    answer_text.show(result, found, terminal.out())
    sys.exit(told_of_empty(found))


def exit_code_of_answers(result: explain.Explanation, found: Sequence[tuple[Question, Answer]]) -> int:
    """The exit code of an explanation."""
    if result.interrupted:
        return INTERRUPTED
    if not result.data:
        return NOTHING
    if result.failed or any(answer.broken for _, answer in found):
        return WRONG
    return told_of_empty(found)


def told_of_empty(found: Sequence[tuple[Question, Answer]]) -> int:
    """The exit code for answers, of which those that nothing was measured for are told of."""
    empty = [question.name for question, answer in found if answer.empty]
    if empty:
        terminal.complain(f"nothing was measured for {', '.join(empty)}")
        return NOTHING
    return 0


@cli.command(
    "calls",
    epilog="\b\nExamples:\n"
    "  doubles-lab calls                             some ten seconds\n"
    "  doubles-lab calls --output calls.md           also as Markdown",
)
@click.option(
    "--processes", type=click.IntRange(1), default=10, show_default=True, help="Processes, one after another."
)
@click.option(
    "--rounds", type=click.IntRange(1), default=30, show_default=True, help="Samples of each function in each."
)
@click.option("--calls", "number", type=click.IntRange(1), default=10_000, show_default=True, help="Calls in a sample.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Also write the table to this file.")
def calls_(processes: int, rounds: int, number: int, output: Path | None) -> None:
    """Show what a call costs: the convention's part of it, and the binding library's.

    This is the table that `doubles-lab explain calls` works from, alone. Every function is called on the str "abb".
    Those of doubles_conventions use the C API alone, once by each of CPython's calling conventions; those named empty
    do nothing, through a binding library. They are built the first time.
    """
    try:
        with progress.Bar(terminal.errors()) as bar:
            bar.case("calls", processes)
            rows, _ = calls.measured(processes, rounds, number, bar)
    except KeyboardInterrupt:
        terminal.complain("interrupted")
        sys.exit(INTERRUPTED)
    except calls.Failed as error:
        terminal.complain(error)
        sys.exit(WRONG)
    calls.show(rows, terminal.out())
    if output is not None:
        saved.write_whole(output, calls.as_markdown(rows, processes, rounds, number))
    if any(row.wrong for row in rows):
        sys.exit(WRONG)
    if not any(row.samples for row in rows if row.library != calls.PYTHON):
        terminal.complain("no function of a binding could be timed")
        sys.exit(NOTHING)


@cli.command(
    "count-instructions",
    epilog="\b\nExamples:\n"
    "  doubles-lab count-instructions\n"
    "  doubles-lab count-instructions --case size-64k --contender 'pyo3-*' --output counts.md\n"
    "  doubles-lab count-instructions --output counts.json     for a program",
)
@case_options
@contender_options
@choice_options
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=600.0,
    show_default=True,
    help="Seconds after which a call under valgrind has hung.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the counts to this file: as JSON if its name ends so, else as Markdown.",
)
def count_instructions(
    cases: Sequence[str],
    files: Sequence[str],
    names: Sequence[str],
    tags: Sequence[str],
    directories: Sequence[Path],
    languages: Sequence[str],
    unit: str | None,
    timeout: float,
    output: Path | None,
) -> None:
    """Rank contenders by the instructions of a call, without a clock.

    Counted by valgrind's callgrind, so that other load on the machine does not matter: for CI. Each contender takes
    some ten seconds. Without --case or --file: a thousand letters.
    """
    contenders = choose_contenders(names, tags, directories, languages, unit)
    check_functions(contenders, timeout)
    chosen, unread = choose_cases(cases or ([] if files else ["size-1k"]), files, [])
    counts: list[instructions.Count] = []
    try:
        with progress.Bar(terminal.errors()) as bar:
            for case in chosen:
                counts += instructions.count(Input(case), contenders, timeout, bar)
    except KeyboardInterrupt:
        terminal.complain("interrupted")
        sys.exit(INTERRUPTED)
    if counts:
        instructions.show(counts, terminal.out())
        if output is not None:
            write = instructions.as_json if output.suffix == ".json" else instructions.as_markdown
            saved.write_whole(output, write(counts))
    if any(each.status in (record.WRONG, record.FAILED) for each in counts):
        sys.exit(WRONG)
    if unread:
        sys.exit(NO_INPUT)
    counted = {each.case for each in counts if each.instructions}
    sys.exit(told_of_nothing("counted", {case.name: case.name in counted for case in chosen}))


@cli.command(
    "list",
    epilog="\b\nExamples:\n  doubles-lab list\n  doubles-lab list --language rust --tag best",
)
@contender_options
@choice_options
def list_(
    names: Sequence[str], tags: Sequence[str], directories: Sequence[Path], languages: Sequence[str], unit: str | None
) -> None:
    """List contenders and cases."""
    contenders = choose_contenders(names, tags, directories, languages, unit)
    out = terminal.out()
    shown = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in ("Contender", "Counts", "Gets at the string", "Where it comes from", "Tags"):
        shown.add_column(column, overflow="fold", no_wrap=column == "Contender")
    for contender in contenders:
        cells = [contender.name, str(contender.unit), contender.access, contender.origin, ", ".join(contender.tags)]
        shown.add_row(*[Text(cell) for cell in cells])
    out.print(shown)
    out.print()
    shown = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in ("Case", "What it is", "Tags"):
        shown.add_column(column, overflow="fold", no_wrap=column == "Case")
    for case in registry.find_cases():
        shown.add_row(*[Text(cell) for cell in (case.name, case.about, ", ".join(case.tags))])
    out.print(shown)


ReadOption = click.Path(path_type=Path, dir_okay=False)


@cli.command(
    epilog="\b\nExamples:\n"
    "  doubles-lab report results/2026-01-01T12-00-00.json\n"
    "  doubles-lab report results/2026-01-01T12-00-00.json --baseline pyo3-bytes-once --output docs\n"
    "  doubles-lab report results/2026-01-01T12-00-00.json --explain explain.json --html page.html"
)
@click.argument("result", type=click.Path(path_type=Path))
@click.option(
    "--baseline", metavar="NAME", help="Show how many times as fast as this contender. [default: that of the run]"
)
@click.option(
    "--contender",
    "names",
    multiple=True,
    metavar="NAME",
    help="Show this one only; more than once for more.",
)
@click.option(
    "--output", type=DirectoryOption, help="Write Markdown, CSV, JSON, charts and the page to this directory."
)
@click.option("--html", "page", type=ReadOption, help="Write one HTML page, which needs no network, to this file.")
@click.option(
    "--explain",
    "explanation",
    type=ReadOption,
    help="What `doubles-lab explain` saved, for the page. [default: RESULT's name with .explain.json, if it is there]",
)
@click.option(
    "--findings",
    "found",
    type=ReadOption,
    help="What `doubles-lab verify` saved, for the page. [default: RESULT's name with .verify.json, if it is there]",
)
def report(
    result: Path,
    baseline: str | None,
    names: Sequence[str],
    output: Path | None,
    page: Path | None,
    explanation: Path | None,
    found: Path | None,
) -> None:
    """Show a saved RESULT again, and write its files anew if asked to."""
    from doubles_lab.questions import explain

    try:
        again = saved.read(result)
        verified = None if (file := found or beside(result, FINDINGS)) is None else findings.read(file)
        if baseline is not None:
            known = {row.contender: row for case in again.cases for row in case.rows if row.timed}
            if baseline not in known:
                raise registry.NotFound(registry.no_such("timed contender in this result", baseline, list(known)))
            again.baseline = baseline
        if names:
            only(again, names)
        explanation = explanation or beside(result, EXPLANATION)
        finish(again, None if output is None else output / result.stem, verified=verified, explanation=explanation)
        if page is not None:
            stem = result.stem
            near = sorted(
                file.name
                for file in result.parent.iterdir()
                if page.parent.resolve() == result.parent.resolve()
                and file.name.startswith((f"{stem}.", f"{stem}-"))
                and file.name != page.name
            )
            saved.write_whole(page, html(again, judge(again), result.name, explanation, verified, near))
            click.echo(terminal.visible(str(page)))
        if not any(row.timed for case in again.cases for row in case.rows):
            terminal.complain(f"{result}: no contender that is shown was timed")
            sys.exit(NOTHING)
    except (saved.NotAResult, explain.NotAnExplanation, findings.NotFindings) as error:
        terminal.complain(error)
        sys.exit(NOTHING)


def only(result: Record, names: Sequence[str]) -> None:
    """Leaves only these contenders in a result."""
    known = {row.contender for case in result.cases for row in case.rows}
    for name in names:
        if name not in known:
            raise registry.NotFound(registry.no_such("contender in this result", name, sorted(known)))
    for case in result.cases:
        case.rows = [row for row in case.rows if row.contender in names]


def beside(result: Path, ending: str) -> Path | None:
    """The file that has the name of a saved result with another ending, if there is one."""
    file = result.with_name(result.stem + ending)
    return file if file.exists() else None


@cli.command(
    epilog="\b\nExamples:\n"
    "  doubles-lab compare before.json after.json\n"
    "  doubles-lab compare baseline.json results/X.json --fail-if-slower 10% --contender 'pyo3-*'\n"
    "  doubles-lab compare old.json new.json --relative-to python-zip     another machine, or a busier one"
)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--case", "cases", multiple=True, metavar="NAME", help="Only this case, or a glob. Repeatable.")
@click.option("--contender", "names", multiple=True, metavar="NAME", help="Only this contender, or a glob. Repeatable.")
@click.option(
    "--fail-if-slower",
    type=options.Percent(),
    metavar="PERCENT",
    help=f"Exit with {SLOWER} if a contender is slower by more than this, such as 10%, its whole interval; with {LOST} "
    "if one of OLD cannot be compared.",
)
@click.option("--relative-to", metavar="NAME", help="Compare times over those of this contender in the same round.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Also write Markdown to this file.")
def compare(
    old: Path,
    new: Path,
    cases: Sequence[str],
    names: Sequence[str],
    fail_if_slower: float | None,
    relative_to: str | None,
    output: Path | None,
) -> None:
    """Show what changed from the saved run OLD to the saved run NEW, with intervals.

    The files are those that `run` saves (results/<time>.json); a team can commit one as its baseline.
    """
    results = []
    for file in (old, new):
        try:
            results.append(saved.read(file))
        except saved.NotAResult as error:
            terminal.complain(error)
            sys.exit(NOTHING)
    before, after = results
    rows = {(case.name, row.contender) for result in results for case in result.cases for row in case.rows}
    known = {contender for _, contender in rows}
    if relative_to is not None and relative_to not in known:
        raise registry.NotFound(registry.no_such("contender in these results", relative_to, sorted(known)))
    changes = comparison.compare(before, after, relative_to)
    changes = registry.matching(changes, cases, lambda each: each.case, "case in these results")
    changes = registry.matching(changes, names, lambda each: each.contender, "contender in these results")
    warned = comparison.warnings(before, after)
    comparison.show(changes, warned, fail_if_slower, terminal.out())
    if output is not None:
        saved.write_whole(output, comparison.as_markdown(changes, warned, fail_if_slower))
    if any(each.broken for each in changes):
        sys.exit(WRONG)
    compared = [each for each in changes if each.ratio]
    if fail_if_slower is not None:
        if any(each.exceeds(fail_if_slower) for each in changes):
            sys.exit(SLOWER)
        if any(each.lost for each in changes):
            terminal.complain(comparison.lost(changes))
            sys.exit(LOST)
        told_of_unmatched("--contender", names, [each.contender for each in compared], "compared")
        told_of_unmatched("--case", cases, [each.case for each in compared], "compared")
    if not compared:
        terminal.complain("the two runs have nothing in common that could be compared")
        sys.exit(NOTHING)


def main() -> None:
    """The entry point of the command."""
    # Whoever ends the lab, as a service manager does, gets what was measured, and no process or file is left.
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    with temporary.of_this_run():
        cli(prog_name="doubles-lab")
