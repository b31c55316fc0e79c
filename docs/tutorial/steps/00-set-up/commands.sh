# --- make
python3 -m venv .venv
. .venv/bin/activate
pip install -r requirements.txt
# --- check
python --version
cargo --version
cc --version
