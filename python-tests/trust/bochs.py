"""Runs a static Linux program on a CPU with AVX-512 that Bochs emulates, for machines whose CPU has none.

``python bochs.py PROGRAM ARGUMENTS...`` starts a Linux kernel and the program as all that runs on it, prints what it
prints and exits with its exit code. The kernel is the newest in ``/boot``, or the file that ``DOUBLES_BOCHS_KERNEL``
names. Variables of the environment that begin with ``DOUBLES_`` or ``PROPTEST_`` are handed on. Time: some hundred
times as long.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PACKAGES = "bochs bochs-term bochsbios vgabios isolinux syslinux-common xorriso busybox-static cpio bsdutils"
FILES = {
    "isolinux.bin": Path("/usr/lib/ISOLINUX/isolinux.bin"),
    "ldlinux.c32": Path("/usr/lib/syslinux/modules/bios/ldlinux.c32"),
}
BUSYBOX = Path("/bin/busybox")
SECONDS = 3600

INIT = """#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t tmpfs tmp /tmp
/bin/busybox stty -F /dev/ttyS0 raw -echo
exec </dev/null >/dev/ttyS0 2>&1
cd /tmp
echo "@@BEGIN@@"
. /run.sh
echo "@@END $?@@"
/bin/busybox sleep 0.2
/bin/busybox poweroff -f
"""

# The features cleared are ones that Debian's Bochs announces and does not emulate well enough for Linux.
BOOT = """DEFAULT linux
PROMPT 0
TIMEOUT 1
LABEL linux
 KERNEL vmlinuz
 INITRD initrd
 APPEND console=ttyS0,115200 quiet loglevel=3 clearcpuid=321,323,515,516,580 cryptomgr.notests rdinit=/init nokaslr \
mitigations=off nopti panic=-1 random.trust_cpu=on tsc=reliable clocksource=tsc audit=0 cgroup_disable=memory \
initcall_blacklist=load_system_certificate_list,cubictcp_register,init_kprobe_trace raid=noautodetect
"""

MACHINE = """display_library: term
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
megs: 1024
cpu: model=corei7_icelake_u, count=1, ips=50000000, reset_on_triple_fault=0, ignore_bad_msrs=1
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path={folder}/boot.iso, status=inserted
ata1: enabled=0
boot: cdrom
clock: sync=none, time0=1700000000
com1: enabled=1, mode=file, dev={folder}/serial
log: {folder}/bochs.log
panic: action=fatal
error: action=ignore
info: action=ignore
debug: action=ignore
mouse: enabled=0
private_colormap: enabled=0
speaker: enabled=0
"""


def kernel() -> Path | None:
    """The kernel that is started."""
    named = os.environ.get("DOUBLES_BOCHS_KERNEL")
    found = [Path(named)] if named else sorted(Path("/boot").glob("vmlinuz-*"), key=lambda path: path.stat().st_mtime)
    return found[-1] if found and found[-1].is_file() else None


def missing() -> str | None:
    """What this machine lacks to run Bochs, with how to get it."""
    programs = [name for name in ("bochs", "xorriso", "cpio", "script") if shutil.which(name) is None]
    files = [str(path) for path in (*FILES.values(), BUSYBOX) if not path.is_file()]
    if programs or files:
        return f"no {', '.join(programs + files)}: apt-get install {PACKAGES}"
    if kernel() is None:
        return "no Linux kernel in /boot for Bochs: DOUBLES_BOCHS_KERNEL=PATH names one"
    return None


def require() -> None:
    """Raises :class:`CannotRun` where something is missing."""
    from trust.check import CannotRun

    lacking = missing()
    if lacking:
        raise CannotRun(f"the CPU has no AVX-512, there is no sde64 (Intel's emulator), and for Bochs {lacking}")


def prepare(folder: Path, command: list[str]) -> None:
    """Writes a disk from which the program is started, and the description of a machine."""
    root, disk = folder / "root", folder / "disk"
    for name in ("bin", "proc", "dev", "tmp"):
        (root / name).mkdir(parents=True)
    disk.mkdir()
    shutil.copy(BUSYBOX, root / "bin/busybox")
    (root / "bin/sh").symlink_to("busybox")
    subprocess.run(["strip", "-g", "-o", root / "program", command[0]], check=True)
    (root / "init").write_text(INIT, encoding="utf-8")
    (root / "init").chmod(0o755)
    handed = {name: value for name, value in os.environ.items() if name.startswith(("DOUBLES_", "PROPTEST_"))}
    settings = [f"{name}={shlex.quote(value)}" for name, value in {**handed, "RUST_TEST_THREADS": "1"}.items()]
    run = f"export {' '.join(settings)}\n{shlex.join(['/program', *command[1:]])}\n"
    (root / "run.sh").write_text(run, encoding="utf-8")
    names = subprocess.run(["find", "."], cwd=root, capture_output=True, check=True).stdout
    with (disk / "initrd").open("wb") as initrd:
        subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=root, input=names, stdout=initrd, check=True)
    shutil.copy(str(kernel()), disk / "vmlinuz")
    for name, path in FILES.items():
        shutil.copy(path, disk / name)
    (disk / "isolinux.cfg").write_text(BOOT, encoding="utf-8")
    subprocess.run(
        ["xorriso", "-as", "mkisofs", "-quiet", "-o", folder / "boot.iso", "-b", "isolinux.bin", "-c", "boot.cat",
         "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", disk],
        check=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    (folder / "machine").write_text(MACHINE.format(folder=folder), encoding="utf-8")
    (folder / "commands").write_text("c\n", encoding="utf-8")
    (folder / "serial").touch()


def run(command: list[str]) -> int:
    """Runs the program, and returns its exit code; 125 if the emulator gave none."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, command)
        bochs = shlex.join(["bochs", "-q", "-f", str(folder / "machine"), "-rc", str(folder / "commands")])
        process = subprocess.Popen(
            ["script", "-qec", bochs, str(folder / "screen")], env={**os.environ, "TERM": "vt100"},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                over = process.poll() is not None
                serial = (folder / "serial").read_text(encoding="utf-8", errors="replace").replace("\r", "")
                found = re.search(r"(?s)@@BEGIN@@\n(.*)@@END (\d+)@@", serial)
                if found:
                    print(found[1], end="", flush=True)
                    return int(found[2])
                if over:
                    break
                time.sleep(0.5)
            print(f"{serial}\nBochs stopped without a result, or took longer than {SECONDS} s", file=sys.stderr)
            return 125
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
