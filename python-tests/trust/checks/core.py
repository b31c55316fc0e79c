"""The core: what it counts, and what it touches."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trust.check import ROOT, CannotRun, Check, Failed, Setting
from trust.survivors import REASONS

CORE = ROOT / "crates" / "doubles-core"
SUITE = ("--locked", "-p", "doubles-core", "--all-features")

#: The tools, with the versions that were tried, from crates.io.
CARGO_FUZZ, CARGO_MUTANTS, CARGO_TARPAULIN = "cargo-fuzz@0.13.2", "cargo-mutants@27.1.0", "cargo-tarpaulin@0.37.5"

FUZZ_TARGETS = sorted(path.stem for path in (CORE / "fuzz" / "targets").glob("*.rs"))
FUZZ_SECONDS = 300

CASES = 100_000
SEEDS = 100


def tool(setting: Setting, package: str) -> Path:
    """A program from crates.io, ``NAME@VERSION``, which is built if it is not there yet."""
    name, version = package.split("@")
    root = setting.cache / "tools"
    setting.command(["cargo", "install", "--quiet", "--locked", "--root", root, "--version", version, name])
    return root / "bin" / name


def only(*names: str) -> list[str]:
    """What tells cargo to run the tests in these files of the core."""
    return [f"--test={name}" for name in names]


def passed(printed: str) -> int:
    """How many tests passed. Raises :class:`Failed` if none did."""
    total = sum(map(int, re.findall(r"test result: ok\. (\d+) passed; 0 failed", printed)))
    if not total:
        raise Failed("no test ran")
    return total


def backends(printed: str) -> tuple[list[str], list[str]]:
    """The backends that ran, and those that the CPU lacks, as a test of the suite prints them."""
    found = re.search(r"backends that ran: (\[.*?\]); not run, .*?: (\[.*?\])", printed)
    if found is None:
        raise Failed("the suite did not print which backends ran")
    ran, lacking = map(json.loads, found.groups())
    return ran, lacking


def told(printed: str) -> str:
    """How many tests passed, and on which backends."""
    ran, lacking = backends(printed)
    text = f"{passed(printed)} tests passed, on {', '.join(ran)}"
    return text + (f"; the CPU lacks {', '.join(lacking)}" if lacking else "")


def suite(setting: Setting) -> str:
    """The suite, as the crate is built for use, and without ``std``."""
    printed = setting.command(["cargo", "test", "--release", *SUITE, "--", "--nocapture"])
    passed(
        setting.command(
            ["cargo", "test", "--release", "--locked", "-p", "doubles-core", "--no-default-features", "--tests"]
        )
    )
    return told(printed)


def sweeps(setting: Setting) -> str:
    """Lengths, alignments, flushes, seams and guard pages, with the tests that take minutes."""
    printed = setting.command(
        ["cargo", "test", "--release", *SUITE, *only("sweeps", "found", "guard_pages"), "--", "--include-ignored"],
        env={"DOUBLES_TEST_SEEDS": str(setting.count(SEEDS))},
    )
    return f"{passed(printed)} tests passed"


def huge(setting: Setting) -> str:
    """Counts that pass 2³²."""
    if sys.platform != "linux" or sys.maxsize < 2**32:
        raise CannotRun("only written for 64-bit Linux, which can map the same memory again and again")
    printed = setting.command(["cargo", "test", "--release", *SUITE, *only("huge"), "--", "--include-ignored"])
    return f"{passed(printed)} tests passed, of 5 × 2³⁰ items each, in 12 MiB of memory that is mapped again and again"


def properties(setting: Setting) -> str:
    """Properties, by proptest."""
    cases = setting.count(CASES)
    printed = setting.command(
        ["cargo", "test", "--release", *SUITE, *only("properties")], env={"PROPTEST_CASES": str(cases)}
    )
    return f"{passed(printed)} properties held in {cases:,} cases each"


def nightly() -> str:
    """The name of a nightly toolchain; what needs one cannot run without."""
    name = os.environ.get("DOUBLES_NIGHTLY", "nightly")
    found = shutil.which("rustup") and subprocess.run(
        ["rustup", "run", name, "rustc", "--version"], capture_output=True, check=False
    )
    if not found or found.returncode:
        raise CannotRun(f"no toolchain {name}: rustup toolchain install nightly (DOUBLES_NIGHTLY names another)")
    return name


def fuzz(target: str) -> Callable[[Setting], str]:
    """Fuzzes a target with AddressSanitizer, from its seeds and what earlier runs found worth keeping."""

    def run(setting: Setting) -> str:
        toolchain = nightly()
        program = tool(setting, CARGO_FUZZ)
        corpus = setting.cache / "corpus" / target
        corpus.mkdir(parents=True, exist_ok=True)
        printed = setting.command(
            [
                program, "fuzz", "run", "--fuzz-dir", CORE / "fuzz", "--target-dir", setting.cache / "fuzz",
                target, corpus, CORE / "fuzz" / "seeds" / target, "--",
                f"-max_total_time={setting.seconds(FUZZ_SECONDS)}",
                "-timeout=20", f"-artifact_prefix={setting.cache}/{target}-",
            ],
            env={"RUSTUP_TOOLCHAIN": toolchain},
        )  # fmt: skip
        done = re.search(r"Done (\d+) runs in (\d+) second", printed)
        if done is None:
            raise Failed("the fuzzer did not say how many runs it did")
        runs, seconds = map(int, done.groups())
        if not runs:
            raise Failed("the fuzzer ran no input")
        return f"no finding in {runs:,} runs, {seconds} s"

    return run


def host(rustc: Sequence[str]) -> str:
    """The target that a compiler builds for unless told otherwise."""
    printed = subprocess.run([*rustc, "-vV"], capture_output=True, text=True, check=True).stdout
    return next(line.split()[1] for line in printed.splitlines() if line.startswith("host:"))


def address_sanitizer(setting: Setting) -> str:
    """The suite, each load and store of which is checked against the bounds of what was allocated."""
    toolchain = nightly()
    target = host(["rustup", "run", toolchain, "rustc"])
    printed = setting.command(
        ["cargo", f"+{toolchain}", "test", "--release", *SUITE, "--tests", "--target", target, "--", "--nocapture"],
        env={
            "RUSTFLAGS": "-Zsanitizer=address -Cdebuginfo=1",
            "CARGO_TARGET_DIR": str(setting.cache / "asan"),
            "CARGO_PROFILE_RELEASE_LTO": "off",
        },
    )
    return f"no finding; {told(printed)}"


def runner(target: str, command: str) -> dict[str, str]:
    """The setting by which cargo runs tests of a target through a command."""
    return {f"CARGO_TARGET_{target.upper().replace('-', '_')}_RUNNER": command}


def program(*names: str, get: str) -> str:
    """The first of these programs that is installed."""
    for name in names:
        if shutil.which(name):
            return name
    raise CannotRun(f"{names[0]} is not installed: {get}")


def valgrind(setting: Setting) -> str:
    """A share of the suite in which each haystack is a block of its own, or lies between guard pages."""
    command = program("valgrind", get="apt-get install valgrind")
    options = "--quiet --error-exitcode=9 --partial-loads-ok=no --leak-check=no"
    printed = setting.command(
        [
            *("cargo", "test", "--release", "--no-fail-fast", *SUITE),
            *only("backends", "sweeps", "guard_pages", "seeds"),
            *("--", "--nocapture", "required_backends", "blocks_of_exactly", "reads_stay", "seeds_of"),
        ],
        env={"DOUBLES_TEST_SEEDS": "1", **runner(host(["rustc"]), f"{command} {options}")},
    )  # fmt: skip
    return f"no finding; {told(printed)}"


def masked(cpu: str, runs: str, lacks: str) -> Callable[[Setting], str]:
    """The suite under an emulated CPU that has one backend and lacks the faster ones."""

    def run(setting: Setting) -> str:
        target = host(["rustc"])
        if not target.startswith("x86_64"):
            raise CannotRun("only written for x86-64")
        qemu = program("qemu-x86_64", "qemu-x86_64-static", get="apt-get install qemu-user")
        printed = setting.command(
            ["cargo", "test", "--release", *SUITE,
             *only("backends", "sweeps", "found", "guard_pages", "seeds", "properties"), "--", "--nocapture"],
            env={
                "DOUBLES_REQUIRED_BACKENDS": runs,
                "DOUBLES_MASKED_BACKENDS": lacks,
                "DOUBLES_TEST_SEEDS": "1",
                **runner(target, f"{qemu} -cpu {cpu}"),
            },
        )  # fmt: skip
        return told(printed)

    return run


@dataclass(frozen=True)
class Machine:
    """A machine that is emulated."""

    target: str
    #: What the names of its compiler and of its folder of libraries begin with.
    gnu: str
    qemu: str
    packages: str
    backend: str


MACHINES = {
    "aarch64": Machine(
        "aarch64-unknown-linux-gnu",
        "aarch64-linux-gnu",
        "aarch64",
        "gcc-aarch64-linux-gnu libc6-dev-arm64-cross",
        "neon",
    ),
    "i686": Machine("i686-unknown-linux-gnu", "i686-linux-gnu", "i386", "gcc-i686-linux-gnu", "scalar"),
    "s390x": Machine("s390x-unknown-linux-gnu", "s390x-linux-gnu", "s390x", "gcc-s390x-linux-gnu", "scalar"),
}


def standard_library(rustc: str, target: str) -> tuple[list[str], dict[str, str]]:
    """What makes cargo find the standard library of a target, or build it where its source is there."""

    def asked(*arguments: str) -> Path:
        return Path(subprocess.run([rustc, *arguments], capture_output=True, text=True, check=True).stdout.strip())

    if asked("--print", "target-libdir", "--target", target).is_dir():
        return [], {}
    if (asked("--print", "sysroot") / "lib/rustlib/src/rust/library/Cargo.lock").is_file():
        return ["-Zbuild-std"], {"RUSTC_BOOTSTRAP": "1"}
    raise CannotRun(f"no standard library for {target}: rustup target add {target}, or rustup component add rust-src")


def emulated(machine: Machine) -> Callable[[Setting], str]:
    """The suite on another machine, by QEMU's emulation of its user mode. ``RUSTC`` names another compiler."""

    def run(setting: Setting) -> str:
        rustc = os.environ.get("RUSTC", "rustc")
        linker = program(f"{machine.gnu}-gcc", get=f"apt-get install {machine.packages}")
        qemu = program(f"qemu-{machine.qemu}", f"qemu-{machine.qemu}-static", get="apt-get install qemu-user")
        options, env = standard_library(rustc, machine.target)
        printed = setting.command(
            [
                "cargo",
                "test",
                "--release",
                *SUITE,
                *options,
                "--tests",
                "--target",
                machine.target,
                "--",
                "--nocapture",
            ],
            env={
                "CARGO_TARGET_DIR": str(setting.cache / "emulated"),
                "CARGO_PROFILE_RELEASE_LTO": "off",
                "DOUBLES_REQUIRED_BACKENDS": machine.backend,
                "DOUBLES_TEST_SEEDS": "1",
                f"CARGO_TARGET_{machine.target.upper().replace('-', '_')}_LINKER": linker,
                **runner(machine.target, f"{qemu} -L /usr/{machine.gnu}"),
                **env,
            },
        )
        return told(printed)

    return run


