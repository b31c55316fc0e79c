"""Breaks the code once for each check, in a copy, and shows that the check fails: a check that cannot shows nothing."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from trust import checks
from trust.__main__ import FAILED, known
from trust.check import ROOT, named

CORE = "crates/doubles-core/src"
PYO3, CPYTHON = "bindings/pyo3/src", "bindings/cpython/src"
LAB = "benches/lab/doubles_lab"
RESULTS, QUESTIONS = f"{LAB}/results", f"{LAB}/questions"


@dataclass(frozen=True)
class Break:
    """A fault, and what the log of its check must then say."""

    check: str
    fault: str
    file: str
    old: str
    new: str
    says: str
    #: Of its time, what the check gets to find it.
    share: float = 0.02

    @property
    def name(self) -> str:
        """What it is asked for by."""
        return self.check


SILENT_OVERREAD = (
    "a load past the end, whose value is not used",
    f"{CORE}/kernel.rs",
    "if bytes >= LINE + (UNROLL + 1) * V::BYTES {",
    "core::hint::black_box(V::load(ptr.add(haystack.len())));\n        if bytes >= LINE + (UNROLL + 1) * V::BYTES {",
)
UNDETECTED = (
    "backends that do not ask the CPU for their features",
    f"{CORE}/arch/mod.rs",
    "$(super::has_feature!($feature))&&+",
    "$(super::has_feature!($feature) | true)&&+",
)

BREAKS = [
    Break(
        "core-suite", "a missed seam: a part ends before the element that the next begins with",
        f"{CORE}/parts.rs", "start..if start == end { end } else { end + 1 }", "start..end", "test result: FAILED",
    ),
    Break(
        "core-sweeps", "lane counters emptied after 256 vectors and not before",
        f"{CORE}/kernel.rs", "((V::TALLY_LIMIT - 2 * ROOM) / N)", "(V::TALLY_LIMIT.saturating_add(1) / N)",
        r"equal_items.* FAILED|equal bytes",
    ),
    Break(
        "core-huge", "a total of 32 bits",
        f"{CORE}/kernel.rs", "(total + count_streams::<V, S, W, 1, true>",
        "(total as u32 as usize + count_streams::<V, S, W, 1, true>", "test result: FAILED",
    ),
    Break(
        "core-properties", "characters of three bytes that are equal in two",
        f"{CORE}/kernel.rs",
        "V::and(V::and(three, V::after::<1>(three, next_three)), V::after::<2>(three, next_three))",
        "V::and(three, V::after::<1>(three, next_three))", "test result: FAILED",
    ),
    Break(
        "fuzz-bools", "truth compared by value",
        f"{CORE}/lib.rs", "(*a == 0) == (*b == 0)", "a == b", "libFuzzer: deadly signal",
    ),
    Break(
        "fuzz-byte_doubles_of", "the byte after the next",
        f"{CORE}/lib.rs", "haystack.get(at + 1)", "haystack.get(at + 2)", "libFuzzer: deadly signal",
    ),
    Break(
        "fuzz-bytes", "the last pair forgotten",
        f"{CORE}/kernel.rs", "compare::<V, W, FLOAT>(ptr.add(bytes - V::BYTES)), bytes - at)",
        "compare::<V, W, FLOAT>(ptr.add(bytes - V::BYTES)), (bytes - at).saturating_sub(1))",
        "libFuzzer: deadly signal",
    ),
    Break(
        "fuzz-chars", "characters of two bytes beside those of three",
        f"{CORE}/kernel.rs", "} else if self.has_two_byte_chars() {", "} else if false & self.has_two_byte_chars() {",
        "libFuzzer: deadly signal", share=0.2,
    ),
    Break(
        "fuzz-elements", "elements of four bytes taken for two",
        f"{CORE}/backend.rs", "(4, false) => count_wide::<4, false>",
        "(4, false) => count_wide::<2, false>", "libFuzzer: deadly signal",
    ),
    Break(
        "fuzz-parts", "a missed seam: a part of a text ends before the character that the next begins with",
        f"{CORE}/parts.rs", "char_at_or_after(text, (end + 1).min(text.len()))", "end", "libFuzzer: deadly signal",
    ),
    Break(
        "fuzz-found_elements", "a run that goes on from one mark to the next taken for two",
        f"{CORE}/find.rs", "self.goes_on = *mark >> (MARK - 1) != 0", "self.goes_on = false",
        "libFuzzer: deadly signal",
    ),
    Break(
        "fuzz-found_chars", "the length of a run in bytes",
        f"{CORE}/find.rs", "let characters = (self.at - start) / length;", "let characters = self.at - start;",
        "libFuzzer: deadly signal",
    ),
    Break(
        "fuzz-operations", "a missed seam between two summaries",
        f"{CORE}/summary.rs", "self.doubles + next.doubles + usize::from(meet)", "self.doubles + next.doubles",
        "libFuzzer: deadly signal",
    ),
    Break("core-asan", *SILENT_OVERREAD, "AddressSanitizer: heap-buffer-overflow"),
    Break("core-valgrind", *SILENT_OVERREAD, "Invalid read of size"),
    Break("core-masked-avx2", *UNDETECTED, "should be masked|SIGILL"),
    Break("core-masked-sse2", *UNDETECTED, "should be masked|SIGILL"),
    Break(
        "core-avx512", "a comparison of bytes that finds those that differ",
        f"{CORE}/arch/avx512.rs", "1 => _mm512_cmpeq_epi8_mask(", "1 => _mm512_cmpneq_epi8_mask(", "failed: avx512",
    ),
    Break(
        "core-aarch64", "a comparison of bytes that finds the greater",
        f"{CORE}/arch/neon.rs", "1 => vceqq_u8(", "1 => vcgtq_u8(", "failed: neon",
    ),
    Break(
        "core-i686", "lanes kept in a usize, as only 64 bits have room for",
        f"{CORE}/short.rs", "((lanes >> (8 * W - 1))", "(((lanes >> (8 * W - 1)) as usize as u64)",
        "test result: FAILED",
    ),
    Break(
        "core-s390x", "bytes in the order of the machine",
        f"{CORE}/short.rs", "u64::from_le_bytes(*bytes.first_chunk()", "u64::from_ne_bytes(*bytes.first_chunk()",
        "test result: FAILED",
    ),
    Break(
        "core-coverage", "a function of a hundred lines that no test calls",
        f"{CORE}/scalar.rs", "/// Windows of two over bytes.",
        "/// Untested.\n#[must_use]\npub fn untested(mut x: usize) -> usize {\n"
        + "    x = x.rotate_left(1) ^ 5;\n" * 100
        + "    x\n}\n\n/// Windows of two over bytes.",
        r"\d% coverage",
    ),
    Break(
        "core-mutants", "tests that compare nothing",
        "crates/doubles-core/tests/agree/mod.rs", "let expected = count_pairs(haystack.chunks_exact(width));",
        "if width != 3 {\n        return;\n    }\n    let expected = count_pairs(haystack.chunks_exact(width));",
        "mutants survive",
    ),
    Break(
        "bindings-threads", "a buffer that is not asked for again",
        f"{PYO3}/buffer.rs", "if part.start != 0 {", "if part.start == usize::MAX {", "exit code -11",
    ),
    Break(
        "bindings-threads-valgrind", "a buffer that is not asked for again",
        f"{CPYTHON}/buffer.rs", "if part.start != 0 {", "if part.start == usize::MAX {",
        "Invalid read of size",
    ),
    Break(
        "bindings-interrupts", "signals looked for after 8 GiB",
        f"{PYO3}/lib.rs", "const PART: usize = 128 << 20;", "const PART: usize = 8 << 30;", "ms", share=0.1,
    ),
    Break(
        "bindings-panics", "a panic that leaves without the GIL",
        f"{CPYTHON}/lib.rs",
        "py.allow_threads(|| catch_unwind(AssertUnwindSafe(work))).unwrap_or_else(|panic| resume_unwind(panic))",
        "py.allow_threads(work)", "",
    ),
    Break(
        "bindings-panics-shipped", "the panic planted in every build",
        f"{CORE}/lib.rs", "#[cfg(doubles_planted_panic)]\n", "", "panic",
    ),
    Break(
        "bindings-random-calls", "a dropped reference: buffers that are not given back",
        f"{PYO3}/buffer.rs",
        "unsafe { ffi::PyBuffer_Release(self.view) };\n    }\n}", "}\n}", "",
    ),
    Break(
        "bindings-call-forms", "None taken for a number that is not given",
        f"{CPYTHON}/arguments.rs", "        Some(number) => at_least_one",
        "        Some(number) if *number == py.None() => Ok(default),\n        Some(number) => at_least_one",
        r"[1-9][\d,]* wrong", share=0.2,
    ),
    Break(
        "bindings-memory", "memory that is taken to be there",
        f"{PYO3}/operations.rs", "        numbers.try_reserve(1)?;", "        numbers.reserve(1);",
        "died of SIGABRT", share=0.1,
    ),
    Break(
        "bindings-stable-abi", "a missed seam between two copies",
        f"{PYO3}/stable.rs", "part.end.cast_signed()", "part.end.cast_signed() - 1", "failed",
    ),
    Break(
        "bindings-pandas-3", "a Series read through a method that pyarrow does not have",
        f"{PYO3}/columns/sources.rs", 'intern!(py, "from_pandas")', 'intern!(py, "of_pandas")', "failed",
    ),
    Break(
        "bindings-pythons", "text of subclasses of str read where rust-cpython looks for it",
        f"{CPYTHON}/lib.rs", "if (*object.cast::<ffi::PyASCIIObject>()).state & COMPACT != 0 {",
        "if (*object.cast::<ffi::PyASCIIObject>()).state & COMPACT != 0 || true {", "wrong: ",
    ),
    Break(
        "lab-killed-files", "files written in place",
        f"{RESULTS}/saved.py", "        Path(scratch).replace(file)", "        file.write_bytes(data)",
        "were not whole", share=0.2,
    ),
    Break(
        "lab-killed-runs", "nothing saved until the end",
        f"{LAB}/cli/run.py", "bar, case_record, out, keep)", "bar, case_record, out)", "lost samples",
        share=0.2,
    ),
    Break(
        "lab-at-once", "a name taken without looking who has it",
        f"{RESULTS}/claim.py", "            continue\n        try:\n            if not any(_files(directory, stem)):",
        "            handle = -1\n        try:\n            if True:",
        "of 6 results|was killed|FileNotFoundError", share=1,
    ),
    Break(
        "lab-hostile-records", "values that nobody checks",
        f"{RESULTS}/saved.py", "return msgspec.convert(found, list[Run])",
        "return [Run(**each) for each in found]", "Error", share=0.2,
    ),
    Break(
        "lab-hostile-findings", "values that nobody checks",
        f"{RESULTS}/findings.py", "msgspec.convert(untrusted.parsed(untrusted.text_of(file)), Findings)",
        "Findings(**untrusted.parsed(untrusted.text_of(file)))", "Error", share=0.2,
    ),
    Break(
        "lab-hostile-answers", "data of another form than a question measures",
        f"{QUESTIONS}/explain.py", "except Exception as error:  # whatever a file may hold",
        "except KeyError as error:", "Error",
    ),
    Break(
        "lab-every", "a native function that adds where it subtracts",
        f"{LAB}/problems/fibonacci/nanobind.cpp", "number(n - 1) + number(n - 2)", "number(n - 1) - number(n - 2)",
        r"\d+ failed",
    ),
    Break(
        "lab-floors", "a floor that does more than its users would",
        f"{LAB}/approaches/templates/cython.pyx.j2", "{{ pad }}count ^= bits(<double>{{ e }})",
        "{{ pad }}count ^= bits(<double>float(str({{ e }})))", "are below their floor", share=0.4,
    ),
    Break(
        "lab-coverage", "intervals of 80 %",
        f"{LAB}/measure/statistics.py", "CONFIDENCE = 0.95", "CONFIDENCE = 0.8", "too seldom", share=0.05,
    ),
    Break(
        "lab-mutants", "a test of the percentiles that passes whatever they are",
        "benches/lab/tests/test_statistics.py", "    assert close(found.time, math.exp(mean)",
        "    return\n    assert close(found.time, math.exp(mean)", "no reason: ",
    ),
    Break(
        "lab-hostile-pages", "a page that escapes nothing",
        f"{LAB}/report/page.py", "autoescape=True", "autoescape=False", r"\d+ failed",
    ),
    Break("supply-deny", "a licence that is not allowed", "deny.toml", '    "Unicode-3.0",\n', "", "licenses FAILED"),
    Break(
        "supply-hashes", "a file that is not what was pinned",
        "bindings/requirements.txt", "maturin==1.16.0", "maturin==1.15.0", "DO NOT MATCH THE HASHES",
    ),
    Break(
        "supply-pins", "a pin by hand",
        "benches/lab/contenders.in", "\n", "\nsix==1.16.0\n", "make requirements. changes",
    ),
    Break(
        "supply-wheels", "paths of the machine in what is built",
        "Makefile", "RUSTFLAGS='$(REMAP)'", "RUSTFLAGS=", "holds the path",
    ),
]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What a check said of a fault."""

    broken: Break
    noticed: bool
    said: str
    seconds: float


