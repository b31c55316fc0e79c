"""``python -m doubles_lab`` is ``doubles-lab``."""

from doubles_lab.cli import main

if __name__ == "__main__":
    main()
