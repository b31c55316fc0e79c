"""The atlas on made-up runs of which the truth is known, and its command on small problems."""

from __future__ import annotations

import math
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from atlas_made_up import a_problem, a_row, an_atlas, linear
from conftest import Lab

from doubles_lab import approaches
from doubles_lab.atlas import cells, conversions, costs, decisions, index, plan, report
from doubles_lab.atlas.cells import ABSENT, FAILED, MEASURED, UNAVAILABLE, Atlas
from doubles_lab.atlas.index import LIBRARY, Entry
from doubles_lab.cli import atlas as atlas_command
from doubles_lab.cli import progress, run
from doubles_lab.folder import REFERENCE, bundled, read
from doubles_lab.measure.schedule import QUICK
from doubles_lab.measure.statistics import Estimate
from doubles_lab.report import chart, heat_map, terminal
from doubles_lab.report.document import Cell
from doubles_lab.report.theme import SHADES
from doubles_lab.results import saved
from doubles_lab.results.record import CaseRecord, Record


def test_a_cell_is_the_best_implementation_of_its_approach() -> None:
    found = an_atlas()
    assert [line.entry.name for line in found.lines] == ["won", "lost"]  # by the best speedup
    won, lost = found.lines
    for name in ("cython", "pyo3"):
        speedup = won.square(name).speedup
        assert speedup is not None and speedup.value == pytest.approx(1_000_050 / 10_500, rel=0.02)
        assert speedup.low < speedup.value < speedup.high
        assert won.square(name).leading
    best = won.square("pyo3").best
    assert best is not None and best.row.contender == "pyo3"
    assert [v.row.contender for v in won.square("pyo3").found] == ["pyo3", "pyo3-naive"]
    # What takes an array that is there already is shown, and keeps nothing from leading that takes the list.
    assert won.square("numpy").status == MEASURED and not won.square("numpy").leading
    assert [lost.square(name).leading for name in ("cython", "numba")] == [False, False]
    slower = lost.square("numba").speedup
    assert slower is not None and slower.value == pytest.approx(0.25, rel=0.02)


def test_what_has_no_time_says_why() -> None:
    won, lost = an_atlas().lines
    assert won.square("mypyc").status == FAILED
    assert won.square("numba").status == won.square("c").status == ABSENT
    assert lost.square("c").status == UNAVAILABLE
    assert lost.square("mypyc").status == ABSENT


@pytest.mark.parametrize(
    ("value", "low", "high", "wanted"),
    [
        (0.3, 0.29, 0.31, "under half"),
        (0.9, 0.85, 0.95, "slower"),
        (0.9, 0.7, 1.1, "alike"),
        (1.05, 0.99, 1.1, "alike"),
        (1.05, 1.01, 1.1, "to 2"),
        (150, 140, 160, "over 100"),
        (1.5, 0.0, math.inf, "to 2"),
    ],
)
def test_shades(value: float, low: float, high: float, wanted: str) -> None:
    assert heat_map.shade(Estimate(value, low, high)) == wanted


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("layout", [heat_map.WIDE, heat_map.NARROW])
def test_the_picture_shows_every_cell(layout: heat_map.Layout, dark: bool) -> None:
    svg = chart.svg_of(heat_map.picture(an_atlas(), layout, dark))
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert texts.count(heat_map.SIGNS[FAILED]) == 1 and texts.count(heat_map.SIGNS[UNAVAILABLE]) == 1
    assert texts.count(heat_map.SIGNS[ABSENT]) == 5
    assert {"won", "lost", "Cython", "PyO3"} <= set(texts)
    shades = {name: pair[dark] for name, pair in SHADES.items()}
    # Cython and Numba are slower than plain Python in one problem, as the legend says once more.
    assert svg.count(f'fill="{shades["slower"]}"') == 2 and svg.count(f'fill="{shades["under half"]}"') == 2
    assert svg.count(shades["to 2"]) == 1


def test_the_table_has_the_same() -> None:
    table = heat_map.table(an_atlas(), link=lambda line: f"#{line.entry.name}")
    heads = [head.title for head in table.heads]
    (rows,) = table.groups

    def at(problem: str, approach: str) -> Cell:
        return next(row for row in rows if row[0] == problem)[heads.index(approach)]

    assert at("won", "Cython").startswith("95") and at("won", "Cython").mark == " ●"
    assert at("won", "Cython").link == "#won"
    assert at("won", "mypyc") == heat_map.SIGNS[FAILED] and "SIGSEGV" in at("won", "mypyc").hint
    assert at("lost", "Numba").style == "bad" and at("lost", "Numba").mark == ""


