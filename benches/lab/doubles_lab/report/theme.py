"""The colours of charts, in a light and in a dark theme."""

from __future__ import annotations

#: For each colour that a chart may name, what is drawn for it on a light and on a dark page. A bar must stand out
#: from the page by a contrast of 3 at least, which no one colour of some hues does on both.
SERIES: dict[str, tuple[str, str]] = {
    "#d55e00": ("#d55e00", "#e8762a"),
    "#e69f00": ("#b87f00", "#e69f00"),
    "#0072b2": ("#0072b2", "#3b8fd4"),
    "#56b4e9": ("#3191c9", "#7cc8f2"),
    "#009e73": ("#00936b", "#1fb58a"),
    "#cc79a7": ("#c0659a", "#d98fb8"),
    "#7a5195": ("#7a5195", "#a883c2"),
    "#999933": ("#858520", "#b5b554"),
    "#8c564b": ("#8c564b", "#bd8a7e"),
    "#00808a": ("#00808a", "#3db4bd"),
    "#b5309a": ("#b5309a", "#dd6ec6"),
    "#444444": ("#5c5c5c", "#a9a9a9"),
}

#: The cells of a heat map, by what they say: text of the page's own colour must be readable on each.
SHADES: dict[str, tuple[str, str]] = {
    "under half": ("#f2955f", "#9c4514"),
    "slower": ("#fbcfae", "#633215"),
    "alike": ("#e9ebee", "#2e343d"),
    "to 2": ("#dcebf6", "#1c3346"),
    "to 5": ("#b9d9ee", "#1d4867"),
    "to 20": ("#8fc3e4", "#1b5d8a"),
    "to 100": ("#64acd8", "#1a6ea6"),
    "over 100": ("#4a9acb", "#1877b8"),
}
SERIES |= {light: (light, dark) for light, dark in SHADES.values()}
