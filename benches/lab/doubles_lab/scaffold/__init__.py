"""Writes the folder of a problem for a function: the problem, and a source file for each approach to go on from."""