def avx512(setting: Setting) -> str:
    """The suite with AVX-512: on this CPU, or on one that Intel's emulator or Bochs emulates."""
    target = host(["rustc"])
    if not target.startswith("x86_64"):
        raise CannotRun("only written for x86-64")
    tests = only("backends", "sweeps", "found", "guard_pages", "properties")
    env = {"DOUBLES_REQUIRED_BACKENDS": "avx512vbmi,avx512,avx2,sse2"}
    cpuinfo = Path("/proc/cpuinfo")
    if not (cpuinfo.exists() and {"avx512bw", "avx512vbmi"} <= set(cpuinfo.read_text(encoding="utf-8").split())):
        env |= {"DOUBLES_TEST_SEEDS": "1", "PROPTEST_CASES": "64", **emulator(setting, target)}
    printed = setting.command(
        ["cargo", "test", "--release", *SUITE, *tests, "--target", target, "--", "--nocapture"], env
    )
    return told(printed)


def emulator(setting: Setting, target: str) -> Mapping[str, str]:
    """The settings by which tests run on an emulated CPU with AVX-512."""
    if shutil.which("sde64"):
        return runner(target, "sde64 -icl --")
    from trust import bochs

    bochs.require()
    return {
        "RUSTFLAGS": "-C target-feature=+crt-static",
        "CARGO_TARGET_DIR": str(setting.cache / "static"),
        **runner(target, f"{sys.executable} {bochs.__file__}"),
    }


