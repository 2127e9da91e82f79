import sys

from scripts.sheets.command import main

sys.exit(main())
