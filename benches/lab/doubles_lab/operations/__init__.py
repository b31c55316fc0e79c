"""The operations besides counting: one file each, with what it means and the ways to do it.

A file holds ``OPERATION``, an :class:`doubles_lab.operation.Operation`, and ``CONTENDERS``, a list of
:class:`doubles_lab.operation.Way`. Every file here is found by itself.
"""