def arch_files(setting: Setting) -> tuple[list[str], list[str]]:
    """The files of the backends that run here, and of the others."""
    printed = setting.command(
        ["cargo", "test", "--release", *SUITE, *only("backends"), "required_backends", "--", "--nocapture"]
    )
    ran, _ = backends(printed)
    files = sorted(path.name for path in (CORE / "src/arch").glob("*.rs") if path.name != "mod.rs")
    return [file for file in files if file[:-3] in ran], [file for file in files if file[:-3] not in ran]


def copy_of_core(setting: Setting, kept: Sequence[str], tests: Sequence[str]) -> Path:
    """A copy of the core without what cargo-mutants leaves alone: functions that are ``unsafe``, and modules that only
    a macro declares. It does the same, but has these backends alone, which takes a fraction of the time to compile.
    The modules of the others stay. Of the tests, those that ``tests`` names to cargo.
    """
    copy = setting.cache / "mutants"
    shutil.rmtree(copy / "core", ignore_errors=True)
    shutil.copytree(CORE, copy / "core", ignore=shutil.ignore_patterns("target", "mutants.out*"))
    shutil.copy(ROOT / "Cargo.lock", copy)
    manifest = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    manifest = re.sub(r"(?s)^(default-)?members = \[.*?\]\n", "", manifest, flags=re.MULTILINE)
    manifest = manifest.replace('path = "crates/doubles-core"', 'path = "core"')
    (copy / "Cargo.toml").write_text(
        manifest.replace("[workspace]\n", '[workspace]\nmembers = ["core"]\n'), encoding="utf-8"
    )
    for file in (copy / "core/src").rglob("*.rs"):
        file.write_text(file.read_text(encoding="utf-8").replace("unsafe fn ", "fn "), encoding="utf-8")
    if "--tests" not in tests:
        # cargo-mutants compiles them all for each change, whichever it runs.
        for file in (copy / "core/tests").glob("*.rs"):
            if f"--test={file.stem}" not in tests:
                file.unlink()
        if "--lib" not in tests:
            with (copy / "core/Cargo.toml").open("a", encoding="utf-8") as core:
                core.write("\n[lib]\ntest = false\n")
    list_of_backends = copy / "core/src/arch/mod.rs"
    before, call, listed = list_of_backends.read_text(encoding="utf-8").partition("\nbackends! {\n")
    lines, closing, after = listed.partition("}\n")
    for line in lines.splitlines(keepends=True):
        found = re.fullmatch(r' *(\w+)(?: on "(\w+)")?,\n', line)
        if found is None:
            raise Failed(f"arch/mod.rs lists {line.strip()!r}, which is no backend")
        name, arch = found.groups()
        if name in kept:
            after += f"\n#[cfg(any())]\nmod {name};\n"
        else:
            lines = lines.replace(line, "")
            after += f'\n#[cfg(target_arch = "{arch}")]\n#[allow(dead_code)]\nmod {name};\n'
    list_of_backends.write_text(before + call + lines + closing + after, encoding="utf-8")
    return copy


