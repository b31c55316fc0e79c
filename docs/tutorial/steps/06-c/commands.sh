# --- swig
swig -python until_nul.i
swig -python told_length.i
python setup_swig.py --quiet build_ext --inplace
# --- cffi
python build_cffi.py
# --- ctypes
cc -O3 -march=native -shared -fPIC -o libcount.so told_length.c
# --- try
python try_c.py
