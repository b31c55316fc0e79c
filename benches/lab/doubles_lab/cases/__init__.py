"""The cases: one small entry an input. Every file here is found by itself.

A file holds ``CASES``, a list of :class:`doubles_lab.case.Case`.
"""
