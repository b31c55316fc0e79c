from doubles_pyo3._native import *
from doubles_pyo3._native import __all__, __doc__, __version__
