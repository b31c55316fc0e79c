"""Tables, charts and a sentence from what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

import altair as alt

from doubles_lab.questions.answer import UNANSWERED, Answer, Chart
from doubles_lab.report import drawing
from doubles_lab.report.chart import COLOURS
from doubles_lab.report.document import Table
from doubles_lab.results.verdict import listed

Data = dict[str, Any]

UNMEASURED = "not measured: no time was left"
NONE = "–"

METHOD = (
    "Each approach is built as the smallest project that its users would write (doubles_lab/approaches/projects): "
    "count_doubles, and a function that fails. The two of this project are its own packages, built in a copy of its "
    "repository. Clean: pip wheel without build isolation in a fresh directory, with a fresh target directory of "
    "Cargo, no compiler cache and no network; what has to be downloaded is there before, and for Rust every dependency "
    "is compiled. Changed: the same command again in the same directory after a change of one line, whose effect is "
    "then checked. Medians of up to three. pip itself is part of it: the row of pure Python shows how much. CPU time "
    "adds up all processors, and is disturbed less by other load than the clock is. "
    "Pythons: pip of that Python installs the project with build isolation, with the newest release of each tool that "
    "has that Python, and the module that comes out is imported and must count right. "
    "Releases come from PyPI and crates.io, advisories from the databases named; all are as of the day they were "
    "looked up (make upkeep looks again), and an advisory that is younger than its database's date is not here."
)


def answer(data: Data) -> Answer:
    """What is shown."""
    rows = data["approaches"]
    return Answer(
        sentence=sentence(data),
        tables=[
            builds_table(data),
            pythons_table(data),
            *reasons_table(data),
            stable_table(data),
            threads_table(data),
            described_table(rows),
            arguments_table(rows),
            failures_table(rows),
            upkeep_table(data["upkeep"]),
            advisories_table(data["upkeep"]),
        ],
        charts=[chart for chart in (times_chart(rows), sizes_chart(rows)) if chart is not None],
        method=METHOD,
    )


def built(rows: Iterable[Data]) -> list[Data]:
    """The rows whose build was measured."""
    return [row for row in rows if "wheel" in row["build"]]


def why_not(found: Data) -> str:
    """Why there is no figure."""
    return UNMEASURED if found.get("unmeasured") else str(found.get("reason", NONE))


def seconds(values: Sequence[float]) -> str:
    """The median of seconds."""
    return f"{median(values):.1f}" if values else NONE


def kilobytes(size: int | None) -> str:
    """A size in kB of 1000 bytes."""
    return NONE if size is None else f"{size / 1000:,.1f}"


def sentence(data: Data) -> str:
    """The answer in a few sentences."""
    rows = data["approaches"]
    if not built(rows) and not any("works" in found for row in rows for found in row["pythons"].values()):
        return UNANSWERED
    compiled = [row for row in built(rows) if row["build"]["extension_bytes"] is not None]
    parts = []
    if compiled:

        def took(row: Data) -> float:
            return float(median(row["build"]["changed_seconds"]))

        quick, slow = min(compiled, key=took), max(compiled, key=took)
        small = min(compiled, key=lambda row: row["build"]["wheel_bytes"])
        large = max(compiled, key=lambda row: row["build"]["wheel_bytes"])
        parts.append(
            f"Of what is compiled, {quick['name']} is back soonest after a change of one line "
            f"({seconds(quick['build']['changed_seconds'])} s) and {slow['name']} last "
            f"({seconds(slow['build']['changed_seconds'])} s); wheels take from "
            f"{kilobytes(small['build']['wheel_bytes'])} kB ({small['name']}) to "
            f"{kilobytes(large['build']['wheel_bytes'])} kB ({large['name']})."
        )
    crashed = [row["name"] for row in rows if "crashed" in row["behaviour"].get("failed", {})]
    if crashed:
        parts.append(f"A failure inside ends the interpreter with {listed(crashed)}.")
    everywhere = [
        row["name"] for row in rows if row["pythons"] and all(p.get("works") for p in row["pythons"].values())
    ]
    if len(data["interpreters"]) > 1 and everywhere:
        parts.append(f"On all {len(data['interpreters'])} Pythons found here: {listed(everywhere)}.")
    open_ones = [
        f"{package['name']} {package['version']} ({advisory['id']}: {advisory['kind']})"
        for package in data["upkeep"]["packages"]
        for advisory in package["advisories"]
        if advisory["open"]
    ]
    if open_ones:
        parts.append(f"An advisory stands against {listed(open_ones)}, as far as the databases' copies go.")
    return " ".join(parts) or UNANSWERED


def builds_table(data: Data) -> Table:
    """Build times and sizes."""
    rows: list[tuple[str, ...]] = []
    for row in data["approaches"]:
        facts = row["build"]
        if "wheel" not in facts:
            rows.append((row["name"], *[NONE] * 7, why_not(facts)))
            continue
        tools = ", ".join(f"{name} {version}" for name, version in facts["versions"].items() if name not in version)
        rows.append(
            (
                row["name"],
                seconds(facts["clean_seconds"]),
                seconds(facts["clean_cpu_seconds"]),
                seconds(facts["changed_seconds"]),
                seconds(facts["changed_cpu_seconds"]),
                kilobytes(facts["wheel_bytes"]),
                kilobytes(facts["extension_bytes"]),
                kilobytes(facts["stripped_bytes"]),
                f"{tools}; {facts['date']}{busy(facts)}",
            )
        )
    columns = ("Approach", "Clean, s", "CPU, s", "Changed, s", "CPU, s", "Wheel, kB", "Extension, kB", "Stripped, kB")
    return Table(
        f"Build time and size (Python {data['python']}; 1 kB is 1000 bytes)",
        (*columns, "Built with, on"),
        rows,
        numbers=tuple(range(1, 8)),
    )


def busy(facts: Data) -> str:
    """A warning where other work ran meanwhile: the clock then tells more than the build."""
    return f"; other work ran (load {facts['load']:.1f})" if facts["load"] > facts["cpus"] / 2 else ""


def pythons_table(data: Data) -> Table:
    """Whether it works on each Python found."""
    labels = [each["label"] for each in data["interpreters"]]

    def cell(found: Data) -> str:
        return "yes" if found.get("works") else "?" if found.get("unmeasured") else "no"

    rows = [
        (row["name"], *[cell(row["pythons"].get(label, UNKNOWN)) for label in labels]) for row in data["approaches"]
    ]
    found = ", ".join(each["version"] for each in data["interpreters"])
    title = f"Built, installed and imported on each Python found ({found})"
    if any("?" in row[1:] for row in rows):
        title += f"; ?: {UNMEASURED}"
    return Table(title, ("Approach", *labels), rows)


UNKNOWN = {"unmeasured": True}


def reasons_table(data: Data) -> list[Table]:
    """Why it does not work there; each reason once, with the Pythons that it holds for."""
    rows: list[tuple[str, ...]] = []
    for row in data["approaches"]:
        reasons: dict[str, list[str]] = {}
        for label, found in row["pythons"].items():
            if not found.get("works") and not found.get("unmeasured"):
                reasons.setdefault(why_not(found), []).append(label)
        order = [each["label"] for each in data["interpreters"]]
        rows += [
            (row["name"], ", ".join(sorted(labels, key=order.index)), reason) for reason, labels in reasons.items()
        ]
    return [Table("Where not, and why", ("Approach", "Python", "Reason"), rows)] if rows else []


def stable_table(data: Data) -> Table:
    """One build for several versions."""
    rows: list[tuple[str, ...]] = []
    for row in data["approaches"]:
        found = row["stable"]
        if "tag" not in found:
            rows.append((row["name"], NONE, NONE, why_not(found)))
            continue
        least = int(found["tag"].partition("-")[0][3:])
        meant = {label: failed for label, failed in found["imports"].items() if int(label.rpartition(".")[2]) >= least}
        works = [label for label, failed in meant.items() if not failed]
        others = [f"{label}: {failed}" for label, failed in meant.items() if failed]
        rows.append((row["name"], found["tag"], ", ".join(works), "; ".join(others)))
    return Table(
        f"One build for several versions: the stable ABI (abi3), built by Python {data['python']}",
        ("Approach", "Wheel's tag", "Of the Pythons that the tag means, right on", "Not, or why there is none"),
        rows,
    )


def threads_table(data: Data) -> Table:
    """Free-threaded Python."""
    packages = {package["name"]: package for package in data["upkeep"]["packages"]}
    free = [each["label"] for each in data["interpreters"] if each["no_gil"]]
    rows: list[tuple[str, ...]] = []
    for row in data["approaches"]:
        there = [row["pythons"].get(label, UNKNOWN) for label in free]
        runs = "; ".join(f"{label}: {free_outcome(found)}" for label, found in zip(free, there))
        slots = [
            f"{module.rpartition('.')[2]}: GIL {said or 'not mentioned'} (asked on {label})"
            for label, found in row["pythons"].items()
            for module, said in found.get("gil", {}).items()
        ]
        wheels = [
            f"{name} {packages[name]['version']}: {', '.join(packages[name]['free_threaded_wheels'])}"
            for name in row["packages"]
            if packages.get(name, {}).get("free_threaded_wheels")
        ]
        said = [f"{name}: {level}" for name, level in row["declared"].items()]
        rows.append(
            (
                row["name"],
                runs or "no such Python found here",
                "; ".join(slots) or NONE,
                "; ".join(said) or NONE,
                "; ".join(wheels) or NONE,
            )
        )
    return Table(
        "Without a GIL (free-threaded CPython)",
        (
            "Approach",
            "Built and imported there",
            "The module's Py_mod_gil slot",
            "Classifier of the library installed here",
            f"The library's free-threaded wheels on PyPI, {data['upkeep']['looked_up']}",
        ),
        rows,
    )


def free_outcome(found: Data) -> str:
    """What became of an import on a free-threaded Python."""
    if not found.get("works"):
        return why_not(found)
    return "yes, and the GIL stays off" if found.get("gil_enabled") is False else "yes, but it turns the GIL on"


def described_table(rows: Sequence[Data]) -> Table:
    """What help() and an editor see."""
    cells: list[tuple[str, ...]] = []
    for row in rows:
        found = row["behaviour"]
        if "described" not in found:
            cells.append((row["name"], *[NONE] * 3, why_not(found)))
            continue
        said = found["described"]
        doc = " ".join((said.get("doc") or "").split())
        if "type" not in said:
            cells.append((row["name"], *[NONE] * 3, str(said.get("crashed") or said.get("ended"))))
            continue
        types = (
            f"stub ({', '.join(found['stubs'])})"
            if found["stubs"]
            else "annotations in its Python source"
            if found["annotated"]
            else "annotations at run time only"
            if said["annotated"]
            else "none"
        )
        cells.append(
            (
                row["name"],
                (doc if len(doc) <= 70 else doc[:69] + "…") or "none",
                said["signature"] or f"none ({said['no_signature']})",
                types,
                "yes" if found["typed"] else "no",
            )
        )
    columns = ("Approach", "Docstring", "inspect.signature", "Types in the wheel", "py.typed")
    return Table("What help() and an editor see of count_doubles", columns, cells)


def outcome(found: Data) -> str:
    """What a call did."""
    if "raised" in found:
        text = " ".join(found["text"].split())
        return f"{found['raised']}: {text if len(text) <= 120 else text[:119] + '…'}" if text else found["raised"]
    if "gave" in found:
        return f"gives {found['gave']}"
    if "crashed" in found:
        return f"the interpreter dies: {found['crashed']}"
    return str(found.get("ended", NONE))


def arguments_table(rows: Sequence[Data]) -> Table:
    """What bad arguments do."""
    measured = [row for row in rows if "bad" in row["behaviour"]]
    names = list(measured[0]["behaviour"]["bad"]) if measured else []
    cells: list[tuple[str, ...]] = []
    for row in rows:
        bad = row["behaviour"].get("bad")
        if bad is None:
            cells.append((row["name"], *[why_not(row["behaviour"])] * len(names)))
        else:
            cells.append((row["name"], *[outcome(bad[name]) for name in names]))
    return Table("What count_doubles does with arguments that it was not made for", ("Approach", *names), cells)


CAUGHT: dict[Any, str] = {True: "yes", False: "no: not a subclass of Exception"}


def failures_table(rows: Sequence[Data]) -> Table:
    """What a failure inside does."""
    cells: list[tuple[str, ...]] = []
    for row in rows:
        found = row["behaviour"].get("failed")
        if found is None:
            cells.append((row["name"], row["failure"], why_not(row["behaviour"]), NONE, NONE))
        elif found:
            caught = CAUGHT.get(found.get("caught"), NONE)
            usable = "yes" if found.get("afterwards") else "no: the process is gone"
            cells.append((row["name"], row["failure"], outcome(found), caught, usable))
    columns = ("Approach", "Failure", "What Python sees", "Caught by except Exception", "Usable afterwards")
    return Table("A failure inside the native code", columns, cells)


def upkeep_table(upkeep: Data) -> Table:
    """The last release of each package."""
    rows: list[tuple[str, ...]] = []
    for package in upkeep["packages"]:
        advisories = package["advisories"]
        standing = [each["id"] for each in advisories if each["open"]]
        newest = f", the last of {advisories[0]['date']}" if advisories else ""
        until = upkeep["databases"][package["database"]]["date"]
        rows.append(
            (
                package["name"],
                package["registry"],
                package["version"],
                package["released"] or "its crate does not say",
                f"{len(advisories)} by {until}{newest}",
                ", ".join(standing) or "none",
                package["source"],
            )
        )
    columns = ("Package", "Registry", "Last release", "Of", "Advisories", "Of these, against that release", "Source")
    read = "; ".join(f"{each['url']} as of {each['date']}" for each in upkeep["databases"].values())
    return Table(f"Upkeep, looked up on {upkeep['looked_up']} (advisories: {read})", columns, rows)


def advisories_table(upkeep: Data) -> Table:
    """Every advisory, newest first."""
    found = [(package, advisory) for package in upkeep["packages"] for advisory in package["advisories"]]
    rows: list[tuple[str, ...]] = [
        (
            advisory["id"],
            package["name"],
            advisory["date"],
            advisory["title"],
            advisory["fixed"] or "in no release",
            advisory["url"],
        )
        for package, advisory in sorted(found, key=lambda pair: pair[1]["date"], reverse=True)
    ]
    return Table("The advisories", ("Advisory", "Package", "Of", "What", "Fixed", "Source"), rows)


def times_chart(rows: Sequence[Data]) -> Chart | None:
    """Build times: clean and changed, of each approach."""
    values = [
        {
            "approach": row["name"],
            "build": kind,
            "seconds": median(row["build"][key]),
            "fastest": min(row["build"][key]),
            "slowest": max(row["build"][key]),
        }
        for row in built(rows)
        for kind, key in (("from clean", "clean_seconds"), ("after a change of one line", "changed_seconds"))
    ]
    if not values:
        return None
    kinds = ["from clean", "after a change of one line"]
    legend = alt.Legend(orient="top")
    scale, title = alt.Scale(type="log", nice=False, padding=12), "build time, s (log scale)"
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=drawing.rows("approach", None),
        color=alt.Color(
            "build:N", title="Build", scale=alt.Scale(domain=kinds, range=[COLOURS[0], COLOURS[2]]), legend=legend
        ),
        tooltip=drawing.tooltips(
            approach="", build="", seconds="median, s|.2f", fastest="fastest, s|.2f", slowest="slowest, s|.2f"
        ),
    )
    ranges = base.mark_rule(strokeWidth=3, opacity=0.45).encode(
        x=alt.X("fastest:Q", scale=scale, title=title), x2="slowest:Q"
    )
    shapes = alt.Scale(domain=kinds, range=["square", "circle"])
    points = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=alt.X("seconds:Q", scale=scale, title=title),
        shape=alt.Shape("build:N", title="Build", scale=shapes, legend=legend),
    )
    drawn = alt.layer(ranges, points).properties(width=640, height=alt.Step(22))
    told = "; ".join(f"{value['approach']} {value['build']} {value['seconds']:.1f} s" for value in values)
    return Chart("Build time", drawn.to_dict(), f"Median build time of each approach: {told}.")


def sizes_chart(rows: Sequence[Data]) -> Chart | None:
    """Sizes of wheels."""
    values = [{"approach": row["name"], "kilobytes": row["build"]["wheel_bytes"] / 1000} for row in built(rows)]
    if not values:
        return None
    least = min(value["kilobytes"] for value in values) / 2
    drawn = (
        alt.Chart(alt.InlineData(values=values))
        .mark_point(color=COLOURS[2], filled=True, size=90)
        .encode(
            y=drawing.rows("approach", None),
            x=alt.X(
                "kilobytes:Q",
                scale=alt.Scale(type="log", domainMin=least, nice=False),
                title="size of the wheel, kB (log scale)",
            ),
            tooltip=drawing.tooltips(approach="", kilobytes="wheel, kB|,.1f"),
        )
        .properties(width=640, height=alt.Step(22))
    )
    told = "; ".join(f"{value['approach']} {value['kilobytes']:,.1f} kB" for value in values)
    return Chart("Size of the wheel", drawn.to_dict(), f"Size of each approach's wheel: {told}.")
