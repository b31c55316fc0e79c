"""The contenders: one small file an approach. Every file here is found by itself.

A file holds ``CONTENDERS``, a list of :class:`doubles_lab.contender.Contender`, and imports whatever its
approach needs inside ``load``, so that what is missing costs that one row alone.
"""
