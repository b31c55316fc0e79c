import jitted
import numpy as np
from letters import LETTERS
from loops import count_doubles
from race import race

race(LETTERS, python=count_doubles, str=jitted.count_doubles_once_numba)
letters = np.frombuffer(LETTERS.encode("ascii"), np.uint8)
race(letters, array=jitted.count_doubles, blocks=jitted.count_doubles_blocks)
