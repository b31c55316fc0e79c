# --- wheel
maturin build --release --quiet -m fast-doubles/Cargo.toml --out dist
# --- sdist
maturin sdist -m fast-doubles/Cargo.toml --out dist
# --- abi3
maturin build --release --quiet -m fast-doubles/Cargo.toml --features abi3 --out dist-abi3
# --- look
ls dist dist-abi3
# --- install
python -m venv elsewhere
elsewhere/bin/pip install --no-index dist/*.whl
elsewhere/bin/python try_wheel.py
# --- install abi3
elsewhere/bin/pip install --no-index --force-reinstall dist-abi3/*.whl
elsewhere/bin/python try_wheel.py
