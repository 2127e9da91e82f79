import sys

from scripts.sheets.command import main

# The processes that write import this module, too.
if __name__ == "__main__":
    sys.exit(main())
