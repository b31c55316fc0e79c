"""Runs the long steps of the Makefile: output to a log, progress to the screen, and the cause of a failure last.

    steps.py run LABEL -- COMMAND ...       one command
    steps.py targets MAKE GROUP ...         the targets of a group two at a time, one group after the other
    steps.py together MAKE LABEL TARGET ... targets that are out of date, two at a time
    steps.py tidily COMMAND ...             a command that writes to the screen itself

Each gets a temporary directory of its own, which is removed after it. Needs nothing but the standard library, since it
runs before anything is installed.
"""

from __future__ import annotations

import collections
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / "target/logs"
#: Linking keeps one processor busy, and so does a download: a third step would slow the longest.
AT_ONCE = 2
#: Seconds between two lines of progress where no line can be overwritten.
PAUSE = 30
SHOWN = 40
#: Characters of such a line, at most.
WIDE = 118
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
#: What names the cause of a failure, in the output of pytest, of Rust's tests, and of everything else.
CAUSES = (
    re.compile(r"^(?:FAILED|ERROR) \S+::.*"),
    re.compile(r"^test .* \.\.\. FAILED$|^thread '.*' .*panicked at .*"),
    re.compile(r"^.*\b(?:fatal )?error(?:\[E\d+\])?: .*", re.IGNORECASE),
)
#: Tells a command its step's temporary directory. One more below that makes paths too long for the sockets of browsers.
WITHIN = "DOUBLES_STEP"
#: What Cargo writes, where it is asked for much, of a crate that it compiles.
COMPILER = re.compile(r"^Running `.*--crate-name (\S+).*")
ENDED = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored", re.MULTILINE)
IGNORED = re.compile(r"^test .* \.\.\. ignored(?:, (.*))?$", re.MULTILINE)


class Step:
    """A command that runs by itself and writes to a log."""

    def __init__(self, name: str, label: str, command: list[str]) -> None:
        self.name = name
        self.label = label
        self.log = LOGS / f"{re.sub('[^A-Za-z0-9]+', '-', name).strip('-').lower()}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.begin = time.monotonic()
        self.temporary = tempfile.mkdtemp(prefix="doubles-")
        try:
            with self.log.open("wb") as log:
                self.process = subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env={**os.environ, "TMPDIR": self.temporary, WITHIN: self.temporary, "PYTHONUNBUFFERED": "1"},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    close_fds=False,  # make's jobserver
                    start_new_session=True,  # so that it can be stopped with all that it started
                )
        except OSError:
            shutil.rmtree(self.temporary)
            raise

    def ended(self) -> bool:
        """Whether the command has ended. Removes its temporary directory if so."""
        if self.process.poll() is None:
            return False
        shutil.rmtree(self.temporary, ignore_errors=True)
        return True

    def stop(self) -> None:
        """Stops the command and what it started."""
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()
        self.ended()

    def causes(self) -> list[str]:
        """The lines of the log that name the cause of a failure, or the exit code where there are none."""
        return causes(self.lines()) or [f"cause: exit code {self.process.returncode}, and nothing was printed"]

    def took(self) -> str:
        """The time since the beginning, as minutes and seconds."""
        minutes, seconds = divmod(int(time.monotonic() - self.begin), 60)
        return f"{minutes}:{seconds:02}"

    def lines(self) -> list[str]:
        """What the command has written so far, without colours and blank lines."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        lines = (ESCAPES.sub("", line).rstrip() for line in re.split(r"[\r\n]+", text))
        return [line for line in lines if line.strip()]

    def progress(self) -> str:
        """The label, the time, and the last line of the log."""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 4096))
            last = re.split(r"[\r\n]+", ESCAPES.sub("", log.read().decode(errors="replace")).strip())[-1]
        return f"{self.name} {self.took()} {shortened(last.strip())}"


def shortened(line: str) -> str:
    """A line of a log, where a compiler's whole command says no more than what it compiles."""
    return COMPILER.sub(r"Compiling \1", line)


def causes(lines: list[str]) -> list[str]:
    """The lines of a log that name the cause of a failure: all failed tests, or the first error."""
    said = [line for line in lines if line.startswith("cause: ")]
    if said:  # by a step within this one
        return said[-1:]
    for pattern in CAUSES:
        found = list(dict.fromkeys(line.strip() for line in lines if pattern.match(line)))
        if found:
            return [f"cause: {line}" for line in (found[:1] if pattern is CAUSES[-1] else found[:10])]
    return [f"cause: {line.strip()}" for line in lines[-1:]]


