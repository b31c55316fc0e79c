python try_arrays.py
