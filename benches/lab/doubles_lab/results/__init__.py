"""What a run leaves: its file, the verdict on it, and two runs compared."""
