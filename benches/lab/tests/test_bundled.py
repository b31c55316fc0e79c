"""The implementations of the bundled problems of the atlas, on edge cases and on the smallest inputs.

Those that build quickly, unless ``DOUBLES_EVERY`` is set: then all of them, as in `make trust ARGS=lab-every`.
"""

from __future__ import annotations

import pytest
from conftest import EVERY

from doubles_lab import approaches
from doubles_lab.approaches import build
from doubles_lab.atlas import plan
from doubles_lab.atlas.index import LIBRARY
from doubles_lab.folder import Folder, bundled
from doubles_lab.given import Given, edge_cases_of, inputs_of
from doubles_lab.implementation import Implementation
from doubles_lab.measure import building
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.verify import verify_all

FOLDERS = plan.folders()
#: The problem that the lab is about is tried by test_implementations.py, and by `make verify` with all that it builds.
OTHERS = [each for each in FOLDERS if each.path != bundled()]
#: Approaches that are compiled here: in a second a file, and all in one crate.
QUICK = ("c", "pyo3", "ctypes")
#: Seconds for one call.
LIMIT = 60.0


def tried(folder: Folder) -> list[Implementation]:
    """The implementations of a problem that are tried."""
    return [
        each
        for each in folder.implementations
        if EVERY or not each.compiled or plan.approach_named(folder, each) in QUICK
    ]


@pytest.fixture(scope="module")
def built() -> None:
    """All of them, in one go: while one process of the tests builds, the others wait."""
    with build.alone("bundled"):
        building.build([each for folder in OTHERS for each in tried(folder)], LIMIT, Watcher())


def small(folder: Folder) -> list[Given]:
    """The edge cases, and each input at its smallest size."""
    first: dict[str, Given] = {}
    for given in inputs_of(folder.problem):
        first.setdefault(given.problem_input, given)
    return [*edge_cases_of(folder.problem), *first.values()]


@pytest.mark.timeout(1800)  # the first one waits for all builds
@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("folder", OTHERS, ids=lambda folder: folder.problem.name)
def test_implementations_give_what_they_state(folder: Folder) -> None:
    ran, unbuilt = set(), []
    for findings in verify_all(tried(folder), small(folder), LIMIT):
        assert not [finding for finding in findings if finding.broken]
        if any(finding.found is not None for finding in findings):
            ran.add(findings[0].contender)
        else:
            print("not run:", findings[0].contender, findings[0].reason)
            unbuilt += [findings[0].contender] if "the build failed" in findings[0].reason else []
    assert "reference" in ran and len(ran) > 1
    assert unbuilt == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.problem.name)
def test_every_problem_says_what_it_shows(folder: Folder) -> None:
    assert folder.problem.shows and "->" in folder.problem.shape


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.problem.name)
def test_every_implementation_has_a_column(folder: Folder) -> None:
    others = [each for each in folder.implementations if each.name != folder.baseline]
    assert {plan.approach_named(folder, each) for each in others} <= {LIBRARY, *approaches.find()}
