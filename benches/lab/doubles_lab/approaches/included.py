"""C that includes a file of another problem by its path from there: ``#include "../parse_records/lib.c"``.

What is compiled is one text with the included files in it. So it can be compiled anywhere, and the cache of builds sees
each change of them.
"""

from __future__ import annotations

import re
from pathlib import Path

INCLUDE = re.compile(r'^#include "(\.\./[^"\n]+)"$', re.MULTILINE)


def files(source: Path) -> list[Path]:
    """A file, and then those that it includes by such a path."""
    found = [source]
    for name in INCLUDE.findall(source.read_text(encoding="utf-8")):
        found += files((source.parent / name).resolve())
    return found


def text(source: Path) -> str:
    """The text of a file, with that of each file that it includes by such a path in place of the line."""
    return INCLUDE.sub(lambda found: text(source.parent / found[1]), source.read_text(encoding="utf-8"))
