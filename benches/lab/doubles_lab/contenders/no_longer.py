"""Ways that were, and what replaced them: rows that say so.

The releases are those that PyPI had on 2026-11-24, from its JSON (``pypi.org/pypi/NAME/json``).
"""

from __future__ import annotations

from doubles_lab.contender import Contender, Unavailable, Unit


def _contender(name, binding, language, origin, reason):
    def load():
        raise Unavailable(reason)

    return Contender(
        name=name,
        unit=Unit.CHARACTERS,
        load=load,
        language=language,
        binding=binding,
        access="none",
        origin=origin,
        tags=("gone",),
    )


CONTENDERS = [
    _contender(
        "milksnake",
        "Milksnake",
        "Rust",
        "named in the article, 2017",
        "no longer released: the last is 0.1.6 of 2023-10-12 (PyPI, seen 2026-11-24). It packaged cffi in ABI mode, "
        "which is cffi-abi here; maturin packages that and PyO3",
    ),
    _contender(
        "hpy",
        "HPy",
        "C",
        "a C API for every Python, 2021 to 2023",
        "no longer released: the last is 0.9.0 of 2023-09-22, with wheels for CPython 3.8 to 3.11 (PyPI, seen "
        "2026-11-24). One binary for many versions is now CPython's stable ABI: see pyo3-abi3-str",
    ),
]
