"""In DataFusion: a function in SQL and in expressions."""

import pyarrow as pa
from datafusion import SessionContext, udf
from doubles_pyo3 import columns

count_doubles = udf(
    lambda text: pa.array(columns.count_doubles(text)),
    [pa.string_view()],
    pa.int64(),
    "immutable",
    "count_doubles",
)

if __name__ == "__main__":
    context = SessionContext()
    context.register_udf(count_doubles)
    print(context.sql("SELECT word, count_doubles(word) FROM (VALUES ('bookkeeper'), (NULL), ('gööd')) AS t (word)"))