def test_the_answer_flips_where_the_lines_cross() -> None:
    times = {REFERENCE: linear(50, 100), "cython": linear(500, 20), "numpy": linear(20_000, 1)}
    entry, result = a_problem("p", times, {"cython": "cython", "numpy": "numpy"})
    (found,) = decisions.decisions(cells.atlas([(entry, result)]))
    assert [span.approaches for span in found.spans] == [(REFERENCE,), ("cython",), ("numpy",)]
    # 50 + 100 n = 500 + 20 n, and 500 + 20 n = 20,000 + n.
    for span, truth in zip(found.spans[1:], (450 / 80, 19_500 / 19)):
        assert span.since is not None
        # Lines between the measured sizes, on log scales, are not quite those of the truth.
        assert span.since.size.value == pytest.approx(truth, rel=0.4)
    pays = {name: crossed.overtakes(2) for name, crossed in found.pays.items()}
    assert pays["cython"] is not None and pays["cython"].size.value == pytest.approx(450 / 80, rel=0.4)
    assert pays["numpy"] is not None and pays["numpy"].size.value == pytest.approx(19_950 / 99, rel=0.4)
    (row,) = decisions.answers([found]).rows
    assert re.fullmatch(r"plain Python, then Cython from [\d.]+ \[.*\], then NumPy from [\d,]+ \[.*\]", row[-1])


def test_the_answer_does_not_flip_between_equals() -> None:
    times = {REFERENCE: linear(0, 100), "cython": linear(0, 1), "pyo3": linear(0, 1.001)}
    entry, result = a_problem("p", times, {"cython": "cython", "pyo3": "pyo3"})
    (found,) = decisions.decisions(cells.atlas([(entry, result)]))
    (span,) = found.spans
    assert set(span.approaches) == {"cython", "pyo3"}
    assert re.fullmatch("(Cython or PyO3|PyO3 or Cython)", decisions.answer_text(found))
    assert {name: decisions.pay_cell(crossed) for name, crossed in found.pays.items()} == dict.fromkeys(
        ("cython", "pyo3"), "always"
    )


def test_what_never_pays() -> None:
    entry, result = a_problem("p", {REFERENCE: linear(0, 10), "c": linear(0, 15)}, {"c": "c"})
    (found,) = decisions.decisions(cells.atlas([(entry, result)]))
    assert [span.approaches for span in found.spans] == [(REFERENCE,)]
    assert decisions.pay_cell(found.pays["c"]) == "never"


def test_what_a_gain_costs() -> None:
    table = costs.table(an_atlas())
    of_won = [row for row in table.rows if row[0] == "won"]
    assert of_won[0][1] == "NumPy" and {row[5] for row in of_won} == {"12"}
    assert of_won[0][4] == "100%"
    assert {row[6] for row in of_won} == {"1.5"} and {row[7] for row in of_won} == {"2"}


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("a.py", '"""What it\ndoes."""\n\n# why\nimport x\n\n\ndef f():\n    """Does."""\n    return "a\\nb"\n', 3),
        ("a.c", "/* what\n * it does */\n#include <x.h>\n\n// why\nint f(void) {\n  return 1; // so\n}\n", 4),
        ("a.rs", "// what\nuse x;\n\n/// Does.\nfn f() -> u8 {\n    1\n}\n", 4),
        ("a.pyx", "# cython: boundscheck=False\ncdef int f():\n    return 1\n", 2),
    ],
)
def test_lines_of_code(tmp_path: Path, name: str, text: str, wanted: int) -> None:
    (tmp_path / name).write_text(text)
    assert costs.lines(tmp_path / name) == wanted


PROBLEM = """
from doubles_lab import Input, Problem

def NAME(values: list) -> int:
    total = 0
    for value in values:
        total += value
    return total

PROBLEM = Problem(
    NAME,
    inputs=[Input.sized("ones", lambda n: [1] * n, sizes=[1, 1000])],
    edge_cases={"one": [1]},
    shape="list[int] -> int",
)
"""


@pytest.fixture
def problems(tmp_path: Path) -> Path:
    """A directory with two problems that name their shape, and one that does not."""
    root = tmp_path / "problems"
    for name in ("first", "second", "shapeless"):
        (root / name).mkdir(parents=True)
        text = PROBLEM.replace("NAME", name)
        (root / name / "problem.py").write_text(text.replace("shape=", "about=") if name == "shapeless" else text)
        (root / name / "python.py").write_text(f"def {name}(values):\n    return sum(values)\n")
    return root


def test_only_problems_with_a_shape_are_in_it(problems: Path) -> None:
    assert [each.problem.name for each in plan.folders(problems)] == ["first", "second"]


