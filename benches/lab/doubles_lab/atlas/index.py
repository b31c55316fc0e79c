"""What an atlas's directory holds: a saved run for each problem, and an index with what a run has no place for."""

# No `from __future__ import annotations`: Python 3.9 could not evaluate the annotations again, as msgspec does.
from pathlib import Path
from typing import Optional, TypeVar

import msgspec
from msgspec import field

from doubles_lab.results import saved, untrusted
from doubles_lab.results.record import Amount, Count, Name, Record, Saved, Text

FILE = "atlas.json"
#: The approach of what is not written for a problem but installed.
LIBRARY = "library"
#: What identifies the format.
FORMAT = "doubles-lab atlas 1"


class NotAnAtlas(Exception):
    """A directory without an atlas. Its text says what is wrong."""


class Source(Saved):
    """A source file of a problem, and what it costs besides the time of a call."""

    file: Name
    approach: Name
    #: Lines with code, those of the files that are compiled with it included.
    lines: Count
    #: The hash of the file, so that no page shows another text beside what was measured.
    sha256: Text
    #: What building it takes, in seconds, and the bytes of what comes out; ``None`` where nothing is built.
    seconds: Optional[Amount] = None
    size: Optional[Count] = None


class Sizes(Saved):
    """The cases of a sized input, by ascending size."""

    input: Name
    cases: list[tuple[Count, Name]]


class Entry(Saved):
    """A problem of the atlas."""

    name: Name
    folder: Name
    shape: Text
    shows: Text
    #: The case that the heat map is about: the largest of the first input.
    main: Name
    #: The approach of each implementation but the baseline, and the file of those that have one.
    approaches: dict[Name, Name]
    files: dict[Name, Name]
    sizes: list[Sizes]
    sources: list[Source]
    #: A hash of the problem's files, of the versions of what they need and of how they are measured.
    made_of: Text = ""
    date: Text = ""


class Index(Saved, tag_field="format", tag=FORMAT):
    """The index of an atlas."""

    problems: list[Entry] = field(default_factory=list)

    def entry(self, name: str) -> Optional[Entry]:
        """The entry of a problem, if there is one."""
        return next((each for each in self.problems if each.name == name), None)

    def put(self, entry: Entry) -> None:
        """Adds an entry in place of that of the same problem."""
        self.problems = sorted(
            [*(each for each in self.problems if each.name != entry.name), entry], key=lambda each: each.name
        )


Decoded = TypeVar("Decoded", bound=Saved)


def read(directory: Path) -> Index:
    """The index in a directory. Raises :class:`NotAnAtlas` where there is none."""
    return decoded(directory / FILE, Index)


def decoded(file: Path, kind: type[Decoded]) -> Decoded:
    """What a file of an atlas holds. Raises :class:`NotAnAtlas` for any other file."""
    try:
        return msgspec.json.decode(untrusted.text_of(file).encode(), type=kind)
    except OSError as error:
        raise NotAnAtlas(f"{file}: {error.strerror or error}") from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise NotAnAtlas(f"{file}: is not the index of an atlas ({untrusted.shortly(error)})") from None


def write(directory: Path, index: Index) -> None:
    """Writes the index, whole or not at all."""
    saved.write_whole(directory / FILE, msgspec.json.format(msgspec.json.encode(index), indent=1))


def record_file(directory: Path, problem: str) -> Path:
    """The file of the run of a problem."""
    return directory / f"{problem}.json"


def record_of(directory: Path, entry: Entry) -> Optional[Record]:
    """The run of a problem, as far as it got; ``None`` if nothing of it was saved."""
    file = record_file(directory, entry.name)
    return saved.read(file) if file.exists() else None
