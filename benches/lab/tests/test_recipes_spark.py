"""The Spark recipe, over Spark Connect: on Sail, which needs no Java, or on the server that SPARK_REMOTE names."""

from __future__ import annotations

import importlib.util
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if importlib.util.find_spec("pyspark") is None:
    pytest.skip("PySpark has no release for this Python, or is not installed", allow_module_level=True)
pytest.importorskip("doubles_pyo3.columns", reason="doubles_pyo3 is built without columns", exc_type=ImportError)
if "SPARK_REMOTE" not in os.environ:
    pytest.importorskip("pysail", reason="no SPARK_REMOTE, and Sail has no wheel for this Python, or is not installed")

import pyarrow
from pyarrow import parquet

from doubles_lab.problems.count_doubles import oracle

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

RECIPE = Path(__file__).parents[3] / "docs" / "recipes" / "spark.py"
#: Seconds. Spark itself has to start Java.
LIMIT = 300 if "SPARK_REMOTE" in os.environ else 60

pytestmark = pytest.mark.timeout(LIMIT)

LANGUAGES = {"en": "ab \n", "ru": "ёж я", "zh": "文字𠀀"}


@pytest.fixture(scope="module", autouse=True)
def main_file() -> Iterator[None]:
    """PySpark takes a process without a main file, as those of pytest-xdist are, for a run of its doctests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["__main__"], "__file__", __file__, raising=False)
        yield


@pytest.fixture(scope="module")
def remote() -> Iterator[str]:
    """The address of a Spark Connect server."""
    if "SPARK_REMOTE" in os.environ:
        yield os.environ["SPARK_REMOTE"]
        return
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    yield f"sc://{host}:{port}"
    server.stop()


@pytest.fixture
def spark(remote: str) -> Iterator[SparkSession]:
    from pyspark.sql import SparkSession

    session = SparkSession.builder.remote(remote).getOrCreate()
    yield session
    # Before the server: it would be waited for.
    session.stop()


@pytest.fixture
def table(tmp_path: Path) -> list[tuple[str, str | None]]:
    """The rows of the Parquet files in that directory."""
    draw = random.Random(1)
    rows = []
    for number in range(3):
        languages = draw.choices(list(LANGUAGES), k=10_000)
        texts = [None if draw.random() < 0.1 else "".join(draw.choices(LANGUAGES[each], k=9)) for each in languages]
        part = pyarrow.table({"language": languages, "text": texts})
        parquet.write_table(part, tmp_path / f"{number}.parquet", row_group_size=3_000)
        rows += list(zip(languages, texts))
    return rows


def test_each_row(spark: SparkSession, tmp_path: Path, table: list[tuple[str, str | None]]) -> None:
    import spark as recipe

    counted = recipe.with_doubles(spark.read.parquet(str(tmp_path)), "text")
    assert counted.columns == ["language", "text"]
    expected = Counter((language, None if text is None else oracle.count_items(text)) for language, text in table)
    assert Counter((row.language, row.text) for row in counted.collect()) == expected


def test_as_a_script(remote: str, tmp_path: Path, table: list[tuple[str, str | None]]) -> None:
    def run(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, RECIPE, tmp_path, "text", *arguments],
            env={**os.environ, "SPARK_REMOTE": remote},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=True,
        ).stdout

    doubles: Counter[str] = Counter()
    for language, text in table:
        doubles[language] += oracle.count_items(text or "")
    rows = Counter(language for language, _ in table)
    assert run() == f"{doubles.total()}\t{len(table)}\n"
    assert run("--by", "language") == "".join(f"{each}\t{doubles[each]}\t{rows[each]}\n" for each in sorted(rows))
