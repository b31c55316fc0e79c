python try_loops.py
