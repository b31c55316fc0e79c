"""The standard library's regular expressions: the article's pattern, and the best one."""

import re

double_re = re.compile(r"(?=(.)\1)")

# DOTALL lets "." match a newline. Taking the character and looking ahead for its like is no slower than looking ahead
# for both; matching whole runs takes twice as long, for almost all runs are short.
find_doubles = re.compile(r"(.)(?=\1)", re.DOTALL).findall


def count_doubles_article(val):
    return len(double_re.findall(val))


def count_doubles_best(val):
    return len(find_doubles(val))
