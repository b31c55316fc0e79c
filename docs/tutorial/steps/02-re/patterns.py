# --- article
import re

double_re = re.compile(r"(?=(.)\1)")


def count_doubles_regex(val):
    return len(double_re.findall(val))


# --- best
find_doubles = re.compile(r"(.)(?=\1)", re.DOTALL).findall


def count_doubles_dotall(val):
    return len(find_doubles(val))
