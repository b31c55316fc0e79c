from letters import LETTERS
from loops import count_doubles
from patterns import count_doubles_dotall, count_doubles_regex
from race import race

text = "one\n\ntwo"
print(count_doubles(text), count_doubles_regex(text), count_doubles_dotall(text))
race(LETTERS, zip=count_doubles, regex=count_doubles_regex, dotall=count_doubles_dotall)
