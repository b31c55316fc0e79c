python try_patterns.py
