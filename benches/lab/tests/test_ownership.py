"""What each approach costs to build, ship and keep: the measuring on small real pieces, the answer on made-up data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from doubles_lab.approaches import project as approaches_project
from doubles_lab.approaches.project import DOUBLES, Edit, Project
from doubles_lab.implementation import Unavailable
from doubles_lab.ownership import answering, builds, measuring, probe, probing, projects, pythons, upkeep
from doubles_lab.questions import explain
from doubles_lab.questions.answer import Setting
from doubles_lab.report import chart

EVERY = projects.find()
BY_NAME = {each.name: each for each in EVERY}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, and one repetition of each build."""
    monkeypatch.setenv("DOUBLES_LAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(builds, "REPEATS", 1)
    return tmp_path / "cache"


def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str) -> Project:
    """A copy of an approach with another line in the file of its edit."""
    project = BY_NAME[name]
    project.copy(tmp_path / "projects" / project.folder)
    file = tmp_path / "projects" / project.folder / project.edit.file
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(approaches_project, "PROJECTS", tmp_path / "projects")
    return project


@pytest.mark.parametrize("project", EVERY, ids=lambda project: project.name)
def test_the_line_to_change_is_there(project: Project, tmp_path: Path) -> None:
    tree = project.copy(tmp_path / "tree")
    project.edit.apply(tree, 2, 1)
    changed = (tree / project.edit.file).read_text(encoding="utf-8")
    project.edit.apply(tree, 3, 2)
    assert (tree / project.edit.file).read_text(encoding="utf-8") != changed
    with pytest.raises(Unavailable, match="is not on one line"):
        project.edit.apply(tree, 3, 2)


def test_what_an_approach_depends_on_was_looked_up() -> None:
    known = {package["name"] for package in upkeep.read()["packages"]}
    assert {name for project in EVERY for name in project.depends_on} <= known
    assert len({builds.label(project) for project in EVERY}) == len(EVERY)


@pytest.mark.timeout(600)
def test_c_by_hand_is_built_changed_and_weighed(cache: Path) -> None:
    project = BY_NAME["C by hand"]
    assert not builds.is_built(project)
    facts = builds.built(project).facts
    assert builds.is_built(project)
    assert len(facts["clean_seconds"]) == len(facts["changed_seconds"]) == 1
    assert 0 < facts["clean_cpu_seconds"][0] < 600
    assert 1000 < facts["wheel_bytes"] < 100_000 and facts["wheel"].startswith("lab_c-1-cp3")
    assert facts["stripped_bytes"] is None or 1000 < facts["stripped_bytes"] <= facts["extension_bytes"]
    found = measuring.behaviour(project)
    assert found["described"]["signature"] == "(val, /)"
    assert found["described"]["doc"] == "Counts adjacent equal bytes of a text in UTF-8."
    assert found["bad"]["an int"]["raised"] == "TypeError"
    assert found["bad"]["a lone surrogate"]["raised"] == "UnicodeEncodeError"
    assert found["failed"] == {"crashed": "SIGABRT", "said": ""}
    assert not (found["stubs"] or found["typed"] or found["annotated"])


