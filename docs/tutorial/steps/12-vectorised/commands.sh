# --- before
objdump -d fast-doubles/target/release/libfast_doubles.so | grep -cE 'psubb|paddb|\.16b' || true
# --- build
maturin develop --release --quiet -m fast-doubles/Cargo.toml
# --- after
objdump -d fast-doubles/target/release/libfast_doubles.so | grep -cE 'psubb|paddb|\.16b'
# --- try
python try_vectorised.py
