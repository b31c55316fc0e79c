# --- build
cythonize --inplace -3 --quiet cython_article.pyx cython_typed.pyx cython_in_place.pyx
# --- try
python try_cython.py
