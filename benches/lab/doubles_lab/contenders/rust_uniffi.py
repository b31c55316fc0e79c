"""UniFFI, Mozilla's generator for many languages: what it makes for Python is Python over ctypes.

The text is handed over byte by byte, in a loop of the generated code: UniFFI is made for calls that carry little.
"""

from __future__ import annotations

import hashlib
import shutil

from doubles_lab.approaches import build
from doubles_lab.contender import CORE, Contender, Unit, raises_on_lone_surrogates

NAME = "doubles_variants_uniffi"


def load():
    generator = build.tool("uniffi-bindgen")
    made = build.cargo("benches/lab/variants/uniffi")
    library = made.library(".so", ".dylib", ".dll")

    def generate(work):
        # It finds the library beside itself.
        shutil.copy(library, work)
        build.run(
            [generator, "generate", "--language", "python", "--no-format", "--out-dir", str(work), str(library)],
            made.crate,
        )

    version = f"uniffi-bindgen {build.installed('uniffi-bindgen')}"
    place = build.built("uniffi", [version, hashlib.sha256(library.read_bytes()).hexdigest()], generate)
    return build.import_file(NAME, place / f"{NAME}.py").count_str


CONTENDERS = [
    Contender(
        name="uniffi",
        unit=Unit.CHARACTERS,
        load=load,
        language="Rust",
        binding="UniFFI",
        access="copy: encode, then byte by byte in Python",
        origin="UniFFI as its users write it, 2026",
        tags=("rust", "uniffi", CORE),
        compiled=True,
        packages=("uniffi-bindgen",),
        divergences=(raises_on_lone_surrogates("UnicodeEncodeError"),),
    )
]
