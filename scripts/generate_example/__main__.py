import sys

from scripts.generate_example import main

sys.exit(main())
