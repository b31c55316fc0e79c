"""Tries what the README tells a new user to do, in a minimal Debian, as an ordinary user, and with each thing missing.

    make front-door                         what is printed with each thing missing, and after how many seconds
    make front-door ARGS=readme             the README's two commands, with everything and without what can be left out

Needs root, debootstrap and Rust. The packages are those of the README's line; Rust is this machine's, and so is the way
to packages: apt's sources where this is a Debian, and the settings of pip and Cargo. Keeps the system that it makes in
target/front-door. Each scenario runs on a copy-on-write layer over it, in a mount namespace that ends with it.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "target/front-door"
#: What says how this machine reaches packages.
SETTINGS = re.compile(
    r"(PIP_(?!FIND_LINKS)|CARGO_(HTTP|NET|REGISTR)|\w+_proxy$|SSL_CERT|CURL_CA|REQUESTS_CA)", re.IGNORECASE
)
FILES = {
    "/etc/resolv.conf": "/etc/resolv.conf",
    "/etc/hosts": "/etc/hosts",
    "/etc/pip.conf": "/etc/pip.conf",
    "/etc/ssl/certs/ca-certificates.crt": "/etc/ssl/certs/ca-certificates.crt",
    "~/.config/pip/pip.conf": "/home/user/.config/pip/pip.conf",
    "~/.cargo/config.toml": "/home/user/.cargo/config.toml",
}
HERE = "/home/user/doubles"


@dataclass(frozen=True)
class Scenario:
    """What a user types where something is missing, and what must come of it."""

    name: str
    command: str
    #: The exit code, and what the first line of what is printed must match.
    code: int
    says: str
    #: A command of root before it.
    before: str = ""
    rust: bool = True
    #: MiB of disk for the clone.
    disk: int = 0
    #: What the last lines must match.
    ends: str = ""


def remove(*packages: str) -> str:
    """The command that removes packages, and what came with them."""
    return f"apt-get remove -y -q --autoremove {' '.join(packages)}"


def install(*packages: str) -> str:
    """The command that installs packages."""
    return f"apt-get install -y -q {' '.join(packages)}"


LEFT_OUT = "are left out"
README = "make lab && make test"
PASSED = r"^\d+ passed, 0 failed"
SCENARIOS = [
    Scenario("everything is there", "make preflight", 0, "^$"),
    Scenario("no make", "make lab", 127, "make: (command )?not found", remove("make")),
    Scenario("no Rust", "make lab", 2, "cargo is missing", rust=False),
    Scenario("Debian's own Rust", "make lab", 2, r"cargo is Rust 1\.\d+\.0, and Rust", install("cargo"), rust=False),
    Scenario("Rust not on the PATH", "PATH=/usr/bin:/bin make preflight", 0, "^$"),
    Scenario("no C compiler", "make lab", 2, r"\(cc\) is missing, and nothing", "rm /usr/bin/cc"),
    Scenario("no headers of C", "make lab", 2, "cc builds nothing", "dpkg --force-depends -r libc6-dev"),
    Scenario("no compiler at all", "make lab", 2, r"\(cc\) is missing, and nothing", remove("gcc", "g++")),
    Scenario("no C++ compiler", "make preflight", 0, rf"\(c\+\+\) is missing: .* {LEFT_OUT}", remove("g++")),
    Scenario("no Python.h", "make preflight", 0, rf"Python.h .* is missing: .* {LEFT_OUT}", remove("python3-dev")),
    Scenario("no venv", "make lab", 2, "lacks ensurepip", remove("python3-venv", "'^python3.[0-9]+-venv'")),
    Scenario("no Python", "make lab", 2, r"Python \(python3\) is missing", remove("python3")),
    Scenario("no git", "make test", 2, "git is missing", remove("git")),
    Scenario("little disk", "make lab", 2, "MiB of free disk space", disk=300),
    Scenario("a home that cannot be written", "HOME=/ make lab", 2, "which cannot be written|could not create home"),
    Scenario("a blank in the path", "cp -r . '../a b'; cd '../a b' && make lab", 2, "has a blank in its path"),
    Scenario("readme: everything", README, 0, "", ends=PASSED),
    Scenario("readme: no C++ compiler", README, 0, LEFT_OUT, remove("g++"), ends=PASSED),
    Scenario("readme: no Python.h", README, 0, LEFT_OUT, remove("python3-dev"), ends=PASSED),
]


def packages() -> list[str]:
    """The packages that the README's line for Debian names."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^ *sudo apt-get install ([^#\n]*)", readme, re.MULTILINE)
    if not found:
        raise SystemExit("the README names no packages for Debian")
    return found[1].split()


