"""The plug-in for pytest: a fixture that verifies the implementations of a problem and times them, in one test.

Every run of pytest in an environment with the lab imports this module, so it imports nothing but pytest itself.
What the fixture gives is in :mod:`doubles_lab.testing`.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from doubles_lab.testing import Races, Session

#: The name of the fixture, of the mark of each test that uses it, and of the property that such a test reports.
NAME = "doubles_lab"
MARK = f"{NAME}: verifies and times implementations by the fixture {NAME}, which marks its tests by itself"
#: The value of that property where something was timed; otherwise it is the reason why nothing was.
TIMED = "timed"
VERIFY_ONLY, BUDGET, OUTPUT, SEED = (f"doubles_lab_{each}" for each in ("verify_only", "budget", "output", "seed"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options of the lab."""
    group = parser.getgroup("doubles-lab", "implementations that are verified and timed")
    group.addoption(
        "--doubles-lab-verify-only",
        dest=VERIFY_ONLY,
        action="store_true",
        help="Verify implementations and time none: a test that asks for a time is skipped from there on.",
    )
    group.addoption(
        "--doubles-lab-budget",
        dest=BUDGET,
        metavar="TIME",
        type=_seconds,
        help="Time each race for about this long, such as 10s, builds apart. [default: ten processes of each]",
    )
    group.addoption(
        "--doubles-lab-output",
        dest=OUTPUT,
        metavar="DIR",
        type=Path,
        help="Save each race to this directory, as MODULE-TEST.json: doubles-lab report and compare read it.",
    )
    group.addoption(
        "--doubles-lab-seed",
        dest=SEED,
        metavar="N",
        type=int,
        help="The seed of the generated inputs and of the order of rounds. [default: a new one, which is shown]",
    )


def _seconds(text: str) -> float:
    from doubles_lab.cli.options import Duration  # imports much, and only where the option is used

    try:
        return Duration().convert(text, None, None)
    except Exception as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def pytest_configure(config: pytest.Config) -> None:
    """Declares the mark."""
    config.addinivalue_line("markers", MARK)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marks the tests that use the fixture, so that ``-m doubles_lab`` picks them."""
    if NAME in getattr(item, "fixturenames", ()):
        item.add_marker(NAME)


SESSION: pytest.StashKey[Session] = pytest.StashKey()


@pytest.fixture
def doubles_lab(request: pytest.FixtureRequest) -> Races:
    """Verifies and times the implementations of a problem: ``doubles_lab.race("problems/parse_prices")``."""
    from doubles_lab.testing import Races, Session

    stash = request.config.stash
    if SESSION not in stash:
        option = request.config.getoption
        untimed = ""
        if option(VERIFY_ONLY):
            untimed = "--doubles-lab-verify-only"
        elif hasattr(request.config, "workerinput"):
            untimed = f"pytest-xdist runs other tests at the same time; time these by: pytest -n0 -m {NAME}"
        stash[SESSION] = Session(untimed, option(BUDGET), option(OUTPUT), option(SEED))
    return Races(request.node, stash[SESSION])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Prints a table of each race, and how many were verified alone."""
    reports = [each for some in terminalreporter.stats.values() for each in some if isinstance(each, pytest.TestReport)]
    called = [each for each in reports if each.when == "call"]
    verified = [value for each in called for name, value in each.user_properties if name == NAME]
    untimed = [value for value in verified if value != TIMED]
    races = config.stash[SESSION].races if SESSION in config.stash else []
    if not (races or untimed):
        return
    terminalreporter.section("doubles-lab")
    if races:
        from doubles_lab.report import terminal
        from doubles_lab.testing import show

        buffer = io.StringIO()
        colours = {"force_terminal": True} if terminalreporter.hasmarkup else {"color_system": None}
        width = config.get_terminal_writer().fullwidth
        show(config.stash[SESSION], terminal.Terminal(file=buffer, width=width, highlight=False, **colours))
        terminalreporter.write(buffer.getvalue())
    for reason in dict.fromkeys(untimed):
        count = untimed.count(reason)
        races_were = "1 race was" if count == 1 else f"{count} races were"
        terminalreporter.write_line(f"{races_were} verified and not timed: {reason}")
