# --- before
objdump -d fast-doubles/target/release/libfast_doubles.so | grep -cE 'psubb|paddb|\.16b' || true
# --- build
cd fast-doubles
maturin develop --release --quiet
cd ..
# --- after
objdump -d fast-doubles/target/release/libfast_doubles.so | grep -cE 'psubb|paddb|\.16b'
# --- try
python try_vectorised.py
