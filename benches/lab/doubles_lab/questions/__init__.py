"""The questions. Each file declares ``QUESTION``; ``doubles_lab.questions.explain`` finds them."""
