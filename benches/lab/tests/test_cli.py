"""The command: what it prints, what it refuses, how it exits."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import SHORT, Lab, Plant

from doubles_lab.cli import COMMANDS, options
from doubles_lab.cli.exits import MEANINGS
from doubles_lab.results import saved

ZIP = ("--contender", "python-zip", "--no-charts")


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_help_has_examples_and_exit_codes(lab: Lab, command: tuple[str, ...]) -> None:
    done = lab(*command, "--help")
    assert done.returncode == 0
    assert "Examples:" in done.stdout and "Exit codes:" in done.stdout
    for code, meaning in MEANINGS.items():
        assert f"{code:<4} {meaning}" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 110


def test_the_manual_names_the_exit_codes_word_by_word() -> None:
    manual = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for code, meaning in MEANINGS.items():
        assert f"| {code} | {meaning} |" in manual


def test_version(lab: Lab) -> None:
    assert "0." in lab("--version").stdout


def test_list(lab: Lab) -> None:
    done = lab("list", columns=200)
    assert done.returncode == 0
    for part in ("python-zip", "characters", "iterates the str", "Bruno Rocha", "article", "size-64M"):
        assert part in done.stdout, part
    assert max(map(len, lab("list", columns=80).stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("run", "--contender", "pyhton-zip"), "did you mean python-zip"),
        (("run", "--case", "artcle"), "did you mean article"),
        (("run", "--tag", "numb"), "did you mean numba"),
        (("run", "--baseline", "nothing"), "no contender"),
        (("run", "--contender", "re-*", "--baseline", "python-zip"), "no contender among those chosen"),
        (("run", "--contender", "re-*", "--tag", "numba"), "together"),
        (("verify", "--contender", "x"), "no contender is called 'x'"),
        (("list", "--tag", "x"), "no tag is called 'x'"),
        (("run", "--rounds", "0"), "0 is not in the range"),
        (("run", "--language", "rost"), "did you mean Rust"),
        (("run", "--language", "rust", "--contender", "re-*"), "no language is called 'rust'"),
        (("run", "--budget", "5"), "'5' is not a time such as 90s, 5m or 1m30s"),
        (("run", "--budget", "0s"), "must be more than nothing"),
        (("run", "--budget", "1m", "--rounds", "3"), "leave out --rounds"),
        (("run", "--unit", "bytes"), "--unit says what a function of yours counts"),
        (("run", "--unit", "words", "--contender", "a:b"), "'words' is not one of 'characters', 'bytes', 'elements'"),
        (("run", "--contenders", "nowhere"), "does not exist"),
        (("frobnicate",), "No such command"),
    ],
)
def test_unknown_names(lab: Lab, arguments: tuple[str, ...], hint: str) -> None:
    done = lab(*arguments)
    assert done.returncode == 2
    assert hint in " ".join(done.stderr.split())


def test_files_that_cannot_be_read_cost_the_others_nothing(lab: Lab) -> None:
    (lab.directory / "good.txt").write_text("aabb", encoding="utf-8")
    (lab.directory / "empty.txt").touch()
    files = [part for name in ("missing.txt", "good.txt", "empty.txt", ".") for part in ("--file", name)]
    done = lab("run", *files, *ZIP, *SHORT)
    assert done.returncode == 3
    assert "missing.txt: No such file or directory" in done.stderr
    assert "empty.txt: is empty" in done.stderr
    assert ".: is a directory" in done.stderr
    assert "good.txt" in done.stdout and "2 doubles" in done.stdout
    assert lab("verify", *files, "--contender", "python-zip").returncode == 3


def test_only_files_that_cannot_be_read(lab: Lab) -> None:
    done = lab("run", "--file", "missing.txt", *ZIP)
    assert done.returncode == 3
    assert not lab.results.exists()


def test_a_file_that_is_not_utf_8(lab: Lab) -> None:
    (lab.directory / "a.bin").write_bytes(b"aa\xff\xff\x00")
    done = lab("run", "--file", "a.bin", "--contender", "re-best", *ZIP, *SHORT)
    assert done.returncode == 0
    assert "not UTF-8 (byte 2): counted as bytes" in done.stdout
    assert "2 doubles" in done.stdout
    assert "needs text, and this input is not UTF-8" in " ".join(done.stdout.split())


def test_two_files_of_one_name(lab: Lab) -> None:
    for directory in ("a", "b"):
        (lab.directory / directory).mkdir()
        (lab.directory / directory / "x.txt").write_text("aa" + directory)
    done = lab("run", "--file", "a/x.txt", "--file", "b/x.txt", "--file", "b/x.txt", *ZIP, *SHORT)
    assert done.returncode == 0
    assert done.stdout.count("── ") + done.stdout.count(" ──") >= 2
    assert "b/x.txt" in done.stdout


def test_markup_in_a_file_s_name_is_text(lab: Lab) -> None:
    name = "[red]a[/red] & <b>.txt"
    (lab.directory / name.replace("/", "")).write_text("aa")
    done = lab("run", "--file", name.replace("/", ""), "--contender", "python-zip", "--processes", 1, "--rounds", 1)
    assert done.returncode == 0
    assert name.replace("/", "") in done.stdout
    assert {file.suffix for file in lab.results.iterdir()} == {".json", ".md", ".csv", ".svg", ".png", ".html"}


def test_no_contender_that_runs(lab: Lab, plant: Plant) -> None:
    directory = plant("IMPLEMENTATIONS = [contender('absent', load=lambda: 1 / 0)]")
    done = lab("run", "--contenders", directory, "--contender", "absent", "--case", "size-3", *SHORT)
    assert done.returncode == 4
    assert "ZeroDivisionError" in done.stdout
    assert lab("verify", "--contenders", directory, "--contender", "absent", "--case", "empty").returncode == 4


def test_no_files(lab: Lab) -> None:
    assert lab("run", "--case", "size-3", *ZIP, *SHORT, "--no-files").returncode == 0
    assert not lab.results.exists()


def test_a_directory_that_cannot_be_written(lab: Lab) -> None:
    (lab.directory / "results").write_text("a file")
    done = lab("run", "--case", "size-3", *ZIP, *SHORT)
    assert done.returncode == 2
    assert "results" in done.stderr


def test_report_shows_some_contenders_only(lab: Lab) -> None:
    run = Path(__file__).parents[3] / "docs" / "results" / "letters" / "run.json"
    done = lab("report", run, "--contender", "python-zip", "--contender", "pyo3-count-doubles")
    assert done.returncode == 0
    assert "pyo3-count-doubles" in done.stdout and "numba" not in done.stdout
    unknown = lab("report", run, "--contender", "pyo3-count")
    assert unknown.returncode == 2 and "or pyo3-count-doubles" in unknown.stderr


def test_report_shows_a_saved_result_again(lab: Lab) -> None:
    done = lab("run", "--case", "size-1k", "--contender", "python-once", *ZIP, *SHORT)
    again = lab("report", lab.record_file)
    assert again.returncode == 0
    assert again.stdout.strip() == done.stdout.partition("results/")[0].strip()
    other = lab("report", lab.record_file, "--baseline", "python-once", "--output", "again")
    assert "× python-once" in other.stdout
    assert {file.suffix for file in (lab.directory / "again").iterdir()} == {
        ".json",
        ".md",
        ".csv",
        ".svg",
        ".png",
        ".html",
    }
    unknown = lab("report", lab.record_file, "--baseline", "python-one")
    assert unknown.returncode == 2 and "did you mean python-once" in unknown.stderr


@pytest.mark.parametrize("name", ["missing.json", "other.json", "."])
def test_report_refuses_other_files(lab: Lab, name: str) -> None:
    (lab.directory / "other.json").write_text("{}")
    done = lab("report", name)
    assert done.returncode == 4
    assert name in done.stderr


def test_verify_shows_counts_side_by_side(lab: Lab) -> None:
    done = lab("verify", "--contender", "re-*", *ZIP[:2], "--case", "newlines", "--case", "empty", "--output", "out")
    assert done.returncode == 0
    assert "Contenders: 3, cases: 2. Right everywhere: 2; differ and say so: 1; broke what they state: 0." in " ".join(
        done.stdout.split()
    )
    assert "`.` does not match a newline" in done.stdout
    markdown = (lab.directory / "out" / "divergences.md").read_text(encoding="utf-8")
    assert "| newlines | 'x\\\\n\\\\ny' | 1 | 0 | \\`.\\` does not match a newline | re-article |" in markdown


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("IMPLEMENTATIONS = [contender('bad', right, unit=Unit.BYTES)]", "must give 0"),
        (
            "raises = Divergence('x', lambda text: Raises('KeyError'))\n"
            "IMPLEMENTATIONS = [contender('bad', right, divergences=(raises,))]",
            "must raise KeyError",
        ),
        ("def f(val): raise KeyError('x')\nIMPLEMENTATIONS = [contender('bad', f)]", "KeyError"),
        ("def f(val): os._exit(9)\nIMPLEMENTATIONS = [contender('bad', f)]", "exit code 9"),
        ("def f(val): os.kill(os.getpid(), signal.SIGSEGV)\nIMPLEMENTATIONS = [contender('bad', f)]", "SIGSEGV"),
    ],
)
def test_verify_fails_for_a_contender_that_breaks_its_word(lab: Lab, plant: Plant, source: str, said: str) -> None:
    directory = plant(source)
    done = lab(
        "verify", "--contenders", directory, "--contender", "bad", *ZIP[:2], "--case", "latin-double", "--case", "one"
    )
    assert done.returncode == 1
    assert (
        "BROKEN" in done.stdout and said in done.stdout and "broke what they state: 1" in " ".join(done.stdout.split())
    )


def test_verify_goes_on_after_a_hang(lab: Lab, plant: Plant) -> None:
    directory = plant("def f(val):\n    while val: pass\n    return 0\nIMPLEMENTATIONS = [contender('stuck', f)]")
    done = lab(
        "verify", "--contenders", directory, "--contender", "stuck", "--case", "one", "--case", "empty", "--timeout", 1
    )
    assert done.returncode == 1
    assert "hung: no answer within 1 s" in done.stdout


def test_the_output_directory_is_made(lab: Lab) -> None:
    assert lab("run", "--case", "size-3", *ZIP, *SHORT, "--output", Path("a") / "b").returncode == 0
    assert list((lab.directory / "a" / "b").glob("*.csv"))


def test_a_budget_is_kept(lab: Lab) -> None:
    began = time.monotonic()
    done = lab("run", "--budget", "6s", "--case", "size-1k", "--contender", "python-z*", "--no-charts")
    took = time.monotonic() - began
    assert done.returncode == 0
    result = saved.read(lab.record_file)
    assert result.budget == 6.0
    values = [len(run.values) for run in result.cases[0].rows[0].runs]
    assert sum(values) >= 1 and 2 <= len(values) <= 41
    assert f"up to {len(values)} processes each, up to {max(values)} rounds in each" in " ".join(done.stdout.split())
    assert took < 60  # a busy machine, and what is not measuring


def test_duration_and_percent() -> None:
    assert [options.Duration().convert(text, None, None) for text in ("90s", "5m", "1m30s", "0.5h", "1m 5s")] == [
        90.0,
        300.0,
        90.0,
        1800.0,
        65.0,
    ]
    assert [options.Percent().convert(text, None, None) for text in ("10%", "2.5 %", "0%")] == [0.1, 0.025, 0.0]


def test_languages_are_a_filter(lab: Lab) -> None:
    text = lab("list", "--language", "RUST", columns=200).stdout
    assert "pyo3-zip" in text and "python-comprehension" not in text and "numba-array" not in text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("run --contender python-z", "python-zip"),
        ("verify --case zzz", None),
        ("run --case artic", "article"),
        ("run --tag numb", "numba"),
        ("list --language ru", "Rust"),
        ("comp", "compare"),
        ("run --bud", "--budget"),
    ],
)
def test_the_shell_completes(lab: Lab, typed: str, expected: str | None) -> None:
    words = typed.split()
    done = subprocess.run(
        [sys.executable, "-c", "from doubles_lab.cli import main; main()"],
        env={
            **os.environ,
            "_DOUBLES_LAB_COMPLETE": "bash_complete",
            "COMP_WORDS": f"doubles-lab {typed}",
            "COMP_CWORD": str(len(words)),
        },
        cwd=lab.directory,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    found = [line.partition(",")[2] for line in done.stdout.splitlines() if line]
    assert done.stderr == ""
    assert (expected in found) if expected else found == []


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero here")
def test_a_device_is_not_read(lab: Lab) -> None:
    done = lab("run", "--file", "/dev/zero", *ZIP)
    assert done.returncode == 3
    assert "/dev/zero: is a device, not a file" in done.stderr


def test_all_that_can_go_wrong_at_once_costs_the_others_nothing(lab: Lab, plant: Plant) -> None:
    source = """
