"""The article's byte loop through PyO3, built for this very CPU: what Jason Knight proposed there."""

from __future__ import annotations

from doubles_lab.approaches import build
from doubles_lab.contender import Contender, Unit, raises_on_lone_surrogates

FLAGS = "-C target-cpu=native"


def load():
    module = build.cargo_module("bindings/pyo3", "_native", "native", {"RUSTFLAGS": FLAGS})
    return module.count_doubles_bytes_once


CONTENDERS = [
    Contender(
        name="pyo3-bytes-once-native",
        unit=Unit.BYTES,
        load=load,
        language="Rust",
        binding="PyO3",
        access="&str (UTF-8 conversion)",
        origin="the article: Jason Knight, 2017",
        tags=("article", "rust", "pyo3"),
        compiled=True,
        flags=FLAGS,
        divergences=(raises_on_lone_surrogates("UnicodeEncodeError"),),
    )
]
