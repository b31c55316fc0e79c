//! Anchors of the benchmarks.
