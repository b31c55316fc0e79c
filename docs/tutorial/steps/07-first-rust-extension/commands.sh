# --- build
cd fast-doubles
maturin develop --release --quiet
cd ..
# --- try
python try_rust.py
