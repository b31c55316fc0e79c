"""Each public item of the core has an example in its documentation, which `cargo test` runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DESCRIBED = Path(__file__).parents[3] / "target" / "rustdoc" / "doc" / "doubles_core.json"

#: Public, and of no use: nobody outside can name it.
SEALED = {"Bytes"}


def items() -> Iterator[Any]:
    """Functions, methods and types, by rustdoc's description; fields and variants belong to their type."""
    for item in json.loads(DESCRIBED.read_text(encoding="utf-8"))["index"].values():
        if item["visibility"] == "public" and {"function", "struct", "enum", "trait"} & set(item["inner"]):
            yield item


def test_every_item_has_an_example() -> None:
    described = [item for item in items() if item["name"] not in SEALED]
    assert len(described) > 80
    without = [item for item in described if "```\n" not in (item["docs"] or "")]
    assert not [f"{item['name']} in {item['span']['filename']}" for item in without]
