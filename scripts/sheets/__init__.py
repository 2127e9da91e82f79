"""The sheet for the appraisal interview (面谈), one A4 page for each employee: `command.py`."""
