"""Doubles of a column of strings in Spark, by its own Arrow batches: no Python object is made for a row.

    python docs/recipes/spark.py DIRECTORY COLUMN

Runs on the Spark that PySpark finds: a master, or the server that SPARK_REMOTE names, as sc://localhost:15002. That
can be Sail too, which needs no Java. doubles_pyo3 must be installed where the workers run.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pyspark.sql import DataFrame, SparkSession, functions
from pyspark.sql.types import LongType, StructType

if TYPE_CHECKING:
    import pyarrow


def with_doubles(frame: DataFrame, column: str) -> DataFrame:
    """The frame with the doubles of each row of the column in its place. A null gives a null.

    What goes in and out of Python is all of the frame: select no more than you need.
    """

    def count(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        # On a worker, which need not have this file.
        import pyarrow
        from doubles_pyo3 import columns

        for batch in batches:
            at = batch.schema.get_field_index(column)
            yield batch.set_column(at, column, pyarrow.array(columns.count_doubles(batch.column(at))))

    schema = StructType()
    for field in frame.schema:
        schema = schema.add(field.name, LongType() if field.name == column else field.dataType)
    return frame.mapInArrow(count, schema)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("directory")
    arguments.add_argument("column")
    arguments.add_argument("--by", help="a column that the counts are grouped by")
    asked = arguments.parse_args()
    spark = SparkSession.builder.getOrCreate()
    groups = [asked.by] if asked.by else []
    counted = with_doubles(spark.read.parquet(asked.directory).select(*groups, asked.column), asked.column)
    doubles, rows = functions.sum(asked.column), functions.count(functions.lit(1))
    total = counted.groupBy(*groups).agg(doubles.alias("doubles"), rows.alias("rows"))
    for row in (total.orderBy(*groups) if groups else total).collect():
        print(*row, sep="\t")
    spark.stop()


if __name__ == "__main__":
    main()
