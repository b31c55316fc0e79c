"""The core through PyO3 and rust-cpython, once for each way to take the argument; and PyO3 for the stable ABI.

What reads a str in place is the bindings that this project ships: ``pyo3-count-doubles`` and
``rust-cpython-count-doubles``. The stable ABI has no functions for that.
"""

from __future__ import annotations

from doubles_lab.approaches import build
from doubles_lab.contender import CORE, Contender, Unit, raises_on_lone_surrogates


def utf8(val):
    return val if isinstance(val, bytes) else val.encode("utf-8", "surrogatepass")


def _contender(prefix, binding, crate, argument, origin, *options, flags="", **more):
    name = f"doubles_variants_{crate}"
    apart = "-".join(each.rpartition("=")[2] for each in options)

    def load():
        module = build.cargo_module(f"benches/lab/variants/{crate}", name, apart, options=options)
        return getattr(module, f"count_{argument}")

    return Contender(
        name=f"{prefix}-{argument}",
        load=load,
        language="Rust",
        binding=binding,
        origin=origin,
        tags=("rust", prefix, CORE),
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


def _abi3(argument, origin, **more):
    return _contender("pyo3-abi3", "PyO3, abi3", "pyo3", argument, origin, "--features=abi3", **more, **ABI3)


CONTENDERS = [
    _contender("pyo3", "PyO3", "pyo3", "str", "PyO3 as its users write it, 2026", **TEXT),
    _contender("pyo3", "PyO3", "pyo3", "bytes", "a caller that has bytes, 2026", **BYTES),
    _abi3("str", "one wheel for many Pythons, 2026", **TEXT),
    _abi3("bytes", "one wheel for many Pythons, a caller that has bytes, 2026", **BYTES),
    _contender("rust-cpython", "rust-cpython", "cpython", "str", "rust-cpython as its users wrote it, 2026", **TEXT),
    _contender("rust-cpython", "rust-cpython", "cpython", "cow", "the same, by the type that may copy, 2026", **COW),
    _contender("rust-cpython", "rust-cpython", "cpython", "bytes", "a caller that has bytes, 2026", **BYTES),
]