def output(*command: str) -> str:
    """What a command prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def sources(suite: str) -> dict[str, str]:
    """Where this machine has the releases of ``suite`` from. Empty where it is no Debian, or another one."""
    if not shutil.which("apt-get"):
        return {}
    asked = ("--format", "$(ORIGIN) $(RELEASE) $(REPO_URI)", "Created-By: Packages")
    lines = [line.split() for line in output("apt-get", "indextargets", *asked).splitlines()]
    return {release: uri for origin, release, uri in lines if origin == "Debian" and release.startswith(suite)}


def system(suite: str) -> Path:
    """The root directory of a minimal Debian with the README's packages. Makes it where it is not there yet."""
    place = PLACE / suite
    root = place / "root"
    stamp = place / " ".join(packages())
    if stamp.exists():
        return root
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    print(f"making a minimal {suite} in {os.path.relpath(root)} (some minutes)", flush=True)
    known = sources(suite)
    with (place / "made.log").open("w") as log:

        def run(*command: str | Path) -> None:
            subprocess.run(command, check=True, stdout=log, stderr=subprocess.STDOUT)

        run("debootstrap", "--variant=minbase", suite, root, *([known[suite]] if suite in known else []))
        signed = "signed-by=/usr/share/keyrings/debian-archive-keyring.gpg"
        if known:
            lines = [f"deb [{signed}] {uri} {release} main\n" for release, uri in known.items()]
            (root / "etc/apt/sources.list").write_text("".join(lines))
            said = output("apt-config", "dump").splitlines()
            acquire = [f"{line}\n" for line in said if line.startswith("Acquire::") and "IndexTargets" not in line]
            (root / "etc/apt/apt.conf.d/99host").write_text("".join(acquire))
        for file in ("/etc/resolv.conf", "/etc/hosts"):
            shutil.copy(file, root / file[1:])
        steps = ["apt-get update -q", install(*packages()), "apt-get clean", "useradd -m -s /bin/bash user"]
        run("chroot", root, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", " && ".join(steps))
    stamp.touch()
    return root


def settings() -> str:
    """How this machine reaches packages, for a shell."""
    chosen = {name: value for name, value in os.environ.items() if SETTINGS.match(name)}
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in chosen.items())


def rust() -> tuple[Path, Path]:
    """The directory with rustup's programs, and that of the toolchain that is used here."""
    toolchain = Path(output("rustc", "--print", "sysroot").strip())
    return Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo")) / "bin", toolchain


