"""A comparison as JUnit's XML, which CI servers show: a suite for each case, a test for each contender."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from doubles_lab.results import comparison
from doubles_lab.results.comparison import Change


def xml(changes: Sequence[Change], share: float | None) -> str:
    """The changes. What fails the gate is a failure; what cannot be compared is skipped, unless it is lost."""
    root = ElementTree.Element("testsuites", name="doubles-lab compare")
    for case, of_case in comparison.by_case(changes).items():
        suite = ElementTree.SubElement(root, "testsuite", name=legal(case), tests=str(len(of_case)))
        failures = skipped = 0
        for each in of_case:
            seconds = "0" if each.new is None else f"{each.new:.9f}"
            test = ElementTree.SubElement(
                suite, "testcase", classname=legal(case), name=legal(each.contender), time=seconds
            )
            if said := failure(each, share):
                failures += 1
                ElementTree.SubElement(test, "failure", message=legal(said)).text = legal(said)
            elif each.ratio is None:
                skipped += 1
                ElementTree.SubElement(test, "skipped", message=legal(each.note))
            else:
                ElementTree.SubElement(test, "system-out").text = legal(" ".join(comparison.cells(each)[1:]))
        suite.set("failures", str(failures))
        suite.set("skipped", str(skipped))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def failure(each: Change, share: float | None) -> str:
    """Why a change fails the gate; "" if it does not."""
    if each.broken:
        return f"broken: {each.note}"
    limit = each.limited(share)
    if limit is None:
        return ""
    if each.exceeds(share):
        old, new, ratio = comparison.cells(each)[1:4]
        return f"slower by more than {comparison.percent(limit)}: {old} → {new}, ratio {ratio}"
    return f"not compared: {each.note}" if each.lost else ""


def legal(text: str) -> str:
    """A text without characters that XML has no way to write."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
