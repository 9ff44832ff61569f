"""Run Bevara as `python -m bevara`."""

import sys

from bevara.cli import main

sys.exit(main())