def git(tree: Path, *arguments: str) -> None:
    """Runs git in a tree."""
    subprocess.run(["git", *arguments], cwd=tree, check=True, capture_output=True)


def copy_of_repository(tree: Path, own_venv: bool = True) -> Path:
    """A clone of what is committed, with a ``.venv`` of its own or, where nothing is built into it, with this one's."""
    if not (tree / ".git").exists():
        tree.parent.mkdir(parents=True, exist_ok=True)
        git(ROOT, "clone", "--quiet", "--local", str(ROOT), str(tree))
    git(tree, "fetch", "--quiet", str(ROOT), "HEAD")
    git(tree, "reset", "--quiet", "--hard", "FETCH_HEAD")
    shared = ["target/trust/tools", *([] if own_venv else [".venv", "target/trust/pythons"])]
    for name in shared:
        if not (tree / name).exists():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / name).mkdir(parents=True, exist_ok=True)
            (tree / name).symlink_to(ROOT / name)
    if own_venv:
        subprocess.run(["make", "--silent", ".venv/lab"], cwd=tree, env=environment(), check=True)
    return tree


def environment() -> dict[str, str]:
    """The environment without what ``make`` said of this repository."""
    return {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL")}


def tried(broken: Break, tree: Path, target: str = "trust", results: str = "trust") -> Outcome:
    """Commits the fault in the copy, runs its check, and takes the fault back."""
    file = tree / broken.file
    text = file.read_text(encoding="utf-8")
    if broken.old not in text:
        return Outcome(broken, False, f"{broken.file} has no longer what is broken there", 0)
    start = time.monotonic()
    output = tree / "results" / results
    shutil.rmtree(output, ignore_errors=True)
    env = environment()
    # What is built into .venv is built again where it matters, and nowhere else.
    arguments = [broken.check, "--share", str(broken.share)]
    if target != "trust" or broken.check.startswith("bindings-"):
        command = ["make", "--assume-old=.venv/release", target, f"ARGS={' '.join(arguments)}"]
    else:
        command = [".venv/bin/python", "-m", "trust", *arguments]
        env["PYTHONPATH"] = "python-tests"
    try:
        file.write_text(text.replace(broken.old, broken.new, 1), encoding="utf-8")
        git(
            tree, "-c", "user.name=breaks", "-c", "user.email=", "commit", "--quiet", "--all", "--message", broken.fault
        )
        done = subprocess.run(
            command, cwd=tree, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
            check=False,
        )  # fmt: skip
    finally:
        git(tree, "reset", "--quiet", "--hard", "FETCH_HEAD")
    kept = output / f"{broken.check}.json"
    row = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else None
    log = output / f"{broken.check}.log"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    printed = "\n".join(line for line in lines if not line.startswith("$ "))
    said = row["reached"] if row else (done.stdout + done.stderr).strip()[-300:]
    found = re.search(broken.says, f"{said}\n{printed}")
    noticed = done.returncode != 0 and row is not None and row["state"] == FAILED and found is not None
    if noticed and broken.says and found is not None:
        line = next(line for line in f"{printed}\n{said}".splitlines() if re.search(broken.says, line))
        said = line.strip()[:200]
    return Outcome(broken, noticed, said, time.monotonic() - start)


def shown(outcomes: Sequence[Outcome]) -> Table:
    """The table for a terminal."""
    table = Table(title="Faults, and the checks that noticed them", show_lines=True)
    for heading in ("check", "fault", "noticed", "by", "s"):
        table.add_column(heading, justify="right" if heading == "s" else "left", overflow="fold")
    for outcome in outcomes:
        table.add_row(
            outcome.broken.check,
            escape(outcome.broken.fault),
            "yes" if outcome.noticed else "NO",
            escape(outcome.said),
            f"{outcome.seconds:,.0f}",
            style=None if outcome.noticed else "bold red",
        )
    return table


def main(
    breaks: Sequence[Break] = BREAKS,
    package: ModuleType = checks,
    prog: str = "make trust-breaks",
    target: str = "trust",
    results: str = "trust",
) -> int:
    """Prints what became of each fault, and which checks of a package have none; 1 if one went unnoticed.

    ``target`` is what `make` runs the checks by, and ``results`` where it leaves what they reached.
    """
    parser = argparse.ArgumentParser(prog=prog, description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only checks whose names begin so")
    copy = ROOT / "target" / "trust" / ("breaks" if target == "trust" else f"{target}-breaks")
    parser.add_argument("--tree", type=Path, default=copy, help="where the copy lies")
    arguments = parser.parse_args()
    chosen = named(breaks, arguments.names, parser)
    tree = copy_of_repository(arguments.tree, own_venv=target == "trust")
    console = Console()
    outcomes = []
    for each in chosen:
        with console.status(f"{each.check}: {each.fault}"):
            outcomes.append(tried(each, tree, target, results))
        last = outcomes[-1]
        state = "noticed" if last.noticed else "NOT NOTICED"
        console.print(
            f"{state} {each.check}: {each.fault}: {last.said} ({last.seconds:,.0f} s)", highlight=False, markup=False
        )
    console.print(shown(outcomes))
    without = sorted({check.name for check in known(package)} - {each.check for each in breaks})
    unnoticed = [outcome for outcome in outcomes if not outcome.noticed]
    console.print(f"{len(outcomes) - len(unnoticed)} of {len(outcomes)} faults noticed", highlight=False)
    if without:
        console.print(f"checks without a fault: {', '.join(without)}", highlight=False)
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
