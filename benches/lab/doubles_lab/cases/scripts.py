"""Text of four scripts: one, two, three and four bytes a character in UTF-8, and 1, 2 or 4 in a str."""

from doubles_lab.case import Case
from doubles_lab.sequence import random_text

# An alphabet repeats a letter for each time that it is as frequent as the rarest ones.
LATIN_1 = "eeeeeeeaaaaasssssiiiiinnnnrrrrtttoooullddcmpévqfbghjàxêèâôîçùûüöäß" + " " * 12 + ",."
CYRILLIC = "ооооооааааееееиииинннтттссссрррвввллккммддпуягьзбчйжхшюцщэфъё" + " " * 10 + ",."
CHINESE = (
    "的的的的一一是是不不了了人人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去"
    "行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从，，，，。。"
)
EMOJI = "".join(chr(c) for c in range(0x1F600, 0x1F650)) + "👍👍👍❤❤✨🎉🎉🔥🔥 "


def _case(name, about, alphabet):
    return Case(
        name, f"1,000,000 random characters: {about}", lambda: random_text(name, 1_000_000, alphabet), ("script",)
    )


CASES = [
    _case("latin-1", "French and German letters, 1 byte each in a str and up to 2 in UTF-8", LATIN_1),
    _case("cyrillic", "Russian letters, 2 bytes each in both", CYRILLIC),
    _case("chinese", "the commonest Chinese characters, 2 bytes each in a str and 3 in UTF-8", CHINESE),
    _case("emoji", "4 bytes each in both", EMOJI),
]
