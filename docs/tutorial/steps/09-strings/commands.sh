python try_strings.py
