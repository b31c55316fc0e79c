# --- call
python break_even.py
# --- share
python share.py
