import by_ctypes
import told_length
import until_nul
from by_cffi import lib
from letters import LETTERS
from race import race


def count_doubles_cffi(val):
    data = val.encode()
    return lib.count_byte_doubles(data, len(data))


# --- nul
text = "aa\0bb"
print(until_nul.count_byte_doubles(text), told_length.count_byte_doubles(text))
# --- race
race(
    LETTERS,
    swig_article=until_nul.count_byte_doubles,
    swig_length=told_length.count_byte_doubles,
    cffi=count_doubles_cffi,
    ctypes=by_ctypes.count_doubles,
)
