import cython_article
import cython_in_place
import cython_typed
from letters import LETTERS
from race import race

race(
    LETTERS,
    article=cython_article.count_doubles,
    typed=cython_typed.count_doubles,
    in_place=cython_in_place.count_doubles,
)
print(cython_in_place.count_doubles("ёё 文文 😀😀"))
