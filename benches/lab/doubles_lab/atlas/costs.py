"""What an implementation costs besides the time of a call: lines of code, the time to build it, and its size."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path

from pygments.lexers import get_lexer_for_filename
from pygments.token import Comment, String
from pygments.util import ClassNotFound

from doubles_lab import temporary
from doubles_lab.approaches import included
from doubles_lab.approaches.build import cache_dir
from doubles_lab.approaches.shared import LIBRARY
from doubles_lab.atlas.cells import Atlas, title
from doubles_lab.atlas.index import Source
from doubles_lab.folder import Folder, approach_of
from doubles_lab.given import NotForThis, expectation, inputs_of
from doubles_lab.implementation import Implementation
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.files import Files
from doubles_lab.measure.process import Gone, Process, Scratch
from doubles_lab.measure.verify import BUILD_LIMIT, load
from doubles_lab.report.document import Cell, Column, Table
from doubles_lab.report.table import LEADS, PREPARED, interval
from doubles_lab.results.verdict import number

#: Approaches whose file goes with the C file ``lib.c``.
OVER_LIBRARY = ("ctypes", "cffi_abi", "cffi_api")
#: Where Numba keeps in the cache what it compiled.
NUMBA = "numba"
#: How the names of native modules end.
NATIVE_SUFFIXES = (".so", ".dylib", ".dll", ".pyd")


def source(folder: Folder, file: str, approach: str) -> Source:
    """What is known of a source file without building it."""
    return Source(file, approach, sum(map(lines, files_of(folder.path, file))), digest(folder.path, file))


def digest(folder: Path, file: str) -> str:
    """A hash of a source, with what is compiled with it."""
    return hashlib.sha256(b"\0".join(each.read_bytes() for each in files_of(folder, file))).hexdigest()


def files_of(folder: Path, file: str) -> list[Path]:
    """A source, with what is compiled with it."""
    path = folder / file
    approach = approach_of(path)
    if approach is None:
        return [path]
    found = [approach.file(path)]
    if approach.name in OVER_LIBRARY:
        library = folder / LIBRARY
        found += included.files(library) if library.exists() else []
    if path.suffix == ".i":
        found.append(path.with_suffix(".c"))
    return [each for each in found if each.exists()]


def lines(file: Path) -> int:
    """The lines of a file that hold code: neither empty, nor comments, nor documentation alone."""
    text = file.read_text(encoding="utf-8")
    try:
        lexer = get_lexer_for_filename(file.name, stripnl=False)
    except ClassNotFound:
        return sum(bool(line.strip()) for line in text.splitlines())
    with_code = set()
    number = 0
    for token, value in lexer.get_tokens(text):
        told = token in Comment and token not in Comment.Preproc and token not in Comment.PreprocFile
        for place, part in enumerate(value.split("\n")):
            number += place > 0
            if part.strip() and not told and token not in String.Doc:
                with_code.add(number)
    return len(with_code)


def take_over(sources: Sequence[Source], known: Sequence[Source]) -> None:
    """Fills in what is known of the builds of sources that have not changed since."""
    before = {(each.file, each.sha256): each for each in known}
    for each in sources:
        if old := before.get((each.file, each.sha256)):
            each.seconds, each.size = old.seconds, old.size


def measure_builds(folder: Folder, sources: Sequence[Source], watcher: Watcher) -> None:
    """Builds each source of a problem alone of which that is not known, and fills in how long it takes and its size.

    What sources share, such as the crates that they depend on, is there already.
    """
    watcher.case("build times", len(sources))
    for each in sources:
        watcher.doing(f"building {each.file} alone")
        of_file = [one for one in folder.implementations if one.source == each.file and one.compiled]
        if of_file and each.seconds is None:
            each.seconds, each.size = built(folder, of_file[0])
        watcher.step()


def built(folder: Folder, implementation: Implementation) -> tuple[float | None, int | None]:
    """The seconds that a build takes, and the bytes of the native modules that it leaves; ``None`` where it fails.

    The seconds are what loading and a first call, at which Numba compiles, take longer than they do the second time.
    """
    cache_dir().mkdir(parents=True, exist_ok=True)
    with temporary.directory(".building-", cache_dir()) as place, Scratch() as scratch:
        own = f"{folder.path.name}-"
        for each in cache_dir().iterdir():
            if not each.name.startswith((own, ".", NUMBA)):
                (place / each.name).symlink_to(each.resolve())
        took = []
        for _ in range(2):
            process = Process(DOUBLES_LAB_CACHE=str(place), NUMBA_CACHE_DIR=str(place / NUMBA))
            try:
                begun = time.perf_counter()
                if load(process, implementation, BUILD_LIMIT):
                    return None, None
                call_once(process, folder, implementation, Files(scratch))
                took.append(time.perf_counter() - begun)
            except Gone:
                return None, None
            finally:
                process.end()
        made = [each for each in place.glob(f"{own}*/*") if each.suffix in NATIVE_SUFFIXES]
        return max(0.0, took[0] - took[1]), sum(each.stat().st_size for each in made) or None


def call_once(process: Process, folder: Folder, implementation: Implementation, files: Files) -> None:
    """Calls an implementation with the first input that it takes. Raises :class:`Gone` if that ends the process."""
    for given in inputs_of(folder.problem):
        try:
            path = files.expected(expectation(implementation, given).outcome)
        except NotForThis:
            continue
        if "raised" not in process.ask("give", BUILD_LIMIT, **files.request(given), expected=path):
            process.ask("call", BUILD_LIMIT)
        return


def table(atlas: Atlas) -> Table:
    """What the implementations of the heat map cost, beside what they gain."""
    columns = [
        Column("Problem"),
        Column("Approach"),
        Column("Implementation", style="quiet", room=2),
        Column("× plain Python", number=True),
        Column("Of the best", number=True),
        Column("Lines", number=True),
        Column("Build, s", number=True),
        Column("Size, kB", number=True),
    ]
    rows = []
    for line in atlas.lines:
        known = {each.file: each for each in line.entry.sources}
        found = [line.squares[name] for name in atlas.approaches if name in line.squares]
        timed = [
            (each, each.best, each.speedup) for each in found if each.best is not None and each.speedup is not None
        ]
        for square, best, speedup in sorted(timed, key=lambda each: -each[2].value):
            source = known.get(line.entry.files.get(best.row.contender, ""))
            mark = (f" {LEADS}" if square.leading else "") + PREPARED * best.row.prepared
            rows.append(
                [
                    Cell(line.entry.name, "strong"),
                    Cell(title(square.approach), "", mark),
                    best.row.contender,
                    Cell(number(speedup.value), value=speedup.value, hint=interval(speedup)),
                    Cell(f"{speedup.value / line.most:.0%}", value=speedup.value / line.most),
                    Cell(str(source.lines), value=source.lines) if source else Cell("–", value=0),
                    number_cell(source.seconds if source else None, "{:.1f}"),
                    number_cell(source.size / 1000 if source and source.size else None, "{:,.0f}"),
                ]
            )
    notes = [
        "Lines hold code: those of the whole file, with all implementations in it and the C that goes with it, "
        "without comments and documentation",
        "Build: that file alone and a first call, with what files share already there; Size: the native module, "
        "without debug information",
    ]
    return Table("What it costs besides", columns, rows, notes=notes, shared=1)


def number_cell(value: float | None, form: str) -> Cell:
    """A number; a dash where there is none, since nothing is built."""
    return Cell("–", value=-1) if value is None else Cell(form.format(value), value=value)
