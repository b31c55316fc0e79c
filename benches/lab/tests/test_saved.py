"""Saved results: pyperf reads them, and so does the lab."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import SHORT, Lab, Plant

from doubles_lab.results import record, saved
from doubles_lab.results.record import CaseRecord, Record, Row, Run


def a_row(name: str, seconds: float, status: str = record.RANKED, **more: object) -> Row:
    """A row with two processes of three rounds each."""
    runs = [
        Run(10, [(1, seconds * 2)], [seconds * factor for factor in (1.0, 1.01, 0.99)], "2026-01-01 12:00:01")
        for _ in range(2)
    ]
    row = Row(
        name, "characters", "Python", "none", "iterates", "a test", status, expected=3, found=3, stored=6, runs=runs
    )
    for key, value in more.items():
        setattr(row, key, value)
    return row


def a_record(*rows: Row, name: str = "case") -> Record:
    """A record of one case."""
    case = CaseRecord(
        name, "a case", "characters", {"characters": 6, "bytes": 6}, {"characters": 3, "bytes": 3}, "00", 3, list(rows)
    )
    return Record(
        "2026-01-01 12:00:00", 1, 2, 3, 10.0, "slow", {"cpu_model_name": "A CPU", "cpu_count": 2}, cases=[case]
    )


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    whole = a_record(
        a_row("slow", 2e-3),
        a_row("fast", 1e-6, versions={"numpy": "2.0"}, details={"backend": "avx2"}, flags="-O3"),
        a_row("apart", 1e-6, record.APART, found=2, reason="counts bytes, not characters"),
        a_row("absent", 1.0, record.UNAVAILABLE, runs=[], found=None, reason="needs [red]paint[/red]\nand time"),
    )
    file = tmp_path / "a.json"
    saved.save(whole, file)
    again = saved.read(file)
    assert again.cases == whole.cases
    assert {key: again.machine[key] for key in whole.machine} == whole.machine


def test_wrong_rows_leave_no_times_for_others_to_rank(tmp_path: Path) -> None:
    import pyperf

    file = tmp_path / "a.json"
    saved.save(a_record(a_row("slow", 1e-3), a_row("liar", 1e-9, record.WRONG, found=7)), file)
    assert pyperf.BenchmarkSuite.load(str(file)).get_benchmark_names() == ["case: slow"]


def test_nothing_timed_is_nothing_to_save(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing was timed"):
        saved.save(a_record(a_row("liar", 1e-9, record.WRONG)), tmp_path / "a.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"version": "1.0", "benchmarks": []}', "\0"])
def test_other_files_are_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(content)
    with pytest.raises(saved.NotAResult, match="is not a result"):
        saved.read(file)


def test_a_whole_number_is_none_with_a_point(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    saved.save(a_record(a_row("a", 1e-6)), file)
    text = file.read_text()
    seed = re.search(r'\\"seed\\": (\d+)', text)
    assert seed
    file.write_text(text.replace(seed[0], '\\"seed\\": -0.0'))
    with pytest.raises(saved.NotAResult, match=r"`int`, got `float` - at `\$\.seed`"):
        saved.read(file)


def test_a_pyperf_file_of_another_program_is_refused(tmp_path: Path) -> None:
    import pyperf

    file = tmp_path / "a.json"
    run = pyperf.Run([1.0], metadata={"name": "other"}, collect_metadata=False)
    pyperf.BenchmarkSuite([pyperf.Benchmark([run])]).dump(str(file))
    with pytest.raises(saved.NotAResult, match="did not save it"):
        saved.read(file)


def pyperf_says(*arguments: object) -> str:
    """What a pyperf command prints."""
    done = subprocess.run(
        [sys.executable, "-m", "pyperf", *map(str, arguments)], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def test_pyperf_reads_a_run(lab: Lab, plant: Plant) -> None:
    source = "IMPLEMENTATIONS = [contender('liar', lambda val: 7), contender('gone', load=lambda: 1 / 0)]"
    directory = plant(source)
    chosen = [part for name in ("python-zip", "python-once", "liar", "gone") for part in ("--contender", name)]
    done = lab("run", "--case", "size-1k", "--case", "newlines", "--contenders", directory, *chosen, *SHORT)
    assert done.returncode == 1
    file = lab.record_file
    stats = pyperf_says("stats", file)
    assert "size-1k: python-zip" in stats and "newlines: python-once" in stats
    assert "liar" not in stats.replace("doubles_lab", "")
    assert "Number of warmup per run" in stats
    assert "python-zip" in pyperf_says("hist", file)
    assert "python-once" in pyperf_says("compare_to", file, file, "--table", "--verbose")
    metadata = pyperf_says("metadata", file)
    for fact in ("cpu_count", "python_version", "doubles_lab_version", "seed", "case_sha256", "expected_count"):
        assert fact in metadata, fact
    assert saved.read(file).cases[0].rows[2].status == record.WRONG
    # The samples are in it once.
    rest = json.loads(json.loads(file.read_text())["metadata"][saved.KEY])
    assert all(row["runs"] == [] for case in rest["cases"] for row in case["rows"])


def test_no_path_of_the_machine_is_saved() -> None:
    assert not [fact for fact in saved.machine().values() if str(Path.home()) in str(fact) or sys.prefix in str(fact)]
