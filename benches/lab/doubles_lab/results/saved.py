"""Saved results: pyperf's suite format, which ``python -m pyperf stats``, ``hist`` and ``compare_to`` read.

One benchmark for each contender and case that gave the count it states, one run for each process, with
its warm-ups. All that pyperf has no place for, above all the rows without times, is a line of JSON in the
metadata, under ``doubles_lab``; the samples are not in it twice.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import pyperf

from doubles_lab import __version__
from doubles_lab.approaches import build
from doubles_lab.results import untrusted
from doubles_lab.results.record import Record, Row, Run

KEY = "doubles_lab"


class NotAResult(Exception):
    """A file that this lab did not save. Its text says what is wrong."""


def benchmark_name(case: str, contender: str) -> str:
    """The name that a contender on a case has in the saved file."""
    return f"{case}: {contender}"


def machine() -> dict[str, str | int | float]:
    """What this machine, its Python and its tools are: what pyperf collects, and the versions of the rest."""
    collected: dict[str, Any] = pyperf.Run([1.0], collect_metadata=True).get_metadata()
    for of_this_process in ("mem_max_rss", "date", "load_avg_1min", "uptime", "runnable_threads"):
        collected.pop(of_this_process, None)
    # Results are published: where somebody keeps things is nobody's business.
    for private in ("python_executable", "python_config_args", "hostname"):
        collected.pop(private, None)
    collected["doubles_lab_version"] = __version__
    if "cpu_model_name" not in collected:
        collected["cpu_model_name"] = platform.processor() or platform.machine()
    commands = {"rustc_version": ["rustc", "--version"], "cc_version": ["cc", "--version"]}
    # An installed lab may lie in somebody else's repository, whose revision says nothing here.
    if lab := build.from_sources():
        commands["revision"] = ["git", "-C", str(lab), "describe", "--always", "--dirty", "--abbrev=12"]
    for key, command in commands.items():
        said = first_line(command)
        if said:
            collected[key] = said
    return collected


def first_line(command: list[str]) -> str:
    """The first line that a command prints; "" if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip().partition("\n")[0]


def save(result: Record, file: Path) -> None:
    """Writes a record, whole or not at all. Raises ``ValueError`` if nothing in it was timed."""
    write_whole(file, dumps(result))


def dumps(result: Record) -> str:
    """The text of a saved record. Raises ``ValueError`` if nothing in it was timed."""
    rest = msgspec.to_builtins(result)
    for case in rest["cases"]:
        for row in case["rows"]:
            row["runs"] = []  # the benchmarks hold them
    machine_facts = rest.pop("machine")
    line = json.dumps(rest)
    benchmarks = []
    for case_record in result.cases:
        for row in case_record.rows:
            if not row.timed:
                continue
            facts = {
                **{f"{name}_version": value for name, value in row.versions.items()},
                # pyperf takes no empty value and none of several lines.
                **{name: " ".join(value.split()) for name, value in row.details.items() if value.strip()},
                **machine_facts,
                KEY: line,
                "name": benchmark_name(case_record.name, row.contender),
                "case": case_record.name,
                "contender": row.contender,
                "seed": result.seed,
                # Of a problem of the user's there are fewer.
                **{
                    name: value
                    for name, value in {
                        "case_sha256": case_record.sha256,
                        "counts": row.unit,
                        "count": row.found,
                        "expected_count": row.expected,
                        "build_flags": row.flags,
                    }.items()
                    if value not in ("", None)
                },
            }
            runs = [
                pyperf.Run(
                    run.values,
                    warmups=[tuple(warmup) for warmup in run.warmups],
                    metadata={**facts, "loops": run.loops, "date": run.date or result.date, "load_avg_1min": run.load},
                    collect_metadata=False,
                )
                for run in row.runs
                if run.values
            ]
            benchmarks.append(pyperf.Benchmark(runs))
    if not benchmarks:
        raise ValueError("nothing was timed, so there is nothing to save")
    suite = pyperf.BenchmarkSuite(benchmarks)
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "suite.json"
        suite.dump(str(file), compact=True)
        return file.read_text(encoding="utf-8")


def read(file: Path) -> Record:
    """The record that a saved file holds. Raises :class:`NotAResult` for any other file, whatever is in it."""
    try:
        text = untrusted.text_of(file)
        untrusted.parsed(text)
        suite = pyperf.BenchmarkSuite.loads(text)
        facts = suite.get_metadata()
        if KEY not in facts:
            raise NotAResult(f"{file}: is a pyperf file, but doubles-lab did not save it")
        rest = untrusted.parsed(facts.pop(KEY))
        result = msgspec.convert({**rest, "machine": facts}, Record)
        for case in result.cases:
            for row in case.rows:
                row.runs = _runs(suite, case.name, row)
        if any(len(set(names)) < len(names) for names in _names(result)):
            raise ValueError("a case, or a contender on a case, is there twice")
    except NotAResult:
        raise
    except OSError as error:
        raise NotAResult(f"{file}: {error.strerror or error}") from None
    except Exception as error:  # pyperf raises what its parts raise
        said = f"{type(error).__name__}: {untrusted.shortly(error)}"
        raise NotAResult(f"{file}: is not a result that doubles-lab saved ({said})") from None
    return result


def _names(result: Record) -> list[list[str]]:
    return [[case.name for case in result.cases], *([row.contender for row in case.rows] for case in result.cases)]


def _runs(suite: Any, case: str, row: Row) -> list[Run]:
    try:
        benchmark = suite.get_benchmark(benchmark_name(case, row.contender))
    except KeyError:
        return []
    runs = [(run, run.get_metadata()) for run in benchmark.get_runs()]
    found = [
        {
            "loops": facts.get("loops", 1),
            "warmups": run.warmups,
            "values": run.values,
            "date": facts.get("date", ""),
            "load": facts.get("load_avg_1min", 0.0),
        }
        for run, facts in runs
    ]
    return msgspec.convert(found, list[Run])


def write_whole(file: Path, content: str | bytes) -> None:
    """Writes a file so that a reader sees all of it or what was there before, whatever ends this process meanwhile.

    What UTF-8 has no form for, half a surrogate pair, is written as its escape, which JSON reads as what it was.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    handle, scratch = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())  # or a failure of power could leave the new name with nothing in it
        Path(scratch).chmod(0o644)
        Path(scratch).replace(file)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise
