"""`python -m offair.cli`: the same as the `offair` command."""

import sys

from offair.cli import main

sys.exit(main())