def test_a_problem_is_measured_again_once_anything_of_it_changes(problems: Path, tmp_path: Path) -> None:
    def entry(how: str = "quick") -> Entry:
        folder = plan.folders(problems)[0]
        cases = atlas_command.cases_of(folder)
        return plan.entry_of(folder, cases, how)

    found = entry()
    assert found.main == "ones-1000" and found.approaches == {"python": "python"}
    kept = index.Index([found])
    assert not plan.complete(tmp_path, kept, found)  # nothing is saved yet
    result = a_problem("first", {REFERENCE: linear(0, 1)}, {})[1]
    saved.save(result, index.record_file(tmp_path, "first"))
    assert plan.complete(tmp_path, kept, entry())
    assert not plan.complete(tmp_path, kept, entry("in full"))
    result.interrupted = True
    saved.save(result, index.record_file(tmp_path, "first"))
    assert not plan.complete(tmp_path, kept, entry())
    result.interrupted = False
    saved.save(result, index.record_file(tmp_path, "first"))
    (problems / "first" / "python.py").write_text("def first(values):\n    return sum(values) + 0\n")
    assert not plan.complete(tmp_path, kept, entry())


def test_the_problem_of_the_article_has_its_input_and_a_curve() -> None:
    folder = read(bundled())
    cases = atlas_command.cases_of(folder)
    found = plan.entry_of(folder, cases, "quick")
    assert found.main == "article" and [each.input for each in found.sizes] == ["letters"]
    assert len(cases) == 1 + len(found.sizes[0].cases)
    # All take part, each as an example of its approach; but for the one that the others are compared with.
    assert {*found.approaches, folder.baseline} == {each.name for each in folder.implementations}
    assert LIBRARY not in found.approaches.values()
    assert {found.approaches[f"{prefix}-count-doubles"] for prefix in ("pyo3", "rust-cpython")} == {
        "pyo3",
        "rust_cpython",
    }


def test_a_problem_may_choose_its_cases(problems: Path) -> None:
    file = problems / "first" / "problem.py"
    file.write_text(file.read_text().replace("shape=", 'atlas=["ones-1"], shape='))
    first, second = plan.folders(problems)
    assert [each.name for each in atlas_command.cases_of(first)] == ["ones-1"]
    assert [each.name for each in atlas_command.cases_of(second)] == ["ones-1", "ones-1000"]


def test_the_answer_is_against_the_baseline_that_a_problem_names() -> None:
    entry, result = a_problem("p", {"python-zip": linear(0, 10), "c": linear(0, 15)}, {"c": "c"})
    result.baseline = "python-zip"
    (found,) = decisions.decisions(cells.atlas([(entry, result)]))
    assert [span.approaches for span in found.spans] == [(REFERENCE,)]
    assert decisions.pay_cell(found.pays["c"]) == "never"


def test_c_of_another_problem_counts_as_a_problem_s_own(problems: Path) -> None:
    (problems / "second" / "lib.c").write_text('#include "../first/lib.c"\n')
    (problems / "second" / "ctypes.py").write_text("import ctypes\n\nsecond = ctypes.CDLL(LIBRARY).sum\n")

    def found() -> Entry:
        _, second = plan.folders(problems)
        return plan.entry_of(second, atlas_command.cases_of(second), "quick")

    entries = []
    for text in ("int sum(void) { return 1; }\n", "int sum(void) { return 2; }\n", "int sum(void) {\nreturn 2; }\n"):
        (problems / "first" / "lib.c").write_text(text)
        entries.append(found())
    assert len({entry.made_of for entry in entries}) == 3
    of_ctypes = [next(each for each in entry.sources if each.approach == "ctypes") for entry in entries]
    assert len({each.sha256 for each in of_ctypes}) == 3
    assert [each.lines for each in of_ctypes] == [4, 4, 5]  # two of Python, and one that includes


def test_an_index_that_is_none(tmp_path: Path) -> None:
    (tmp_path / index.FILE).write_text("[1]")
    with pytest.raises(index.NotAnAtlas, match="is not the index of an atlas"):
        index.read(tmp_path)
    (tmp_path / conversions.FILE).write_text("{")
    with pytest.raises(index.NotAnAtlas, match="is not the index of an atlas"):
        conversions.read(tmp_path)
    with pytest.raises(index.NotAnAtlas, match="No such file"):
        index.read(tmp_path / "elsewhere")


#: An atlas that takes some seconds.
SHORT = ("--quick", "--budget", "1s", "--examples", 0, "--no-conversions")


