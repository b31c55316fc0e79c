from doubles_pyo3._native import *
from doubles_pyo3._native import __all__ as __all__, __doc__ as __doc__, __version__ as __version__
