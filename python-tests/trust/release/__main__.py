"""Runs the rows, and prints the table of those of those alone: what an earlier commit reached says nothing now."""

import sys

from trust.__main__ import main
from trust.check import ROOT
from trust.release import checks

if __name__ == "__main__":
    sys.exit(main(checks, "make release-check", "Release", ROOT / "results" / "release", earlier=False))