def script(scenario: Scenario, root: Path, layer: Path, bundle: Path) -> str:
    """What root types to try a scenario, in a mount namespace of its own."""
    merged = layer / "merged"
    lines = [
        "set -e",
        f"mount -t overlay overlay -o lowerdir={root},upperdir={layer}/upper,workdir={layer}/work {merged}",
        f"cd {merged}",
        "mount -t proc proc proc",
        "mount --rbind /dev dev",
        "mount -t tmpfs tmpfs run",
    ]
    for theirs, ours in FILES.items():
        if (file := Path(theirs).expanduser()).exists():
            lines.append(f"mkdir -p .{Path(ours).parent} && cp -L {file} .{ours}")
    lines.append(f"printf %s {shlex.quote(settings())} >> home/user/.profile")
    if scenario.rust:
        programs, toolchain = rust()
        lines += [
            "mkdir -p home/user/.cargo home/user/.rustup/toolchains/linked",
            f"cp -a {programs} home/user/.cargo/bin",
            f"mount --bind {toolchain} home/user/.rustup/toolchains/linked",
            "mount -o remount,bind,ro home/user/.rustup/toolchains/linked",
            """printf 'default_toolchain = "linked"\\nversion = "12"\\n' > home/user/.rustup/settings.toml""",
            """echo 'export PATH="$HOME/.cargo/bin:$PATH"' >> home/user/.profile""",
        ]
    lines.append(f"mkdir .{HERE}")
    if scenario.disk:
        lines.append(f"mount -t tmpfs -o size={scenario.disk}m tmpfs .{HERE}")
    lines += [
        f"cp {bundle} tmp/doubles.bundle",
        # All but the toolchain, which cannot be written.
        "chroot . find /home/user -xdev -path '*/toolchains/linked' -prune -o -exec chown user: {} +",
        f"chroot . su - user -c 'git clone -q /tmp/doubles.bundle {HERE}'",
    ]
    if scenario.before:
        before = shlex.quote(f"export DEBIAN_FRONTEND=noninteractive; {scenario.before}")
        lines.append(f"chroot . sh -c {before} > {layer}/before.log 2>&1")
    # The first screen is what the user reads: from here on all that is printed is theirs.
    lines += [
        f"date +%s.%N > {layer}/begin",
        f"exec chroot . su - user -c {shlex.quote(f'cd {HERE} && {scenario.command}')} > {layer}/said.log 2>&1",
    ]
    return "\n".join(lines)


def tried(scenario: Scenario, root: Path, bundle: Path) -> tuple[bool, str, float, str]:
    """Whether a scenario came out as it must, its exit code, the seconds it took, and the first line it printed."""
    layer = PLACE / "layers" / re.sub(r"[^A-Za-z0-9]+", "-", scenario.name)
    shutil.rmtree(layer, ignore_errors=True)
    for name in ("upper", "work", "merged"):
        (layer / name).mkdir(parents=True)
    todo = script(scenario, root, layer, bundle)
    done = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c", todo],
        check=False,
        capture_output=True,
        text=True,
    )
    if not (layer / "begin").exists():
        return False, "-", 0.0, f"could not be tried: {done.stderr.strip().splitlines()[-1:]}, see {layer}"
    seconds = time.time() - float((layer / "begin").read_text())
    lines = [line for line in (layer / "said.log").read_text(errors="replace").splitlines() if line.strip()]
    first = lines[0] if lines else ""
    good = (
        done.returncode == scenario.code
        and re.search(scenario.says, first)
        and re.search(scenario.ends, lines[-1] if lines else "")
    )
    kept = PLACE / "logs" / f"{layer.name}.log"
    kept.parent.mkdir(exist_ok=True)
    shutil.copy(layer / "said.log", kept)
    shutil.rmtree(layer)
    return bool(good), str(done.returncode), seconds, first


def main() -> int:
    """Tries the scenarios that are named, or those that take seconds, and prints one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", default="bookworm", help="the release of Debian (bookworm)")
    parser.add_argument("names", nargs="*", help="how the names begin (all but readme, which takes an hour)")
    arguments = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        print("this needs root and debootstrap: sudo apt-get install debootstrap", file=sys.stderr)
        return 2
    chosen = [
        each
        for each in SCENARIOS
        if (each.name.startswith(tuple(arguments.names)) if arguments.names else not each.name.startswith("readme"))
    ]
    if not chosen:
        print("no scenario begins so; there are:", *(each.name for each in SCENARIOS), sep="\n  ", file=sys.stderr)
        return 2
    root = system(arguments.suite)
    bundle = PLACE / "doubles.bundle"
    subprocess.run(["git", "-C", ROOT, "bundle", "create", "-q", bundle, "HEAD"], check=True)
    print("\n| missing | command | exit code | seconds | first line printed |\n|---|---|---:|---:|---|", flush=True)
    wrong = 0
    for scenario in chosen:
        good, code, seconds, first = tried(scenario, root, bundle)
        wrong += not good
        mark = "" if good else " **not as it must be**"
        print(f"| {scenario.name} | `{scenario.command}` | {code}{mark} | {seconds:.1f} | {first} |", flush=True)
    print(f"\n{len(chosen) - wrong} passed, {wrong} failed; what each printed is in {os.path.relpath(PLACE / 'logs')}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
