# --- build
pip install --no-build-isolation ./fast-doubles-cpython
# --- try
python try_cpython.py
