"""Building Python objects: a dict of words."""

from doubles_lab import Input, Problem


def word_count(text: str) -> dict[str, int]:
    """How often each word is in a text, of what white space leaves."""
    counts: dict[str, int] = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts


WORDS = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog", "and", "été", "中文"]

PROBLEM = Problem(
    word_count,
    inputs=[Input.sized("words", lambda n: " ".join(WORDS[i * 7 % 12] for i in range(n)), sizes=[1, 1_000, 30_000])],
    edge_cases={"empty": "", "spaces": "  \n\t ", "no-break space": "a\xa0b", "twice": "a a", "emoji": "😀 😀"},
)
