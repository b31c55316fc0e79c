"""How fast a function is, as it stands, in the newer Pythons of this machine, and with their JIT compilers."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import doubles_lab
from doubles_lab.measure import statistics
from doubles_lab.measure.statistics import Estimate
from doubles_lab.ownership import pythons
from doubles_lab.ownership.pythons import Interpreter
from doubles_lab.results.verdict import number

#: Processes of each Python, which take turns.
PROCESSES = 5
#: What runs there. It needs the standard library and this package's modules that need no more.
SCRIPT = Path(__file__).with_name("timing_elsewhere.py")
#: Turns the JIT compiler on or off, in a Python that has one.
JIT = "PYTHON_JIT"


@dataclass(frozen=True)
class Other:
    """A Python, with its JIT compiler on or as it comes."""

    interpreter: Interpreter
    jit: bool = False

    @property
    def name(self) -> str:
        """What people call it."""
        return f"Python {self.interpreter.label}" + (f" with {JIT}=1" if self.jit else "")


@dataclass(frozen=True)
class Found:
    """What a function does there: how many times as fast it is, or why it could not be timed."""

    other: Other
    faster: Estimate | None = None
    reason: str = ""

    @property
    def said(self) -> str:
        """All of it, in a sentence without its end."""
        if self.faster is None:
            return f"{self.other.name} is here, and cannot run it: {self.reason}"
        low, high = number(self.faster.low), number(self.faster.high)
        unclear = self.faster.low <= 1 <= self.faster.high
        said = "is not shown to differ: it runs" if unclear else "runs"
        return f"{self.other.name} {said} the same function {number(self.faster.value)} [{low}–{high}] times as fast"


class CannotRun(Exception):
    """A Python cannot run the function. Its text says why."""


def find() -> list[Other]:
    """The newer CPythons of this machine, each as it comes, and all from this one on with their JIT compilers."""
    here = sys.version_info[:2]
    every = [each for each in pythons.find() if each.implementation == "cpython" and (each.major, each.minor) >= here]
    newer = [Other(each) for each in every if (each.major, each.minor) > here]
    return newer + [Other(each, jit=True) for each in every if has_jit(each)]


def has_jit(interpreter: Interpreter) -> bool:
    """Whether a Python was built with a JIT compiler that has to be turned on."""
    if (interpreter.major, interpreter.minor) < (3, 13):
        return False
    program = (
        "import sys, sysconfig; jit = getattr(sys, '_jit', None)\n"
        "print(jit.is_available() and not jit.is_enabled() if jit else 'experimental-jit' in "
        "str(sysconfig.get_config_var('CONFIG_ARGS')))"
    )
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        return _run([interpreter.path, "-c", program], {}, 30).strip() == "True"
    return False


def compare(
    target: str, examples: Sequence[str], name: str, fresh: bool, limit: float, doing: Callable[[str], None]
) -> list[Found]:
    """How many times as fast a function is with an example in each other Python as in this one.

    ``limit`` is in seconds, for one process, of which there are :data:`PROCESSES` for each Python.
    """
    others = find()
    if not others:
        return []
    arguments = [str(Path.cwd()), target, json.dumps(list(examples)), name, str(int(fresh))]
    samples: dict[str, list[list[float]]] = {}
    reasons: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="doubles-lab-") as made:
        place = Path(made)
        # No other package of this Python is to be found there: what is compiled in one is of no use to another.
        (place / "doubles_lab").symlink_to(Path(doubles_lab.__file__).parent, target_is_directory=True)
        for turn in range(PROCESSES):
            for other in [None, *others]:
                label = other.name if other else ""
                if label in reasons:
                    continue
                doing(f"timing it in {other.name if other else 'this Python'}, {turn + 1} of {PROCESSES}")
                path = other.interpreter.path if other else sys.executable
                env = {"PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
                if other and other.jit:
                    env[JIT] = "1"
                try:
                    samples.setdefault(label, []).append(times([path, str(SCRIPT), *arguments], env, limit))
                except CannotRun as reason:
                    reasons[label] = str(reason)
    if "" in reasons:
        return []
    return [
        Found(each, reason=reasons[each.name])
        if each.name in reasons
        else Found(each, statistics.speedup(samples[each.name], samples[""]))
        for each in others
    ]


def times(command: Sequence[str], env: dict[str, str], limit: float) -> list[float]:
    """The seconds of a call, by sample, in one process. Raises :class:`CannotRun`."""
    try:
        reply = json.loads(_run(command, env, limit).splitlines()[-1])
    except subprocess.TimeoutExpired:
        raise CannotRun(f"no answer within {limit:g} s") from None
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        raise CannotRun("its process ended without an answer") from None
    if isinstance(reply, str):
        raise CannotRun(reply)
    return [float(each) for each in reply]


def _run(command: Sequence[str], env: dict[str, str], limit: float) -> str:
    """What a program prints to its standard output."""
    return subprocess.run(
        command,
        env={**{name: value for name, value in os.environ.items() if name != "PYTHONHOME"}, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=limit,
        check=True,
    ).stdout
