"""Changes to the core that no test can notice, each with the reason."""

from __future__ import annotations

SPEED = "which of two ways counts the same; they differ in speed"
ALIGNED = "loads may start at any address; starting at a line is faster"

#: By file, by the line as it stands, and by what cargo-mutants makes of it.
REASONS: dict[tuple[str, str, str], str] = {
    ("kernel.rs", "const PREFETCH_FROM: usize = 256 << 10;", "replace << with >>"): SPEED,
    ("kernel.rs", "const STREAMS_FROM: usize = 4 << 20;", "replace << with >>"): SPEED,
    ("kernel.rs", "const STREAMS_UP_TO: usize = 32 << 20;", "replace << with >>"): SPEED,
    ("kernel.rs", "if bytes <= 2 * V::BYTES {", "replace * with + in count_elements"): SPEED,
    ("kernel.rs", "if bytes >= LINE + (UNROLL + 1) * V::BYTES {", "replace * with + in count_elements"): SPEED,
    ("kernel.rs", "if bytes >= LINE + (UNROLL + 1) * V::BYTES {", "replace + with - in count_elements"): SPEED,
    ("kernel.rs", "if bytes >= LINE + (UNROLL + 1) * V::BYTES {", "replace + with * in count_elements"): SPEED,
    ("kernel.rs", "while at < unaligned {", "replace < with == in count_elements"): ALIGNED,
    ("kernel.rs", "while at < unaligned {", "replace < with > in count_elements"): ALIGNED,
    ("kernel.rs", "while at < unaligned {", "replace < with <= in count_elements"): ALIGNED,
    ("kernel.rs", "if length < PREFETCH_FROM {", "replace < with == in count_steps"): SPEED,
    ("kernel.rs", "if length < PREFETCH_FROM {", "replace < with > in count_steps"): SPEED,
    ("kernel.rs", "if length < PREFETCH_FROM {", "replace < with <= in count_steps"): SPEED,
}
