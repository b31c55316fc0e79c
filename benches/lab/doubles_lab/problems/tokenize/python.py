import re

TOKEN = re.compile(r"[\w\x80-\U0010ffff]+|[^\w\s]", re.ASCII)


def tokenize(text):
    return TOKEN.findall(text)


def tokenize_lazily(text):
    return [match[0] for match in TOKEN.finditer(text)]
