from doubles_cpython._native import *
from doubles_cpython._native import __all__, __doc__, __version__