@pytest.mark.timeout(600)
def test_the_stable_abi_is_tried(cache: Path) -> None:
    facts = builds.stable(BY_NAME["C by hand"], {"here": sys.executable, "nowhere": str(cache / "none")})
    if sys.version_info < (3, 10):  # PyUnicode_AsUTF8AndSize is not in its stable ABI
        assert "PyUnicode_AsUTF8AndSize" in facts["reason"] or "limited" in facts["reason"]
    else:
        assert facts["tag"].startswith(f"cp3{sys.version_info[1]}-abi3-")
        assert facts["imports"]["here"] == "" and "No such file" in facts["imports"]["nowhere"]
    with pytest.raises(Unavailable, match="not tied to a version"):
        builds.stable(BY_NAME["pure Python"], {})


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("STEP = 1", "STEP = one", "one.* undeclared"),
        ("i + 1 < length", "i + 2 < length", f"built, but it counts 2 in place of {DOUBLES}"),
        ("(void)module;", "abort();", "built, but the interpreter dies: SIGABRT"),
    ],
)
def test_a_build_that_fails_or_counts_wrong_is_a_reason(
    old: str, new: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = plant(tmp_path, monkeypatch, "C by hand", old, new)
    with pytest.raises(Unavailable, match=reason):
        builds.built(project)
    assert not builds.is_built(project)


@pytest.mark.timeout(600)
def test_a_change_without_effect_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = plant(tmp_path, monkeypatch, "pure Python", "count += STEP", "count += 1")
    with pytest.raises(Unavailable, match=f"it counts {DOUBLES} in place of {2 * DOUBLES}"):
        builds.built(project)


def test_a_missing_tool_or_repository_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    project = replace(BY_NAME["C by hand"], tools=("no-such-tool",))
    assert measuring.known(project)
    with pytest.raises(Unavailable, match="no-such-tool is not installed"):
        builds.built(project)
    with pytest.raises(Unavailable, match="needs the sources in no/such"):
        replace(BY_NAME["doubles_pyo3, this project's"], folder="no/such").source()


@pytest.mark.parametrize("module", ["doubles_pyo3", "doubles_cpython"])
def test_both_bindings_describe_and_refuse(module: str, tmp_path: Path) -> None:
    pytest.importorskip(module)
    assert probing.ask(tmp_path, module, "count")["count"] == DOUBLES
    described = probing.ask(tmp_path, module, "describe")
    assert "adjacent" in described["doc"] or "equal" in described["doc"]
    assert described["signature"].startswith("(val, /") or described["no_signature"]
    for argument in probe.ARGUMENTS:
        said = probing.ask(tmp_path, module, "bad", argument)
        if argument in ("bytes", "a lone surrogate"):
            assert said == {"gave": str({"bytes": DOUBLES, "a lone surrogate": 1}[argument])}
        else:
            assert said["raised"] == "TypeError" and said["caught"]


def test_what_a_module_does_besides_answering(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(
        "import os, sys\ndef count_doubles(*a):\n  if not a: os._exit(3)\n  if a[0] is None: sys.exit('bye')\n"
        "  if a[0] == 3: os.abort()\n  return 3\ndef fail(): raise KeyboardInterrupt('x')\n",
        encoding="utf-8",
    )
    assert probing.ask(tmp_path, "planted", "count") == {"count": 3, "gil_enabled": mine()}
    assert probing.ask(tmp_path, "planted", "bad", "nothing") == {"ended": "exit code 3"}
    assert probing.ask(tmp_path, "planted", "bad", "None")["raised"] == "SystemExit"
    assert probing.ask(tmp_path, "planted", "bad", "an int")["crashed"] == "SIGABRT"
    failed = probing.ask(tmp_path, "planted", "fail")
    assert (failed["raised"], failed["caught"], failed["afterwards"]) == ("KeyboardInterrupt", False, 3)
    assert "No module named" in probing.ask(tmp_path, "missing", "count")["ended"]


def mine() -> bool | None:
    """Whether this interpreter has its GIL on; ``None`` before 3.13."""
    enabled = getattr(sys, "_is_gil_enabled", None)
    return None if enabled is None else bool(enabled())


def test_time_runs_out_by_kind_and_what_is_kept_takes_none() -> None:
    now = [0.0]

    def work(seconds: float) -> dict[str, Any]:
        now[0] += seconds
        return {"took": seconds}

    def unable() -> dict[str, Any]:
        raise Unavailable("needs a thing")

    clock = measuring.Clock(10, lambda: now[0])
    assert clock.step("build", lambda: work(6)) == {"took": 6}
    assert clock.step("build", lambda: work(1)) == measuring.UNMEASURED
    assert clock.step("other", lambda: work(2)) == {"took": 2}
    assert clock.step("other", unable) == {"reason": "needs a thing"}
    assert clock.step("build", lambda: work(0), kept=True) == {"took": 0}
    now[0] = 11
    assert clock.step("third", lambda: work(0)) == measuring.UNMEASURED


def interpreter_script(file: Path, said: str, code: int = 0) -> Path:
    """A program that says it is some Python."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\necho '{said}'\nexit {code}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


@pytest.mark.skipif(os.name == "nt", reason="plants shell scripts")
def test_pythons_are_found_once_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = '["cpython", 3, 77, 1, true, "a"]'
    interpreter_script(tmp_path / "bin" / "python3.77t", free)
    interpreter_script(tmp_path / "bin" / "python3.78", '["cpython", 3, 78, 0, false, "b"]')
    interpreter_script(tmp_path / "bin" / "python3.79", "broken", 1)
    interpreter_script(tmp_path / "bin" / "python3", '["cpython", 2, 7, 18, false, "c"]')
    interpreter_script(tmp_path / "bin" / "python3.80-config", '["cpython", 3, 80, 0, false, "d"]')
    interpreter_script(tmp_path / "pyenv" / "versions" / "x" / "bin" / "pypy3", '["pypy", 3, 10, 2, false, "e"]')
    (tmp_path / "pyenv" / "shims").mkdir()
    other = interpreter_script(tmp_path / "other", free)
    monkeypatch.setenv("PATH", os.pathsep.join(["", str(tmp_path / "bin"), str(tmp_path / "pyenv" / "shims")]))
    monkeypatch.setenv("DOUBLES_PYTHONS", str(other))
    found = pythons.find()
    here = next(each for each in found if each.path == sys.executable)
    assert here.label.startswith(f"{sys.version_info[0]}.{sys.version_info[1]}")
    assert [(each.label, each.version) for each in found if each is not here] == [
        ("3.77t", "3.77.1t"),
        ("3.78", "3.78.0"),
        ("pypy 3.10", "pypy 3.10.2"),
    ]
    assert next(each for each in found if each.label == "3.77t").path == str(other)


def test_an_attempt_is_kept_unless_the_network_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    here = pythons.look(sys.executable)
    assert here is not None
    project, reasons = BY_NAME["pure Python"], ["a connection was refused", "no such thing", "never asked"]

    def install(*_: object) -> dict[str, Any]:
        raise Unavailable(reasons.pop(0))

    monkeypatch.setattr(pythons, "install", install)
    assert pythons.attempt(project, here)["reason"] == "a connection was refused"
    assert pythons.attempt(project, here)["reason"] == "no such thing"
    assert pythons.attempt(project, here)["reason"] == "no such thing"


@pytest.mark.skipif(sys.version_info < (3, 13), reason="Py_mod_gil is of Python 3.13")
def test_the_slot_of_the_gil_is_read(tmp_path: Path) -> None:
    pytest.importorskip("doubles_pyo3")
    found = probing.ask(tmp_path, "doubles_pyo3", "gil")["gil"]
    assert "used" in found.values(), found


def git(repository: Path, *arguments: str) -> None:
    """Runs git in a repository of the test."""
    names = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(repository), *names, *arguments], check=True, capture_output=True)


@pytest.fixture
def database(tmp_path: Path) -> upkeep.Database:
    """A database of advisories in either form."""
    place = tmp_path / "advisories"
    for file, text in {
        "crates/x/A.md": '```toml\n[advisory]\nid = "R-1"\ndate = "2020-01-02"\n[versions]\npatched = [">= 1.2, < 2"]\n'
        "```\n\n# It is `bad`\n\nVery.\n",
        "crates/x/B.md": '```toml\n[advisory]\nid = "R-2"\ndate = "2021-01-02"\ninformational = "unmaintained"\n'
        "[versions]\npatched = []\n```\n\n# x is unmaintained\n",
        "crates/x/C.md": '```toml\n[advisory]\nid = "R-3"\ndate = "2021-01-02"\nwithdrawn = "2022-01-01"\n'
        "[versions]\npatched = []\n```\n\n# never mind\n",
        "crates/xy/D.md": "not of x",
        "vulns/y/1.yaml": "id: P-1\npublished: '2021-02-03T04:05:06Z'\ndetails: It breaks. Badly.\naffected:\n"
        "- package: {name: Y}\n  ranges:\n  - type: ECOSYSTEM\n    events: [{introduced: '0'}, {fixed: 1.5.0}]\n"
        "  versions: ['1.0', '1.4']\n",
    }.items():
        path = place / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(place, "init", "--quiet")
    git(place, "add", ".")
    git(place, "commit", "--quiet", "-m", "all")
    return upkeep.Database("https://example.org/db", place)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="advisories are looked up with tomllib, of Python 3.11")
def test_advisories_of_a_crate(database: upkeep.Database) -> None:
    first, second = upkeep.rustsec(database, {"name": "x", "version": "1.3.0"})
    assert (first["id"], first["title"], first["fixed"], first["open"]) == ("R-1", "It is bad", ">= 1.2, < 2", False)
    assert (second["kind"], second["open"]) == ("unmaintained", True)
    assert upkeep.rustsec(database, {"name": "x", "version": "1.1.9"})[0]["open"]
    assert upkeep.rustsec(database, {"name": "nothing", "version": "1"}) == []
    facts = database.facts()
    assert len(facts["commit"]) == 40 and len(facts["date"]) == 10


def test_advisories_of_a_package(database: upkeep.Database) -> None:
    (found,) = upkeep.pypa(database, {"name": "y", "version": "1.4"})
    assert found["open"] and (found["date"], found["title"], found["fixed"]) == ("2021-02-03", "It breaks", ">= 1.5.0")
    (found,) = upkeep.pypa(database, {"name": "y", "version": "1.5.0"})
    assert not found["open"]


@pytest.mark.parametrize(
    ("requirement", "version", "expected"),
    [
        (">= 0.24.1", "0.30.1", True),
        (">= 0.24.1", "0.24.0", False),
        ("^0.22.4", "0.22.9", True),
        ("^0.22.4", "0.23.0", False),
        ("^1.2", "1.9", True),
        ("^1.2", "2.0", False),
        ("~1.2.3", "1.2.9", True),
        ("~1.2.3", "1.3.0", False),
        (">= 1.2, < 2", "2.0", False),
        ("=1.2", "1.2", True),
        ("< 0.5", "0.4.9", True),
    ],
)
def test_requirements_of_rustsec(requirement: str, version: str, expected: bool) -> None:
    assert upkeep.holds(requirement, version) is expected


def test_rows_of_the_registries() -> None:
    import datetime

    def file(name: str, day: int) -> dict[str, Any]:
        return {"url": f"https://example.org/{name}", "upload-time": datetime.datetime(2026, 1, day)}

    package: dict[str, Any] = {"name": "z", "version": "1", "sdist": file("z-1.tar.gz", 2)}
    package["wheels"] = [file("z-1-cp314-cp314t-win32.whl", 3), file("z-1-py3-none-any.whl", 1)]
    found = upkeep.release(package)
    assert (found["released"], found["free_threaded_wheels"]) == ("2026-01-03", ["cp314t"])
    changelog = "# Changes\n## [Unreleased]\n## [0.9.1] - 2026-02-03\n## 0.9.0 - 2025-01-01\n"
    assert upkeep.crate("c", "0.9.1", changelog)["released"] == "2026-02-03"
    assert upkeep.crate("c", "0.9.0", changelog)["released"] == "2025-01-01"
    assert upkeep.crate("c", "0.9", changelog)["released"] is None


def test_nothing_is_measured_without_time(monkeypatch: pytest.MonkeyPatch) -> None:
    here = pythons.look(sys.executable)
    assert here is not None
    monkeypatch.setattr(pythons, "find", lambda: [here])
    chosen = [BY_NAME["pure Python"], replace(BY_NAME["C by hand"], tools=("no-such-tool",))]
    data = json.loads(json.dumps(measuring.measure(Setting(contenders=[], seconds=0), chosen), allow_nan=False))
    pure, hand = data["approaches"]
    assert pure["build"] == pure["behaviour"] == pure["pythons"][here.label] == measuring.UNMEASURED
    assert "not tied to a version" in pure["stable"]["reason"]
    assert hand["build"] == {"reason": "no-such-tool is not installed: pip install no-such-tool"}
    shown = answering.answer(data)
    assert "Nothing was measured" not in shown.sentence  # the advisories are there
    assert shown.charts == []
    assert any(answering.UNMEASURED in cell for table in shown.tables for row in table.rows for cell in row)


def made_up() -> dict[str, Any]:
    """Data of two approaches and three Pythons."""

    def build(clean: list[float], changed: list[float], wheel: int, extension: int | None) -> dict[str, Any]:
        return {
            "date": "2026-01-02",
            "load": 2.0 if extension == 20000 else 0.5,
            "cpus": 2,
            "clean_seconds": clean,
            "clean_cpu_seconds": clean,
            "changed_seconds": changed,
            "changed_cpu_seconds": changed,
            "wheel": "x.whl",
            "wheel_bytes": wheel,
            "extension_bytes": extension,
            "stripped_bytes": extension,
            "versions": {"tool": "1.0", "cc": "cc 12"},
        }

    def behaviour(failed: dict[str, Any], signature: str, stubs: list[str]) -> dict[str, Any]:
        described = {"doc": None, "signature": signature, "no_signature": "no signature found", "annotated": False}
        return {
            "described": {**described, "type": "function"},
            "stubs": stubs,
            "typed": bool(stubs),
            "annotated": False,
            "bad": {"an int": {"raised": "TypeError", "text": "no", "caught": True}, "nothing": {"gave": "0"}},
            "failed": failed,
        }

    works = {"works": True, "reason": "", "with": ["tool-1.0"], "gil_enabled": None, "date": "2026-01-02"}
    advisory = {"id": "R-9", "date": "2025-05-05", "title": "bad", "kind": "unmaintained", "fixed": "", "open": True}
    package = {
        "name": "p",
        "registry": "PyPI",
        "version": "9",
        "released": "2026-01-01",
        "source": "https://p",
        "database": "D",
    }
    return {
        "date": "2026-01-02",
        "python": "3.11.7",
        "interpreters": [
            {"label": "3.9", "version": "3.9.1", "no_gil": False},
            {"label": "3.11", "version": "3.11.7", "no_gil": False},
            {"label": "3.13t", "version": "3.13.0t", "no_gil": True},
        ],
        "approaches": [
            {
                "name": "fine",
                "failure": "throw",
                "packages": ["p"],
                "declared": {"p 9": "2 - Beta"},
                "build": build([10.0, 12.0], [2.0], 5000, 20000),
                "behaviour": behaviour(
                    {"raised": "x.Panic", "text": "planted", "caught": False, "afterwards": 3}, "(val)", ["a.pyi"]
                ),
                "stable": {"tag": "cp311-abi3-linux", "imports": {"3.9": "", "3.11": "", "3.12": "SIGSEGV"}},
                "pythons": {
                    "3.9": works,
                    "3.11": works,
                    "3.13t": {**works, "gil_enabled": False, "gil": {"m": "used"}},
                },
            },
            {
                "name": "poor",
                "failure": "abort",
                "packages": [],
                "declared": {},
                "build": build([30.0], [20.0], 900_000, 3_000_000),
                "behaviour": behaviour({"crashed": "SIGABRT", "said": ""}, "", []),
                "stable": {"reason": "has none"},
                "pythons": {
                    "3.9": {"works": False, "reason": "too old"},
                    "3.11": works,
                    "3.13t": {"works": False, "reason": "too old"},
                },
            },
        ],
        "upkeep": {
            "looked_up": "2026-01-03",
            "databases": {"D": {"url": "https://d", "commit": "0" * 40, "date": "2025-12-31"}},
            "packages": [
                {**package, "free_threaded_wheels": ["cp314t"], "advisories": [{**advisory, "url": "https://r"}]}
            ],
        },
    }


def test_the_answer_says_what_the_data_says() -> None:
    shown = answering.answer(made_up())
    assert shown.sentence == (
        "Of what is compiled, fine is back soonest after a change of one line (2.0 s) and poor last (20.0 s); wheels "
        "take from 5.0 kB (fine) to 900.0 kB (poor). A failure inside ends the interpreter with poor. On all 3 Pythons "
        "found here: fine. An advisory stands against p 9 (R-9: unmaintained), as far as the databases' copies "
        "go."
    )
    tables = {table.title.split(" ")[0]: table for table in shown.tables}
    assert len(shown.tables) == 10 and all(len(row) == len(t.columns) for t in shown.tables for row in t.rows)
    assert tables["Build"].rows[0][1:8] == ("11.0", "11.0", "2.0", "2.0", "5.0", "20.0", "20.0")
    assert tables["Build"].rows[0][8].endswith("2026-01-02; other work ran (load 2.0)")
    assert tables["Build"].rows[1][8].endswith("2026-01-02")
    assert tables["Built,"].rows == [("fine", "yes", "yes", "yes"), ("poor", "no", "yes", "no")]
    assert tables["Where"].rows == [("poor", "3.9, 3.13t", "too old")]
    assert tables["One"].rows[0][1:] == ("cp311-abi3-linux", "3.11", "3.12: SIGSEGV")
    assert tables["Without"].rows[0][1:] == (
        "3.13t: yes, and the GIL stays off",
        "m: GIL used (asked on 3.13t)",
        "p 9: 2 - Beta",
        "p 9: cp314t",
    )
    assert tables["What"].rows[0][:3] in (("fine", "none", "(val)"), ("fine", "TypeError: no", "gives 0"))
    failures = next(table for table in shown.tables if table.title.startswith("A failure"))
    assert failures.rows[0][2:] == ("x.Panic: planted", "no: not a subclass of Exception", "yes")
    assert failures.rows[1][2:] == ("the interpreter dies: SIGABRT", "–", "no: the process is gone")
    assert ("R-9", "p", "2025-05-05", "bad", "in no release", "https://r") in tables["The"].rows


def test_the_charts_have_a_mark_for_each() -> None:
    import altair as alt
    import vl_convert

    shown = answering.answer(made_up())
    assert [each.title for each in shown.charts] == ["Build time", "Size of the wheel"]
    for each in shown.charts:
        assert alt.Chart.from_dict(each.spec).to_dict()
        svg = vl_convert.vegalite_to_svg(json.dumps(each.spec))
        assert "fine" in svg and "poor" in svg
        assert "fine" in each.alternative and "poor" in each.alternative
        assert "background" not in each.spec
    assert chart.COLOURS[0] in json.dumps(shown.charts[0].spec)


def test_the_question_is_found() -> None:
    (question,) = [each for each in explain.find_questions() if each.name == "ownership"]
    assert question.number == 7
    assert question.answer(made_up()).sentence


def test_an_edit_needs_its_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("STEP = 1\nSTEP = 1\n", encoding="utf-8")
    with pytest.raises(Unavailable, match="is not on one line of a"):
        Edit("a", "STEP = 1", "STEP = FACTOR").apply(tmp_path, 2, 1)