def test_it_goes_on_where_it_was_interrupted(lab: Lab, problems: Path) -> None:
    command = lab.command("atlas", problems, *SHORT)
    process = subprocess.Popen(command, cwd=lab.directory, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    first = lab.directory / "atlas" / "second.json"
    end = time.monotonic() + 90
    while not first.exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)  # the first problem is done, and something of the second is saved
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "first" in out and "Traceback" not in errors
    before = {each.name: each.date for each in index.read(lab.directory / "atlas").problems}
    done = lab("atlas", problems, *SHORT)
    assert done.returncode == 0, done.stderr
    assert "1 of 2 problems are measured already" in done.stderr
    after = {each.name: each.date for each in index.read(lab.directory / "atlas").problems}
    assert after["first"] == before["first"] and set(after) == {"first", "second"}
    assert not any(each.record.interrupted for each in cells.read(lab.directory / "atlas").lines)
    files = {each.name for each in (lab.directory / "atlas").iterdir()}
    assert {*(f"{name}.svg" for name in report.PICTURES), "heat-map.png", "README.md", "atlas.html"} <= files
    page = (lab.directory / "atlas" / "atlas.html").read_text(encoding="utf-8")
    assert 'id="problem-first"' in page and "return sum(values)" in page and "total += value" in page
    again = lab("atlas", problems, "--show")
    assert again.returncode == 0 and "Python" in again.stdout


def test_what_was_measured_before_stays_where_nothing_was_measured_since(
    problems: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "measure", interrupted)
    folder = plan.folders(problems)[0]
    cases = atlas_command.cases_of(folder)
    old, new = plan.entry_of(folder, cases, "before"), plan.entry_of(folder, cases, "now")
    kept = index.Index([old])
    with pytest.raises(KeyboardInterrupt), progress.Bar(terminal.errors()) as bar:
        atlas_command.measure_one(folder, cases, new, QUICK, None, 0, tmp_path, kept, {}, bar)
    assert kept.problems == [old] and not list(tmp_path.glob("*.json"))


def test_nothing_to_show(lab: Lab) -> None:
    done = lab("atlas", "--show")
    assert done.returncode == 4 and "atlas.json" in done.stderr


def test_every_column_has_a_title() -> None:
    assert cells.title(LIBRARY) == "A library"
    assert all(cells.title(name) for name in approaches.find())


def test_as_markdown() -> None:
    text = report.markdown(an_atlas(), None, ["heat-map.svg"])
    assert "![Heat map of 2 problems by 6 approaches." in text
    assert "slower than plain Python: Cython, Numba" in text
    # The site refuses a page that leaves out a level.
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels[0] == 1 and all(after <= before + 1 for before, after in zip(levels, levels[1:]))


def test_what_conversions_cost() -> None:
    parts = {"x-bare": "bare", "x-typed": "floor", "x-typed-taking": "taking", "y-objects": "floor", "y-bare": "bare"}
    functions = [
        conversions.Function(name, {"x": "pyo3", "y": "c"}[name[0]], name.split("-")[1], "as it is", part)
        for name, part in parts.items()
    ]
    kind = conversions.Kind("int", "Ints.", "", functions, [("numba", "it has no form for that")])
    seconds = {"x-bare": 50e-9, "x-typed": 350e-9, "x-typed-taking": 150e-9, "y-objects": 80e-9, "y-bare": 30e-9}
    cases = [
        CaseRecord(str(count), "", "", rows=[a_row(name, taken * count, 0) for name, taken in seconds.items()])
        for count in (1, 100, 10_000)
    ]
    result = Record("2026-01-01", 1, 10, 5, 10.0, REFERENCE, cases=cases)
    pyo3, c = conversions.costs_of(kind, result)
    assert pyo3.take[1] == pytest.approx(100e-9, rel=0.05) and pyo3.give[10_000] == pytest.approx(2e-3, rel=0.05)
    assert c.take[100] == pytest.approx(5e-6, rel=0.05) and c.give == {}
    found = conversions.Conversions([kind], [pyo3, c], [result])
    (table,) = conversions.tables(found)
    assert [row[0] for row in table.rows] == ["C by hand", "PyO3"]  # the cheapest first
    assert table.notes == ["Numba: it has no form for that"]
    take, give = conversions.charts(found)
    assert re.search(r"int by PyO3 (99|10\d)", take.alternative) and "int by C by hand" not in give.alternative


def test_a_picture_leaves_out_what_few_problems_have() -> None:
    won, lost = an_atlas().lines
    found, rare = heat_map.usual(Atlas((won, *[lost] * 4), an_atlas().approaches))
    assert set(rare) == {"pyo3", "numpy", "mypyc"} and set(found.approaches) == {"cython", "numba", "c"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.354, "0.35"),
        (1.04, "1"),
        (9.96, "10"),
        (99.4, "99"),
        (99.51, "100"),
        (999.6, "1.0k"),
        (4391, "4.4k"),
        (1e5, "100k"),
    ],
)
def test_a_speedup_has_room_in_a_narrow_cell(value: float, text: str) -> None:
    assert heat_map.brief(value) == text
