import unicodedata

from fast_doubles import count_doubles

TEXTS = {
    "letters": "aabb",
    "accents, composed": unicodedata.normalize("NFC", "éé"),
    "accents, as marks": unicodedata.normalize("NFD", "éé"),
    "Cyrillic": "ёё",
    "Deseret": "𐐐",
    "family": "👩‍👩‍👧",
}

for name, text in TEXTS.items():
    print(f"{name}: {count_doubles(text)} by character, {count_doubles(text.encode())} by byte")
