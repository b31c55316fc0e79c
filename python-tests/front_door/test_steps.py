"""How the long steps of the Makefile are run: what is on the screen, what comes last, and what is left behind."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

STEPS = Path(__file__).with_name("steps.py")
MAKEFILE = """
.NOTPARALLEL:
first: ## Do the first (some seconds)
	@echo 'error: not one that fails anything'; sleep 1.5; for i in 1 2 3 4 5 6 7 8 9; do echo "first $$i"; done
broken: ## Break
	@for i in $$(seq 100); do echo "before $$i"; done
	@echo 'thing.c:1:10: fatal error: Python.h: No such file or directory' >&2
	@for i in $$(seq 20); do echo "after $$i"; done
	@exit 3
pytests:
	@echo 'E   error: in one test'
	@echo 'FAILED tests/test_one.py::test_it - AssertionError'
	@echo 'FAILED tests/test_one.py::test_other - AssertionError'
	@exit 1
within:
	@$(PYTHON) python-tests/front_door/steps.py run 'Inner' -- sh -c 'echo "error: the cause"; exit 1'
leaves:
	@test -d "$$TMPDIR" && echo left > "$$TMPDIR/behind" && mkdir "$$TMPDIR/more"
nested:
	@TOLD="$$TMPDIR" $(PYTHON) python-tests/front_door/steps.py tidily sh -c 'test "$$TMPDIR" = "$$TOLD"'
never:
	@touch never
old: there
	@touch old
there:
	@touch there
said:
	@mkdir -p target/logs
	@printf '%s' '$(XML)' > target/logs/said.xml
test-rust:
	@echo 'test one ... ok'
	@echo 'test two ... ignored, some minutes'
	@echo 'test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured'
"""
XML = (
    '<testsuites><testsuite><testcase name="a"/><testcase name="b"><skipped message="no Chromium"/></testcase>'
    '<testcase name="c"><skipped message="no Chromium"/></testcase>'
    '<testcase name="d"><skipped message="no c++"/></testcase>'
    "</testsuite></testsuites>"
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a Makefile of its own."""
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    place = tmp_path / "repository"
    (place / "python-tests/front_door").mkdir(parents=True)
    shutil.copy(STEPS, place / "python-tests/front_door")
    (place / "Makefile").write_text(MAKEFILE, encoding="utf-8")
    (place / "temporary").mkdir()
    return place


def environment(repository: Path) -> dict[str, str]:
    """That of the steps: without what an outer make adds, and with a temporary directory that can be looked at."""
    kept = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "ARGS")
    }
    return {**kept, "TMPDIR": str(repository / "temporary"), "PYTHON": sys.executable, "XML": XML}


