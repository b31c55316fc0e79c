"""Numbers as arguments: any from 1 on, however large, and a clear refusal of anything else."""

from __future__ import annotations

from programs import run


def test_every_number_of_every_function(module, faults):
    """In a process of its own, which counts the threads that are started."""
    print(run("numeric_arguments", module, preload=faults))
