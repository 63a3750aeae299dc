"""``python -m qidang.cli``: the command line without the installed script."""

import sys

from qidang.cli import main

sys.exit(main())
