from doubles_cpython._native import *
from doubles_cpython._native import __all__ as __all__, __doc__ as __doc__, __version__ as __version__
