# --- build
cythonize --inplace -3 --quiet native_shapes.pyx
# --- try
python three_shapes.py