def digest_of(copy: Path, command: Sequence[str | Path]) -> str:
    """Of the files of a copy of the core, of what it depends on, and of what is done with them."""
    digest = hashlib.sha256(repr([str(word) for word in command]).encode())
    for file in [copy / "Cargo.lock", *sorted((copy / "core").rglob("*"))]:
        if file.is_file():
            digest.update(f"\0{file.relative_to(copy)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def survived(copy: Path, outcomes: Sequence[Any]) -> tuple[dict[str, str], int]:
    """The changes that no test noticed and that have no reason in ``trust.survivors``, as cargo-mutants names them,
    with the line of each; and how many have one.
    """
    unexplained, explained = {}, 0
    for outcome in outcomes:
        if outcome["summary"] != "MissedMutant":
            continue
        mutant = outcome["scenario"]["Mutant"]
        file = copy / mutant["file"]
        line = file.read_text(encoding="utf-8").splitlines()[mutant["span"]["start"]["line"] - 1].strip()
        _, _, change = mutant["name"].partition(": ")
        if (str(file.relative_to(copy / "core/src")), line, change) in REASONS:
            explained += 1
        else:
            unexplained[mutant["name"]] = line
    return unexplained, explained


# The groups whose survivors are tried once more, on every backend, and with which tests.
AGAIN = {
    "kernel": only("sweeps", "guard_pages"),
    "find kernel": only("found", "guard_pages"),
    "operations": only("operations", "found", "properties"),
    "interface": ["--tests"],
    "others": ["--tests"],
}


def mutants(setting: Setting) -> str:
    """Changes the core in every way that cargo-mutants knows; each must fail a test, or have a reason in
    ``trust.survivors``.

    A group of changes that was tried to its end is not tried again with the same files, after a run that was cut short.
    """
    program = tool(setting, CARGO_MUTANTS)
    arch, elsewhere = arch_files(setting)
    vectors = [name[:-3] for name in arch if name != "scalar.rs"]
    counts: dict[str, int] = {}
    survivors: dict[str, str] = {}
    reasoned = 0
    earlier: list[str] = []

    def tried(
        name: str, kept: Sequence[str], options: Sequence[str], tests: Sequence[str]
    ) -> tuple[dict[str, str], int]:
        copy = copy_of_core(setting, [*kept, "scalar"], tests)
        output = copy / name
        command = [
            program, "mutants", "--dir", copy, "--no-config", "--output", output, "--all-features", "--baseline=run",
            "--minimum-test-timeout=10", "--colors=never", f"--jobs={os.cpu_count() or 1}", *options, "--", *tests,
        ]  # fmt: skip
        digest, finished = digest_of(copy, command), output / "digest"
        if finished.exists() and finished.read_text(encoding="utf-8") == digest:
            earlier.append(name)
        else:
            shutil.rmtree(output, ignore_errors=True)
            try:
                printed = setting.command(
                    command,
                    env={
                        "CARGO_INCREMENTAL": "1", "CARGO_PROFILE_TEST_OPT_LEVEL": "1", "CARGO_PROFILE_TEST_DEBUG": "0",
                        "DOUBLES_TEST_SEEDS": "1",
                    },
                )  # fmt: skip
                # Then there is no file of outcomes: a backend that has nothing of its own but its features.
                if "Found 0 mutants to test" in printed:
                    return {}, 0
            except Failed:
                # A mutant that survives, or runs until it is stopped, is an exit code; other failures leave less than
                # an outcome for each.
                if not (output / "mutants.out/outcomes.json").exists():
                    raise
        outcomes, found = (
            json.loads((output / "mutants.out" / file).read_text(encoding="utf-8"))
            for file in ("outcomes.json", "mutants.json")
        )
        if len(outcomes["outcomes"]) != 1 + len(found):
            raise Failed(f"{name}: cargo-mutants ended before it had tried all {len(found)} mutants")
        finished.write_text(digest, encoding="utf-8")
        for key in ("total_mutants", "caught", "timeout", "unviable"):
            counts[key] = counts.get(key, 0) + outcomes[key]
        return survived(copy, outcomes["outcomes"])

    # A backend is compiled with the files that are its own, and what all share with one of them. Each file is tried
    # with the tests that are for it, and the rest with those that are quick to build, before all are for what is left.
    shard = f"--shard=0/{max(1, round(1 / setting.share))}"
    middle = "avx2" if "avx2" in vectors else vectors[0]
    of_vectors = [f"core/src/arch/{name}.rs" for name in vectors]
    of_others = [f"core/src/arch/{file}" for file in elsewhere]
    kernel, find_kernel, find, stream, file, *operations = [
        f"core/src/{name}.rs"
        for name in ("kernel", "find_kernel", "find", "stream", "file", "squeeze", "by_value", "summary")
    ]
    interface = [f"core/src/{name}.rs" for name in ("lib", "backend", "parts", "parallel", "scalar")]
    named = [kernel, find_kernel, find, stream, file, *operations, *interface, *of_vectors, *of_others]
    groups = [
        ("kernel", [middle], [shard, f"--file={kernel}"], only("sweeps")),
        ("find kernel", [middle], [shard, f"--file={find_kernel}"], only("found")),
        *(
            (
                name,
                [each for each in vectors if each.startswith(name)],
                [shard, f"--file={file}"],
                only("sweeps", "found"),
            )
            for name, file in zip(vectors, of_vectors)
        ),
        (
            "interface",
            # Of x86's, one that its tests ask for.
            [vectors[-1]],
            [shard, *(f"--file={file}" for file in interface)],
            ["--lib", *only("backends", "properties")],
        ),
        ("others", [middle], [shard, *(f"--exclude={file}" for file in named)], only("sweeps", "found")),
        ("streams", [middle], [shard, f"--file={stream}", f"--file={file}"], ["--lib", *only("operations")]),
        ("operations", [middle], [shard, *(f"--file={file}" for file in operations)], only("operations")),
        ("finding", [middle], [shard, f"--file={find}"], only("operations", "found")),
    ]
    for name, kept, options, tests in groups:
        unexplained, explained = tried(name, kept, options, tests)
        if unexplained and name in AGAIN:
            # What one kind of vector does not show, another may; and what reads too far does not count wrongly.
            names = "|".join(map(re.escape, unexplained))
            counts["total_mutants"] -= len(unexplained)
            unexplained, _ = tried(f"{name} again", vectors, [*options[1:], f"--re=^({names})$"], AGAIN[name])
        survivors |= unexplained
        reasoned += explained
    if survivors:
        with setting.log.open("a", encoding="utf-8") as log:
            log.writelines(f"no reason: {name}: {line}\n" for name, line in survivors.items())
        raise Failed(
            f"{len(survivors)} of {counts['total_mutants']} mutants survive, the first: {next(iter(survivors))}"
        )
    if not counts["caught"]:
        raise Failed("no mutant was tried")
    text = f"of {counts['total_mutants']} mutants none survives without a reason, and {reasoned} with one: "
    text += f"{counts['caught']} fail a test, "
    text += f"{counts['timeout']} never end, {counts['unviable']} do not compile"
    text += f"; tried earlier, with the same files: {', '.join(earlier)}" if earlier else ""
    return text + (f"; not tried, since they cannot run here: {', '.join(elsewhere)}" if elsewhere else "")


def coverage(setting: Setting) -> str:
    """The lines of the core that its suite runs."""
    program = tool(setting, CARGO_TARPAULIN)
    _, elsewhere = arch_files(setting)
    printed = setting.command(
        [program, "tarpaulin", "--engine=llvm", "--skip-clean", *SUITE, "--tests",
         "--include-files=crates/doubles-core/src/*", "--fail-under=95", "--timeout=600",
         *(f"--exclude-files=crates/doubles-core/src/arch/{name}" for name in elsewhere),
         "--target-dir", setting.cache / "coverage"],
        env={"DOUBLES_TEST_SEEDS": "1"},
    )  # fmt: skip
    found = re.search(r"([\d.]+)% coverage, (\d+)/(\d+) lines covered", printed)
    if found is None:
        raise Failed("the share of lines was not printed")
    text = f"{found[1]} %: {found[2]} of {found[3]} lines"
    return text + (f"; without {', '.join(elsewhere)}, which cannot run here" if elsewhere else "")


CHECKS = [
    Check("core-suite", "tests of the core as it is built for use, with std and without", "all pass", suite),
    Check(
        "core-sweeps",
        f"every backend and function: lengths 0–1,024 × 64 alignments over {SEEDS} haystacks of each kind, "
        "equal items to 58,000 bytes, NULs, each pair at flushes and seams, guard pages",
        "all as the oracle",
        sweeps,
    ),
    Check("core-huge", "every backend and function over input whose count passes 2³²", "all exact", huge),
    Check("core-properties", f"properties, {CASES:,} random cases each", "all hold", properties),
    *(
        Check(f"fuzz-{target}", f"every backend against the oracle, {FUZZ_SECONDS} s", "no finding", fuzz(target))
        for target in FUZZ_TARGETS
    ),
    Check("core-asan", "the suite with AddressSanitizer, on every backend of the CPU", "no finding", address_sanitizer),
    Check("core-valgrind", "blocks of exact size, guard pages and seeds under valgrind", "no finding", valgrind),
    Check(
        "core-masked-avx2", "the suite where the CPU has AVX2 at best", "all pass, on avx2",
        masked("Haswell", "avx2", "avx512vbmi,avx512"),
    ),
    Check(
        "core-masked-sse2", "the suite where the CPU has SSE2 at best", "all pass, on sse2",
        masked("Nehalem", "sse2", "avx512vbmi,avx512,avx2"),
    ),
    Check("core-avx512", "the suite where the CPU has AVX-512 with VBMI", "all pass, on avx512vbmi", avx512),
    *(
        Check(f"core-{name}", f"the suite on {machine.target}", f"all pass, on {machine.backend}", emulated(machine))
        for name, machine in MACHINES.items()
    ),
    Check("core-coverage", "lines of the core that its suite runs", "95 % at least", coverage),
    Check("core-mutants", "changes to the core that no test notices", "none without a written reason", mutants),
]  # fmt: skip
