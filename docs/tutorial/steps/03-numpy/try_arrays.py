import warnings

import arrays
import numpy as np
from letters import LETTERS
from race import race

# --- refused
warnings.simplefilter("error")  # NumPy before 2.3 only warns
try:
    arrays.count_double_numpy("aabccc")
except (ValueError, DeprecationWarning) as error:
    print(error)
# --- race
race(LETTERS, frombuffer=arrays.count_double_frombuffer)

letters = np.frombuffer(LETTERS.encode("ascii"), np.uint8)
race(letters, array=arrays.count_doubles_array, subtract=arrays.count_doubles_subtract)
# --- where
print(arrays.find_doubles(letters)[:3])
# --- units
text = "жж"
codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
print(arrays.count_doubles_array(codes), arrays.count_double_frombuffer(text))
text = "𐐐"
print(arrays.count_double_frombuffer(text))