import ctypes
def hangs(val):
    while True: time.sleep(1)
def crashes(val): ctypes.string_at(0)
def raises(val): raise ValueError('no')
IMPLEMENTATIONS = [contender(f.__name__, f) for f in (hangs, crashes, raises)]
"""
    (lab.directory / "good.txt").write_text("aabb", encoding="utf-8")
    (lab.directory / "binary.bin").write_bytes(b"aa\xff\xff")
    (lab.directory / "empty.txt").touch()
    names = [part for name in ("python-zip", "hangs", "crashes", "raises") for part in ("--contender", name)]
    files = [part for name in ("good.txt", "binary.bin", "empty.txt", "missing.txt") for part in ("--file", name)]
    directory = plant(source)
    done = lab(
        "run", "--contenders", directory, *names, *files, "--processes", 1, "--rounds", 2, "--timeout", 2,
        "--no-charts",
    )  # fmt: skip
    assert done.returncode == 1  # before 3: a contender that fails weighs more than a file that cannot be read
    assert "empty.txt: is empty" in done.stderr and "missing.txt: No such file" in done.stderr
    good, binary = saved.read(lab.record_file).cases
    reasons = {row.contender: row.reason for row in good.rows}
    assert reasons == {
        "python-zip": "",
        "hangs": "on article it hung: no answer within 2 s",
        "crashes": "on article it crashed: SIGSEGV",
        "raises": "raises ValueError: no",
    }
    assert "counted as bytes" in binary.about
    assert {row.contender: row.status for row in binary.rows}["python-zip"] == "ranked"
    assert {row.reason for row in binary.rows if row.contender != "python-zip"} == {
        "needs text, and this input is not UTF-8"
    }
