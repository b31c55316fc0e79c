"""NumPy as in the article, which copies the text into an array at every call."""

from __future__ import annotations

from doubles_lab.contender import Contender, Divergence, Raises, Unit, raises_on_lone_surrogates


def load_article():
    import warnings

    import numpy as np

    # Old versions of NumPy warn; today's raise.
    warnings.simplefilter("ignore", DeprecationWarning)

    def count_double_numpy(val):
        ng = np.fromstring(val, dtype=np.byte)
        return np.sum(ng[:-1] == ng[1:])

    return count_double_numpy


def load_frombuffer():
    import numpy as np

    def count_double_numpy(val):
        ng = np.frombuffer(val.encode(), dtype=np.byte)
        return np.sum(ng[:-1] == ng[1:])

    return count_double_numpy


CONTENDERS = [
    Contender(
        name="numpy-article",
        unit=Unit.BYTES,
        load=load_article,
        language="C",
        binding="NumPy",
        access="copy: np.fromstring",
        origin="the article, 2017",
        tags=("article", "numpy"),
        packages=("numpy",),
        divergences=(
            Divergence("np.fromstring no longer takes binary data: ValueError", lambda text: Raises("ValueError")),
        ),
    ),
    Contender(
        name="numpy-frombuffer",
        unit=Unit.BYTES,
        load=load_frombuffer,
        language="C",
        binding="NumPy",
        access="copy: encode",
        origin="the article's, with what replaced np.fromstring, 2026",
        tags=("article", "numpy"),
        packages=("numpy",),
        divergences=(raises_on_lone_surrogates("UnicodeEncodeError"),),
    ),
]
