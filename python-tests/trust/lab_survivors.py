"""Changes to what the lab judges and schedules by that no test can notice, each with the reason."""

from __future__ import annotations

#: By file, by the line as it stands, and as cosmic-ray changes it.
REASONS: dict[tuple[str, str, str], str] = {}
