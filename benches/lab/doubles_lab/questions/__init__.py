"""The questions. Each file declares ``QUESTION``; ``doubles_lab.explain`` finds them."""
