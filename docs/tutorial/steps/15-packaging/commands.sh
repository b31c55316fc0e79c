# --- wheel
cd fast-doubles
maturin build --release --quiet --out dist
# --- sdist
maturin sdist --out dist
# --- abi3
maturin build --release --quiet --features abi3 --out dist-abi3
ls dist dist-abi3
cd ..
# --- install
python -m venv elsewhere
elsewhere/bin/pip install --no-index fast-doubles/dist/*.whl
elsewhere/bin/python try_wheel.py
elsewhere/bin/pip install --no-index --force-reinstall fast-doubles/dist-abi3/*.whl
elsewhere/bin/python try_wheel.py