def steps(repository: Path, *arguments: str) -> tuple[int, list[str]]:
    """The exit code of steps.py, and the lines that it prints."""
    command = [sys.executable, str(repository / "python-tests/front_door/steps.py"), *arguments]
    done = subprocess.run(
        command,
        env=environment(repository),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    assert list((repository / "temporary").iterdir()) == []
    return done.returncode, done.stdout.splitlines()


def test_the_cause_is_the_last_line_though_another_step_ends_later(repository: Path) -> None:
    code, lines = steps(repository, "targets", "make", "first broken", "never")
    assert code == 1
    assert lines[0] == "first: Do the first (some seconds) ..."
    assert lines[-1] == "cause: thing.c:1:10: fatal error: Python.h: No such file or directory"
    assert "broken: FAILED after 0:00" in lines
    assert "waiting for first" in lines
    assert "first 9" not in lines
    assert "after 20" in lines
    assert "---- broken failed; the end of target/logs/broken.log:" in lines
    assert "before 1" not in lines
    assert not (repository / "never").exists()


def test_each_failed_test_is_a_cause(repository: Path) -> None:
    _, lines = steps(repository, "targets", "make", "pytests")
    assert lines[-2:] == [
        "cause: FAILED tests/test_one.py::test_it - AssertionError",
        "cause: FAILED tests/test_one.py::test_other - AssertionError",
    ]


def test_the_cause_within_a_step_is_that_of_the_step(repository: Path) -> None:
    _, lines = steps(repository, "targets", "make", "within")
    assert lines[-1] == "cause: error: the cause"


@pytest.mark.parametrize(
    ("printed", "cause"),
    [
        (
            "error[E0308]: mismatched types\n  --> src/lib.rs:1:1\nerror: could not compile\n",
            "error[E0308]: mismatched types",
        ),
        ("error: linking with `cc` failed\nerror: could not compile\n", "error: linking with `cc` failed"),
        (
            "test a ... ok\ntest b ... FAILED\nthread 'b' (12) panicked at src/a.rs:1:2:\nerror: test failed\n",
            "test b ... FAILED",
        ),
        ("ERROR: Could not find a version\nERROR: No matching distribution\n", "ERROR: Could not find a version"),
        ("\x1b[1m\x1b[31merror\x1b[0m\x1b[1m: coloured\x1b[0m\n", "error: coloured"),
        ("ERROR tests/test_a.py::test_b - OSError\n", "ERROR tests/test_a.py::test_b - OSError"),
        ("what was last\n", "what was last"),
    ],
)
def test_the_first_error_is_the_cause(repository: Path, printed: str, cause: str) -> None:
    failing = f"import sys; sys.stdout.write({printed!r}); sys.exit(1)"
    code, lines = steps(repository, "run", "Try (a second)", "--", sys.executable, "-c", failing)
    assert code == 1
    causes = [line for line in lines if line.startswith("cause: ")]
    assert causes[0] == f"cause: {cause}"
    assert lines[-len(causes) :] == causes


def test_nothing_printed_is_no_cause(repository: Path) -> None:
    code, lines = steps(repository, "run", "Try", "--", "false")
    assert code == 1
    assert lines[-1] == "cause: exit code 1, and nothing was printed"


def test_a_command_that_cannot_be_started_is_a_cause(repository: Path) -> None:
    code, lines = steps(repository, "run", "Try", "--", "/no/such/program")
    assert code == 1
    assert lines[-1] == "cause: /no/such/program: No such file or directory"


def test_nothing_is_left_in_the_temporary_directory(repository: Path) -> None:
    leave = 'test "$TMPDIR" != "$1" && echo left > "$TMPDIR/behind" && echo shown'
    assert steps(repository, "targets", "make", "leaves")[0] == 0
    assert steps(repository, "tidily", "sh", "-c", leave, "sh", str(repository / "temporary")) == (0, ["shown"])
    assert steps(repository, "tidily", "sh", "-c", f"{leave}; exit 7", "sh", str(repository / "temporary"))[0] == 7


def test_a_command_within_a_step_keeps_its_temporary_directory(repository: Path) -> None:
    """One more below would make the path of a browser's socket longer than the system allows."""
    assert steps(repository, "targets", "make", "nested")[0] == 0


def gone(process: int) -> bool:
    """Whether a process ends within some seconds, if only as a zombie that nobody has waited for."""
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{process}/stat")
        if status.exists() and status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    ("how", "sent"),
    [
        (("run", "Sleep", "--"), signal.SIGINT),
        (("run", "Sleep", "--"), signal.SIGTERM),
        (("tidily",), signal.SIGINT),
    ],
    ids=["run-interrupted", "run-terminated", "tidily-interrupted"],
)
def test_nothing_is_left_after_an_interrupt(repository: Path, how: tuple[str, ...], sent: signal.Signals) -> None:
    program = [sys.executable, str(repository / "python-tests/front_door/steps.py"), *how]
    command = [*program, "sh", "-c", "echo $$ > made && mv made started; sleep 60; true"]
    # What a shell starts in the background ignores Ctrl-C, and so would all that these tests start.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        running = subprocess.Popen(command, cwd=repository, env=environment(repository), start_new_session=True)
    finally:
        signal.signal(signal.SIGINT, heard)
    with running:
        started = repository / "started"
        while not started.exists():
            time.sleep(0.05)
        if sent == signal.SIGINT:
            os.killpg(running.pid, sent)  # as a terminal does
        else:
            running.send_signal(sent)
        assert running.wait(20) == 130
    assert list((repository / "temporary").iterdir()) == []
    assert gone(int(started.read_text(encoding="utf-8")))


def test_each_reason_for_a_skip_is_named_once_at_the_end(repository: Path) -> None:
    code, lines = steps(repository, "targets", "make", "said test-rust")
    assert code == 0
    assert lines[-6:] == [
        "skipped:",
        "  2 of said: no Chromium",
        "  1 of said: no c++",
        "  1 of test-rust: some minutes",
        "",
        "6 passed, 0 failed, 4 skipped",
    ]


def test_nothing_skipped_is_not_named(repository: Path) -> None:
    assert steps(repository, "targets", "make", "first")[1][-1] == "0 passed, 0 failed, 0 skipped"


def test_progress_names_what_is_compiled_and_not_how() -> None:
    spec = importlib.util.spec_from_file_location("steps", STEPS)
    assert spec is not None and spec.loader is not None
    steps = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(steps)
    said = "Running `/usr/bin/rustc --crate-name doubles_cpython --edition=2024 src/lib.rs -C lto=fat`"
    assert steps.shortened(said) == "Compiling doubles_cpython"
    assert steps.shortened("Compiling memchr v2.8.0") == "Compiling memchr v2.8.0"


def test_what_is_out_of_date_is_made_and_nothing_else(repository: Path) -> None:
    named = ("together", "make", "Make the old (a moment)", "old", "Make what is there", "there")
    code, lines = steps(repository, *named)
    assert code == 0 and (repository / "old").exists() and (repository / "there").exists()
    assert lines[:2] == ["Make the old (a moment) ...", "Make what is there ..."]
    assert steps(repository, *named) == (0, [])
    (repository / "old").unlink()
    code, lines = steps(repository, *named)
    assert code == 0 and [line.partition(" after")[0] for line in lines] == [
        "Make the old (a moment) ...",
        "Make the old: done",
    ]


def test_a_part_that_fails_is_a_failure(repository: Path) -> None:
    code, lines = steps(repository, "together", "make", "Break it", "broken", "Never do", "never", "Nor this", "old")
    assert code != 0 and not (repository / "old").exists()
    assert lines[-1] == "cause: thing.c:1:10: fatal error: Python.h: No such file or directory"
