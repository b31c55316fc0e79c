python try_jitted.py
