import fast_doubles
import fast_doubles_cpython
from letters import LETTERS
from race import race

print(fast_doubles_cpython.count_doubles("ёё 文文 😀😀"))
race(LETTERS, pyo3=fast_doubles.count_doubles, rust_cpython=fast_doubles_cpython.count_doubles)
