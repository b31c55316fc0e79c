"""What native code could give a function at most: its arguments taken, its result made, and nothing done in between."""