def watch(waiting: list[tuple[str, str, list[str]]]) -> int:
    """Runs steps, given as name, label and command, and shows how they go. Returns 1 if one failed."""
    screen = sys.stdout.isatty()
    running: list[Step] = []
    failed: list[Step] = []
    said = time.monotonic()
    try:
        while waiting or running:
            while waiting and len(running) < AT_ONCE and not failed:
                step = Step(*waiting.pop(0))
                print(f"{step.label} ...", flush=True)
                running.append(step)
            if failed and not running:
                break
            time.sleep(0.2)
            ended = [step for step in running if step.ended()]
            if screen:
                print("\r\x1b[K", end="")
            for step in ended:
                running.remove(step)
                good = step.process.returncode == 0
                print(f"{step.name}: {'done' if good else 'FAILED'} after {step.took()}", flush=True)
                if not good:
                    failed.append(step)
                    if running:
                        print(f"waiting for {', '.join(each.name for each in running)}", flush=True)
            if screen and running:
                width = shutil.get_terminal_size().columns - 1
                print(" | ".join(step.progress()[: width // len(running) - 3] for step in running), end="", flush=True)
            elif running and time.monotonic() - said > PAUSE:
                said = time.monotonic()
                print("\n".join(f"  {step.progress()[:WIDE]}" for step in running), flush=True)
    finally:
        for step in running:
            step.stop()
    for step in failed:
        print(f"\n---- {step.name} failed; the end of {os.path.relpath(step.log, ROOT)}:")
        print(*step.lines()[-SHOWN:], *step.causes(), sep="\n", flush=True)
    return 1 if failed else 0


def described(target: str) -> str:
    """A target of the Makefile and what its help says of it."""
    found = re.search(rf"^{re.escape(target)}:.*## (.*)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    return f"{target}: {found[1]}" if found else target


def skips(reports: Iterable[Path], logs: Iterable[Path]) -> tuple[collections.Counter[str], collections.Counter[str]]:
    """The tests that passed, failed and were skipped, and how many were skipped for each reason.

    ``reports`` are JUnit's, which pytest writes; ``logs`` are of Rust's tests.
    """
    counts: collections.Counter[str] = collections.Counter()
    reasons: collections.Counter[str] = collections.Counter()
    for report in reports:
        for case in ElementTree.parse(report).iter("testcase"):
            skipped = case.find("skipped")
            wrong = case.find("failure") is not None or case.find("error") is not None
            counts["failed" if wrong else "passed" if skipped is None else "skipped"] += 1
            if skipped is not None:
                reasons[f"{report.stem}: {skipped.get('message')}"] += 1
    for log in logs:
        text = log.read_text(encoding="utf-8", errors="replace")
        for passed, failed, ignored in ENDED.findall(text):
            counts.update(passed=int(passed), failed=int(failed), skipped=int(ignored))
        reasons.update(f"{log.stem}: {reason or 'no reason is given'}" for reason in IGNORED.findall(text))
    return counts, reasons


def targets(make: str, groups: list[str]) -> int:
    """Makes each group of targets, then names what was skipped."""
    shutil.rmtree(LOGS, ignore_errors=True)
    for group in groups:
        steps = [
            (each, described(each), [make, "--no-print-directory", each, "PREFLIGHT=done"]) for each in group.split()
        ]
        if watch(steps):
            return 1
    counts, reasons = skips(sorted(LOGS.glob("*.xml")), sorted(LOGS.glob("test-rust.log")))
    if reasons:
        print("\nskipped:", *(f"  {count} of {reason}" for reason, count in sorted(reasons.items())), sep="\n")
    print(f"\n{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 0


def together(make: str, named: list[str]) -> int:
    """Makes those targets that are out of date, given as labels and targets in turn."""
    begin = [make, "--no-print-directory", "PREFLIGHT=done"]
    due = []
    for label, target in zip(named[::2], named[1::2]):
        if subprocess.run([*begin, "--question", target], cwd=ROOT, close_fds=False, check=False).returncode:
            due.append((label.partition(" (")[0], label, [*begin, target]))
    return watch(due)


def within() -> bool:
    """Whether this runs in a step, which has a log and says how it goes."""
    return os.environ.get(WITHIN, "?") == os.environ.get("TMPDIR")


def tidily(command: list[str]) -> int:
    """Runs a command with a temporary directory that is removed after it. Returns its exit code.

    Within a step, that is the directory of the step.
    """
    if within():
        return subprocess.run(command, close_fds=False, check=False).returncode
    temporary = tempfile.mkdtemp(prefix="doubles-")
    try:
        return subprocess.run(command, env={**os.environ, "TMPDIR": temporary}, close_fds=False, check=False).returncode
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def main() -> int:
    """Does what the command line says."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    what, *rest = sys.argv[1:]
    try:
        if what == "targets":
            return targets(rest[0], rest[1:])
        if what == "together":
            return together(rest[0], rest[1:])
        if what == "tidily":
            return tidily(rest)
        label, _, *command = rest
        if within():
            return subprocess.run(command, close_fds=False, check=False).returncode
        return watch([(label.partition(" (")[0], label, command)])
    except OSError as error:
        print(f"cause: {error.filename or what}: {error.strerror}", flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
