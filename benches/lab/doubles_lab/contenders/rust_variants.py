"""The core through PyO3 and rust-cpython, once for each way to take the argument; and PyO3 for the stable ABI.

What reads a str in place is the bindings that this project ships: ``pyo3-count-doubles``, ``rust-cpython-count-doubles``.
The stable ABI has no functions for that.
"""

from __future__ import annotations

from doubles_lab import build, capi
from doubles_lab.contender import Contender, Unit, raises_on_lone_surrogates


def utf8(val):
    return val if isinstance(val, bytes) else val.encode("utf-8", "surrogatepass")


def _contender(prefix, binding, crate, argument, origin, *options, flags="", **more):
    name = f"doubles_variants_{crate}"
    # A directory for each set of options, since Cargo gives the library of each the same name.
    label = "-".join(["variants", crate, *(option.strip("-") for option in options)])

    def load():
        module = build.cargo_module(f"benches/lab/variants/{crate}", name, label, options=options)
        return getattr(module, f"count_{argument}")

    return Contender(
        name=f"{prefix}-{argument}",
        load=load,
        language="Rust",
        binding=binding,
        origin=origin,
        tags=("rust", prefix, capi.TAG),
        compiled=True,
        flags=flags,
        **more,
    )


TEXT = {
    "unit": Unit.CHARACTERS,
    "access": "&str (UTF-8 conversion)",
    "divergences": (raises_on_lone_surrogates("UnicodeEncodeError"),),
}
COW = {**TEXT, "access": "Cow<str> (UTF-8 conversion)"}
BYTES = {"unit": Unit.BYTES, "access": "bytes already there", "prepare": utf8, "takes_bytes": True}
ABI3 = {"flags": "feature abi3, for this Python and later"}

CONTENDERS = [
    _contender("pyo3", "PyO3", "pyo3", "str", "PyO3 as its users write it, 2026", **TEXT),
    _contender("pyo3", "PyO3", "pyo3", "bytes", "a caller that has bytes, 2026", **BYTES),
    _contender(
        "pyo3-abi3", "PyO3, abi3", "pyo3", "str", "one wheel for many Pythons, 2026", "--features=abi3", **TEXT, **ABI3
    ),
    _contender(
        "pyo3-abi3", "PyO3, abi3", "pyo3", "bytes", "one wheel for many Pythons, 2026", "--features=abi3", **BYTES, **ABI3
    ),
    _contender("rust-cpython", "rust-cpython", "cpython", "str", "rust-cpython as its users wrote it, 2026", **TEXT),
    _contender("rust-cpython", "rust-cpython", "cpython", "cow", "the same, by the safer type, 2026", **COW),
    _contender("rust-cpython", "rust-cpython", "cpython", "bytes", "a caller that has bytes, 2026", **BYTES),
]
