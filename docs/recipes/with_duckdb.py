"""In DuckDB: a function in SQL, and a column that comes out of a query."""

import duckdb
import pyarrow as pa
from doubles_pyo3 import columns


def add_functions(connection: duckdb.DuckDBPyConnection) -> None:
    """Adds count_doubles(text), for SQL. DuckDB calls it with some thousand rows at a time."""

    def count_doubles(text: pa.ChunkedArray) -> pa.ChunkedArray:
        return pa.chunked_array(columns.count_doubles(text))

    connection.create_function("count_doubles", count_doubles, ["VARCHAR"], "BIGINT", type="arrow")


def count_doubles(relation: duckdb.DuckDBPyRelation, column: str) -> pa.ChunkedArray:
    """How many characters of each row of a relation's column equal the next one."""
    return pa.chunked_array(columns.count_doubles(relation.select(column).to_arrow_table().column(0)))


if __name__ == "__main__":
    connection = duckdb.connect()
    add_functions(connection)
    print(connection.sql("SELECT word, count_doubles(word) FROM (VALUES ('bookkeeper'), (NULL), ('gööd')) AS t (word)"))
