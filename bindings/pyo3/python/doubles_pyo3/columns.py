import doubles_pyo3._native

try:
    _columns = doubles_pyo3._native._columns
except AttributeError:
    raise ImportError(
        "this build of doubles_pyo3 has no columns; build it with: "
        "pip install --config-settings build-args='--features arrow' ./bindings/pyo3",
        name=__name__,
    ) from None

__doc__ = _columns.__doc__
__all__ = _columns.__all__

Array = _columns.Array
ChunkedArray = _columns.ChunkedArray
count_doubles = _columns.count_doubles
has_doubles = _columns.has_doubles
longest_run = _columns.longest_run
squeeze = _columns.squeeze
