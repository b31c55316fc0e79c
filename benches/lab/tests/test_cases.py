"""Inputs: the same everywhere, and what they claim to be."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from doubles_lab import sequence
from doubles_lab.folder import bundled, read
from doubles_lab.given import Given, InputError, edge_cases_of, from_file, inputs_of
from doubles_lab.implementation import Unit

PROBLEM = read(bundled()).problem
INPUTS = {given.name: given for given in [*inputs_of(PROBLEM), *edge_cases_of(PROBLEM)]}

# A change here changes what every saved result was measured on.
DIGESTS = {
    "article": "a7490aacb445fa73",
    "empty": "e3b0c44298fc1c14",
    "one": "2d711642b726b044",
    "newlines": "e2dde8735b3075bb",
    "crlf": "5f05056d62500762",
    "nuls": "daed2dd81d76ed29",
    "nul-pair": "96a296d224f285c6",
    "latin-double": "f13c007a1d8e6e13",
    "combining": "ef4d3ff1dcdf3186",
    "bytes-only": "31237b174ba6047a",
    "neighbours": "cba4f47e42a1cc57",
    "astral": "9e12b04b93a19ede",
    "lone-surrogate": "ba7b1abc7c5b13f0",
    "split-pair": "ea645893a930e087",
    "mixed": "788a3ba5ed00f010",
    "blocks": "269bd6ebe207714a",
    "dna": "9847edc5d36a64e7",
    "log": "742338d8cc6ea2a3",
    "all-equal": "cdc76e5c9914fb92",
    "no-doubles": "88858caf7f79393e",
    "latin-1": "6264c87b8020a6b4",
    "cyrillic": "f23d35fe5545d40c",
    "chinese": "d88ada00204ca58e",
    "emoji": "09dbdfa866c03d99",
    "size-0": "e3b0c44298fc1c14",
    "size-1": "6da43b944e494e88",
    "size-3": "b9bc3fb9f97a594e",
    "size-16": "a5f202762e7c9a8d",
    "size-64": "7dccd0633fdfae93",
    "size-1k": "eecb2965adec998c",
    "size-64k": "7e75c1d1e905e3ea",
    "size-1M": "b7c1436285f1c76e",
    "letters-1": "6da43b944e494e88",
    "letters-16": "a5f202762e7c9a8d",
    "letters-256": "e53785ca2a430147",
    "letters-4096": "d0f64f3a2b90d7e8",
    "letters-65536": "7e75c1d1e905e3ea",
    "letters-1000000": "0947870d7347a5f6",
}


@pytest.mark.parametrize("name", [name for name, given in INPUTS.items() if "large" not in given.tags])
def test_the_value_never_changes(name: str) -> None:
    if name not in DIGESTS:
        pytest.skip(f"{name} is not pinned yet: a line in DIGESTS does it")
    value = INPUTS[name].again().args[0]
    data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    assert hashlib.sha256(data).hexdigest()[:16] == DIGESTS[name]


def test_the_large_input_begins_like_the_small_ones() -> None:
    (whole,) = INPUTS["size-64M"].again().args
    assert len(whole) == 64 << 20
    assert isinstance(whole, str)
    assert whole.startswith(str(INPUTS["size-64k"].value))


def test_the_article_s_input_is_the_article_s() -> None:
    given = INPUTS["article"]
    assert given.text is not None
    assert len(given.text) == 1_000_000
    assert given.text.isalpha() and given.text.isascii()
    assert len(set(given.text)) == 52
    # One pair in 52 is a double; this is within four standard deviations.
    assert abs(given.expected - 1_000_000 / 52) < 4 * (1_000_000 / 52) ** 0.5


@pytest.mark.parametrize(("name", "width"), [("latin-1", 1), ("cyrillic", 2), ("chinese", 2), ("emoji", 4)])
def test_scripts_have_the_width_they_are_for(name: str, width: int) -> None:
    given = INPUTS[name]
    text = given.value
    assert isinstance(text, str)
    widest = ord(max(text))
    assert (1 if widest < 1 << 8 else 2 if widest < 1 << 16 else 4) == width
    assert given.of(Unit.CHARACTERS) != given.of(Unit.BYTES)


def test_patterns() -> None:
    assert INPUTS["all-equal"].expected == 999_999
    assert INPUTS["no-doubles"].expected == 0
    assert "\n\n" in str(INPUTS["log"].value)


@pytest.mark.parametrize("alphabet", ["ab", "ACGT", "abcde", "".join(map(chr, range(33, 127)))])
def test_random_ascii_is_even(alphabet: str) -> None:
    text = sequence.random_ascii("test", 50_000, alphabet)
    assert len(text) == 50_000
    share = len(text) / len(alphabet)
    assert all(abs(text.count(letter) - share) < 6 * share**0.5 for letter in alphabet)


def test_random_text_follows_its_alphabet() -> None:
    text = sequence.random_text("test", 40_000, "ээ中😀")
    assert abs(text.count("э") - 20_000) < 800
    assert abs(text.count("😀") - 10_000) < 800


def test_counts_by_unit() -> None:
    given = Given(PROBLEM, "x", lambda: "ééa\U00010000")
    assert [given.of(unit) for unit in (Unit.CHARACTERS, Unit.BYTES, Unit.ELEMENTS)] == [1, 1, 1]
    given = Given(PROBLEM, "x", lambda: "éé")
    assert [given.of(unit) for unit in (Unit.CHARACTERS, Unit.BYTES, Unit.ELEMENTS)] == [1, 0, 1]


def test_a_file_is_text_if_it_can_be(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("éé\r\n\r\n".encode())
    given = from_file(PROBLEM, str(file))
    assert given.text == "éé\r\n\r\n"
    assert given.counts == {"characters": 1, "bytes": 0}


def test_a_file_that_is_not_utf_8_is_bytes_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(b"aa\xff\xff")
    given = from_file(PROBLEM, str(file))
    assert "not UTF-8 (byte 2)" in given.about
    assert given.text is None and given.counts == {"bytes": 2}
    assert given.reference == Unit.BYTES and given.expected == 2


def test_a_file_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("aa")
    given = from_file(PROBLEM, str(file))
    file.write_text("b")
    assert given.text == "aa"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for name, reason in [("empty", "is empty"), ("missing", "No such file"), (".", "is a directory")]:
        with pytest.raises(InputError, match=reason):
            from_file(PROBLEM, str(tmp_path / name))
