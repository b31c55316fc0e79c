python try_units.py
