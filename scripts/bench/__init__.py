"""How fast the project is, measured against a script written by hand: `command.py`."""
