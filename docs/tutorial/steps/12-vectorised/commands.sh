# --- build
cd fast-doubles
maturin develop --release --quiet
cd ..
# --- look
objdump -d fast-doubles/target/release/libfast_doubles.so | grep -cE 'pcmpeq[bwd]|cmeq'
# --- try
python try_vectorised.py
