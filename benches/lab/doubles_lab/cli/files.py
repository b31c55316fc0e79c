"""The files of a run: what they are called, and what is in each."""

from __future__ import annotations

import contextlib
import itertools
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from rich.text import Text

from doubles_lab.questions import explain
from doubles_lab.report import exports, table, terminal
from doubles_lab.results import claim, findings, saved
from doubles_lab.results.record import Record
from doubles_lab.results.verdict import Judged, judge

#: How the names of files end that lie beside a saved result.
FINDINGS, EXPLANATION = ".verify.json", ".explain.json"
#: Bytes of a case's name that the name of a file takes.
LONGEST_LABEL = 100


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
        saved.save(msgspec.structs.replace(result, interrupted=not finished), stem.with_name(f"{stem.name}.json"))


def published(arguments: Sequence[str], seed: int) -> str:
    """The command of a run with its seed, for others to repeat: a path is its last part."""
    words = []
    for argument in arguments:
        option, equals, value = argument.partition("=") if argument.startswith("--") else ("", "", argument)
        words.append(option + equals + (Path(value).name if "/" in value or "\\" in value else value))
    if not any(word == "--seed" or word.startswith("--seed=") for word in words):
        words += ["--seed", str(seed)]
    return shlex.join(["doubles-lab", *words])


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
            svg, png = chart.render(chart.picture(case, judged[case.name], result))
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
