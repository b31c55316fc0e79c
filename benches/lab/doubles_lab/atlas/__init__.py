"""The atlas: every bundled problem that names its shape, by every approach, and what that says."""
