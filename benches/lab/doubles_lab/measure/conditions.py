"""What else the machine does while the lab measures: measured, so that a doubtful run can say what disturbed it."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

from doubles_lab.results.record import Conditions


@dataclass(frozen=True)
class Reading:
    """What the operating system tells at one moment."""

    time: float
    load: float | None
    #: CPU seconds since the machine was started: of all processes, of the lab's, and withheld by the hypervisor.
    busy: float
    ours: float
    stolen: float | None
    mhz: float | None


def read(workers: Iterable[int]) -> Reading:
    """A reading. ``workers`` are the ids of the lab's processes. Some milliseconds."""
    all_of_them = psutil.cpu_times()
    idle = all_of_them.idle + getattr(all_of_them, "iowait", 0.0)
    stolen = getattr(all_of_them, "steal", None)
    # Guests are counted among the users already.
    counted_twice = getattr(all_of_them, "guest", 0.0) + getattr(all_of_them, "guest_nice", 0.0)
    own = psutil.Process().cpu_times()
    ours = own.user + own.system + getattr(own, "children_user", 0.0) + getattr(own, "children_system", 0.0)
    for worker in workers:
        with contextlib.suppress(psutil.Error):
            times = psutil.Process(worker).cpu_times()
            ours += times.user + times.system
    return Reading(
        time=time.monotonic(),
        load=os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        busy=sum(all_of_them) - idle - (stolen or 0.0) - counted_twice,
        ours=ours,
        stolen=stolen,
        mhz=highest_mhz(),
    )


def highest_mhz() -> float | None:
    """The frequency of the CPU that runs fastest now; ``None`` where nothing tells."""
    try:
        found = [each.current for each in psutil.cpu_freq(percpu=True)]
    except (AttributeError, NotImplementedError, OSError, RuntimeError, TypeError):
        return None  # each platform without frequencies has its own way to say so
    return max(found, default=None) or None


def between(before: Reading, after: Reading) -> Conditions:
    """What happened between two readings."""
    seconds = max(after.time - before.time, 1e-9)
    others = (after.busy - before.busy) - (after.ours - before.ours)
    stolen = None if after.stolen is None or before.stolen is None else after.stolen - before.stolen
    return Conditions(
        seconds=seconds,
        load_before=before.load,
        load_after=after.load,
        # The two clocks tick in hundredths of a second, so a quiet machine may come out a little below none.
        others=max(0.0, others / seconds),
        stolen=None if stolen is None else max(0.0, stolen / seconds),
        mhz_before=before.mhz,
        mhz_after=after.mhz,
    )
