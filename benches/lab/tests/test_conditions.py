"""What is said of a machine before a run, from made-up trees of /sys and /proc."""

from __future__ import annotations

from pathlib import Path

import pytest

from doubles_lab.measure.conditions import warnings

#: A machine on which nothing disturbs, whose CPU 3 measures.
QUIET = {
    "cpu3/cpufreq/scaling_governor": "performance",
    "intel_pstate/no_turbo": "1",
    "cpufreq/boost": "0",
    "cpu3/topology/thread_siblings_list": "3",
    "online": "0-3",
    "isolated": "3",
}


def machine(root: Path, load: str = "1.99", **changed: str) -> list[str]:
    """What is said of the quiet machine with some files changed: each by its last name."""
    for name, value in QUIET.items():
        file = root / "sys/devices/system/cpu" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(changed.get(file.name, value) + "\n")
    (root / "proc").mkdir()
    (root / "proc/loadavg").write_text(f"{load} 1.00 1.00 1/100 1234\n")
    return warnings(root, {0, 1, 3})


def test_nothing_is_said_of_a_quiet_machine(tmp_path: Path) -> None:
    assert machine(tmp_path) == []


@pytest.mark.parametrize(
    ("file", "value", "said", "command"),
    [
        ("scaling_governor", "powersave", "governed by powersave", "cpupower frequency-set --governor performance"),
        ("no_turbo", "0", "go faster", "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo"),
        ("boost", "1", "go faster", "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost"),
        ("thread_siblings_list", "1,3", "shares its core with CPU 1", "sudo tee /sys/devices/system/cpu/cpu1/online"),
        ("isolated", "", "No CPU is isolated", "isolcpus=3"),
        ("isolated", "1-2", "CPU 3 is not among those", "taskset --cpu-list 0,1,2 "),
    ],
)
def test_what_disturbs_is_said_with_what_ends_it(
    tmp_path: Path, file: str, value: str, said: str, command: str
) -> None:
    (warning,) = machine(tmp_path, **{file: value})
    assert said in warning and command in warning and "\n" not in warning


@pytest.mark.parametrize(("load", "warned"), [("2.00", False), ("2.01", True), ("17.50", True)])
def test_a_load_above_a_half_for_each_cpu_is_said(tmp_path: Path, load: str, warned: bool) -> None:
    assert [f"The load average is {load} on 4 CPUs" in each for each in machine(tmp_path, load=load)] == [True] * warned


def test_turbo_is_said_once(tmp_path: Path) -> None:
    assert len(machine(tmp_path, no_turbo="0", boost="1")) == 1


def test_nothing_is_said_of_a_machine_that_does_not_tell(tmp_path: Path) -> None:
    assert warnings(tmp_path, {0}) == [] and warnings(tmp_path, ()) == []


def test_this_machine_can_be_asked() -> None:
    assert all(isinstance(each, str) for each in warnings())
