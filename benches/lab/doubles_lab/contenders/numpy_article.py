"""NumPy as in the article, which copies the text into an array at every call."""

from __future__ import annotations

from importlib.metadata import version

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


def refused(text):
    """What it gives: an exception, but for the NumPys that only warned."""
    return Raises("ValueError") if numpy_version() >= (2, 3) else None


def numpy_version():
    return tuple(int(part) for part in version("numpy").split(".")[:2])


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
            raises_on_lone_surrogates("UnicodeEncodeError"),
            Divergence("np.fromstring takes no binary data since NumPy 2.3", refused),
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
