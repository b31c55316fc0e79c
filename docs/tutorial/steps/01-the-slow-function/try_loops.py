import loops
from letters import LETTERS
from race import race

assert loops.count_doubles("abCCdeFFghiJJ") == 3
assert loops.count_doubles("aaa") == 2
race(
    LETTERS,
    zip=loops.count_doubles,
    once=loops.count_doubles_once,
    itertools=loops.count_doubles_itertools,
    comprehension=loops.count_doubles_comprehension,
    map=loops.count_doubles_map,
    bigint=loops.count_doubles_bigint,
)
