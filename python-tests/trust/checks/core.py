"""The core: what it counts, and what it touches."""

from __future__ import annotations

from trust.check import Check, Setting


def suite(setting: Setting) -> str:
    """The core's suite, all features."""
    printed = setting.command(["cargo", "test", "--release", "--locked", "-p", "doubles-core", "--all-features"])
    return f"{printed.count('... ok')} tests passed"


CHECKS = [Check("core-suite", "tests of the core, optimised", "all pass", suite)]
