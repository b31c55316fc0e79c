"""What a run leaves: for each case and contender, what was measured or why nothing was.

Plain data. Everything that is shown is worked out from it, so a saved file can be shown again. The types are the schema
of that file: msgspec refuses any other shape, longer texts and numbers out of range.
"""

# No `from __future__ import annotations`: Python 3.9 could not evaluate the annotations again, as msgspec does.
from typing import Annotated, Optional, Union

from msgspec import Meta, Struct

Text = Annotated[str, Meta(max_length=20_000)]
Name = Annotated[str, Meta(min_length=1, max_length=1000)]
Count = Annotated[int, Meta(ge=0)]
Calls = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(gt=1e-13, le=1e7)]
Amount = Annotated[float, Meta(ge=0, le=1e15)]
#: "" where no unit is counted: in problems of the user's.
UnitName = Annotated[str, Meta(pattern="^(characters|bytes|elements|)$")]


class Saved(Struct, forbid_unknown_fields=True):
    """A part of a saved file. A field that an older file lacks has its default."""


class Run(Saved):
    """The samples that one process gave: seconds a call, in the order of the rounds."""

    loops: Calls
    warmups: list[tuple[Calls, Annotated[float, Meta(ge=0, le=1e7)]]]
    values: list[Seconds]
    date: Text = ""
    load: Amount = 0.0


#: Gave the count that was asked for; ranked.
RANKED = "ranked"
#: Gave what it says it gives, which is another count (another unit, a known divergence); timed, not ranked.
APART = "apart"
#: Gave a count that it does not state. Never ranked.
WRONG = "wrong"
#: Raised, crashed, hung or exited. Never ranked.
FAILED = "failed"
#: Cannot run here, or not on this input.
UNAVAILABLE = "unavailable"
#: Interrupted before it was measured.
UNMEASURED = "unmeasured"
Status = Annotated[str, Meta(pattern=f"^({'|'.join((RANKED, APART, WRONG, FAILED, UNAVAILABLE, UNMEASURED))})$")]


class Row(Saved):
    """One contender on one case."""

    contender: Annotated[str, Meta(pattern=r"^\S+$", max_length=1000)]
    unit: UnitName
    language: Text
    binding: Text
    access: Text
    origin: Text
    status: Status = UNMEASURED
    #: Why it is not ranked.
    reason: Text = ""
    #: What it should give by the unit that is ranked, and what it gave.
    expected: Optional[int] = None
    found: Optional[int] = None
    #: The bytes that its input takes in memory.
    stored: Count = 0
    #: Whether it was handed something made from the text beforehand, which is not timed.
    prepared: bool = False
    flags: Text = ""
    tags: list[Text] = []
    versions: dict[str, Text] = {}
    details: dict[str, Text] = {}
    runs: list[Run] = []

    @property
    def samples(self) -> list[list[float]]:
        """Seconds a call, by process and round."""
        return [run.values for run in self.runs]

    @property
    def timed(self) -> bool:
        """Whether it has times that may be shown."""
        return self.status in (RANKED, APART) and any(run.values for run in self.runs)


class Conditions(Saved):
    """What else the machine did during the rounds of one generation of processes. ``None`` where nothing tells."""

    seconds: float
    #: The load average of a minute, before and after. The lab itself makes one of it.
    load_before: Optional[Amount] = None
    load_after: Optional[Amount] = None
    #: CPUs that other processes kept busy, on average.
    others: Optional[Amount] = None
    #: CPUs that the hypervisor gave to other machines, on average.
    stolen: Optional[Amount] = None
    #: The highest frequency of a CPU in MHz, before and after.
    mhz_before: Optional[Amount] = None
    mhz_after: Optional[Amount] = None


class SelfCheck(Saved):
    """A contender that took part more often: as it is, as a twin, and slowed by a known share.

    Seconds a call, by process and round, as in :class:`Run`; the rounds are those of the race.
    """

    #: "" where the race was too short for the lab to try.
    contender: Annotated[str, Meta(max_length=1000)]
    #: The share that the third was slowed by.
    slowdown: Annotated[float, Meta(ge=0, le=1)]
    #: How much of the input each was called on: characters, or bytes where it is not text.
    length: Count = 0
    #: Calls in a sample, by process; the slowed one made so many more.
    loops: list[Calls] = []
    original: list[list[Seconds]] = []
    twin: list[list[Seconds]] = []
    slowed: list[list[Seconds]] = []
    #: Why the lab could not check itself, "" if it could.
    reason: Text = ""


class CaseRecord(Saved):
    """One case, and every contender on it."""

    name: Name
    about: Text
    #: The unit that is ranked by.
    reference: UnitName
    #: Sizes and counts by unit. Characters are missing for input that is not text.
    length: dict[Name, Count] = {}
    counts: dict[UnitName, Count] = {}
    sha256: Text = ""
    rounds: Count = 0
    rows: list[Row] = []
    #: ``None`` in what was saved before the lab checked itself, or where it had not begun to.
    selfcheck: Optional[SelfCheck] = None
    #: By generation of processes.
    conditions: list[Conditions] = []


class Record(Saved):
    """A whole run."""

    date: Text
    seed: Count
    processes: Calls
    rounds: Calls
    sample_ms: Amount
    baseline: Text
    machine: dict[str, Union[Text, int, float]] = {}
    #: The command that made it, without directories; "" in files of earlier versions.
    command: Text = ""
    interrupted: bool = False
    #: Whether each call had an argument of its own that was in no cache.
    cold: bool = False
    #: Seconds that were given for measuring; ``None`` if no budget was.
    budget: Optional[Amount] = None
    #: Inputs that could not be read, with the reason.
    unread: list[Text] = []
    cases: list[CaseRecord] = []
    #: The name of the problem; "" in files of earlier versions.
    problem: Annotated[str, Meta(max_length=1000)] = ""
