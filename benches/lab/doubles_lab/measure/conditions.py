"""What disturbs a measurement: how the machine is set, before a run, and what else it does, meanwhile.

Both are read without root, from Linux's /sys and /proc and by psutil; nothing is said of what nothing tells.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from doubles_lab.results.record import Conditions

#: The load average for each CPU above which other programs disturb.
BUSY = 0.5
#: The bytes of the last cache where the system does not tell, and the most that are walked through.
UNKNOWN_CACHE, MOST_WALKED = 32 << 20, 512 << 20


def warnings(root: Path = Path("/"), allowed: Iterable[int] | None = None) -> list[str]:
    """What will disturb a measurement on this machine: a sentence each, with the command that ends it.

    The CPU that measures is the last of those that are ``allowed``, which are those of this process.
    """
    if allowed is None:
        allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
    cpu = max(allowed, default=0)
    cpus = root / "sys/devices/system/cpu"
    found = []
    governor = _said(cpus / f"cpu{cpu}/cpufreq/scaling_governor")
    if governor not in ("", "performance"):
        found.append(
            f"The frequency of CPU {cpu} is governed by {governor}, which changes it meanwhile: "
            "sudo cpupower frequency-set --governor performance"
        )
    for name, on, off in (("intel_pstate/no_turbo", "0", "1"), ("cpufreq/boost", "1", "0")):
        if _said(cpus / name) == on:
            found.append(
                "CPUs go faster for as long as they are cool enough: "
                f"echo {off} | sudo tee /sys/devices/system/cpu/{name}"
            )
            break
    siblings = _cpus(_said(cpus / f"cpu{cpu}/topology/thread_siblings_list")) - {cpu}
    for sibling in sorted(siblings)[:1]:
        found.append(
            f"CPU {cpu} shares its core with CPU {sibling}: "
            f"echo 0 | sudo tee /sys/devices/system/cpu/cpu{sibling}/online"
        )
    online = _cpus(_said(cpus / "online"))
    load = _said(root / "proc/loadavg").partition(" ")[0]
    if online and load and float(load) > BUSY * len(online):
        found.append(
            f"The load average is {load} on {len(online)} CPUs, so that other programs run meanwhile; what they are: "
            "ps -eo pcpu,comm --sort=-pcpu | head"
        )
    if (cpus / "isolated").exists():
        isolated = _cpus(_said(cpus / "isolated"))
        if not isolated and len(online) > 1:
            found.append(
                f"No CPU is isolated from what the system runs: boot with isolcpus={cpu}, and then run the lab under "
                f"taskset --cpu-list {','.join(str(each) for each in sorted({0, cpu}))}"
            )
        elif isolated and cpu not in isolated:
            found.append(
                f"CPU {cpu} is not among those that are isolated: "
                f"taskset --cpu-list {','.join(str(each) for each in sorted({0, *isolated}))} doubles-lab ..."
            )
    return found


def _said(file: Path) -> str:
    """What a file holds, "" if it cannot be read."""
    try:
        return file.read_text().strip()
    except (OSError, ValueError):
        return ""


def _cpus(listed: str) -> set[int]:
    """The CPUs of a list as Linux writes it: "0-2,5"."""
    found: set[int] = set()
    for part in filter(None, listed.split(",")):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found


def caches() -> list[dict[str, int]]:
    """The data caches that the first CPU reaches, by level with their bytes; none where the system does not tell."""
    found = {}
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        try:
            kind, level, size = ((index / name).read_text().strip() for name in ("type", "level", "size"))
            if kind in ("Data", "Unified"):
                found[int(level)] = int(size[:-1]) * {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}[size[-1]]
        except (OSError, ValueError, KeyError, IndexError):
            continue
    return [{"level": level, "bytes": found[level]} for level in sorted(found)]


def more_than_caches() -> int:
    """The bytes that it takes to walk through for nothing else to be left in any cache."""
    return min(2 * max((cache["bytes"] for cache in caches()), default=UNKNOWN_CACHE), MOST_WALKED)


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
