import sys

from scripts.bench.command import main

sys.exit(main())
