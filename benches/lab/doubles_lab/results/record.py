"""What a run leaves: for each case and contender, what was measured or why nothing was.

Plain data. Everything that is shown is worked out from it, so a saved file can be shown again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Run:
    """The samples that one process gave: seconds a call, in the order of the rounds."""

    loops: int
    warmups: list[tuple[int, float]]
    values: list[float]
    date: str = ""
    load: float = 0.0


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


@dataclass
class Row:
    """One contender on one case."""

    contender: str
    unit: str
    language: str
    binding: str
    access: str
    origin: str
    status: str = UNMEASURED
    #: Why it is not ranked.
    reason: str = ""
    #: What it should give by the unit that is ranked, and what it gave.
    expected: int | None = None
    found: int | None = None
    #: The bytes that its input takes in memory.
    stored: int = 0
    #: Whether it was handed something made from the text beforehand, which is not timed.
    prepared: bool = False
    flags: str = ""
    tags: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)

    @property
    def samples(self) -> list[list[float]]:
        """Seconds a call, by process and round."""
        return [run.values for run in self.runs]

    @property
    def timed(self) -> bool:
        """Whether it has times that may be shown."""
        return self.status in (RANKED, APART) and any(run.values for run in self.runs)


@dataclass
class Conditions:
    """What else the machine did during the rounds of one generation of processes. ``None`` where nothing tells."""

    seconds: float
    #: The load average of a minute, before and after. The lab itself makes one of it.
    load_before: float | None = None
    load_after: float | None = None
    #: CPUs that other processes kept busy, on average.
    others: float | None = None
    #: CPUs that the hypervisor gave to other machines, on average.
    stolen: float | None = None
    #: The highest frequency of a CPU in MHz, before and after.
    mhz_before: float | None = None
    mhz_after: float | None = None


@dataclass
class SelfCheck:
    """A contender that took part more often: as it is, as a twin, and slowed by a known share.

    Seconds a call, by process and round, as in :class:`Run`; the rounds are those of the race.
    """

    #: "" where the race was too short for the lab to try.
    contender: str
    #: The share that the third was slowed by.
    slowdown: float
    #: How much of the input each was called on: characters, or bytes where it is not text.
    length: int = 0
    #: Calls in a sample, by process; the slowed one made so many more.
    loops: list[int] = field(default_factory=list)
    original: list[list[float]] = field(default_factory=list)
    twin: list[list[float]] = field(default_factory=list)
    slowed: list[list[float]] = field(default_factory=list)
    #: Why the lab could not check itself, "" if it could.
    reason: str = ""


@dataclass
class CaseRecord:
    """One case, and every contender on it."""

    name: str
    about: str
    #: The unit that is ranked by.
    reference: str
    #: Sizes and counts by unit. Characters are missing for input that is not text.
    length: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    sha256: str = ""
    rounds: int = 0
    rows: list[Row] = field(default_factory=list)
    #: ``None`` in what was saved before the lab checked itself, or where it had not begun to.
    selfcheck: SelfCheck | None = None
    #: By generation of processes.
    conditions: list[Conditions] = field(default_factory=list)


@dataclass
class Record:
    """A whole run."""

    date: str
    seed: int
    processes: int
    rounds: int
    sample_ms: float
    baseline: str
    machine: dict[str, str | int | float] = field(default_factory=dict)
    #: The command that made it, without directories; "" in files of earlier versions.
    command: str = ""
    interrupted: bool = False
    #: Whether each call had an argument of its own that was in no cache.
    cold: bool = False
    #: Seconds that were given for measuring; ``None`` if no budget was.
    budget: float | None = None
    #: Inputs that could not be read, with the reason.
    unread: list[str] = field(default_factory=list)
    cases: list[CaseRecord] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The record as plain dicts and lists."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Record:
        """The record that :meth:`as_dict` gave. Raises ``KeyError`` or ``TypeError`` for anything else."""
        cases = []
        for case in data.pop("cases"):
            rows = []
            for row in case.pop("rows"):
                runs = []
                for run in row.pop("runs"):
                    run["warmups"] = [(int(loops), float(value)) for loops, value in run["warmups"]]
                    runs.append(Run(**run))
                rows.append(Row(**row, runs=runs))
            check = case.pop("selfcheck", None)
            conditions = [Conditions(**each) for each in case.pop("conditions", [])]
            cases.append(
                CaseRecord(
                    **case, rows=rows, selfcheck=None if check is None else SelfCheck(**check), conditions=conditions
                )
            )
        return cls(**data, cases=cases)
