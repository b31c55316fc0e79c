# --- build
maturin develop --release --quiet -m fast-doubles/Cargo.toml
# --- try
python try_threads.py
