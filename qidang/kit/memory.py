"""Memory: how often a long-lived process looks for rings of dead objects.

Django's models and queries make many objects and few rings. Looking for them after every 2,000 new ones, as Python
does, takes about a tenth of the processor time of taking a paper in, and a third of writing the index.
"""

import gc

SELDOM = 20_000  # new objects between two looks at the young ones
OLDER = 20  # looks at the young for one at the older, and of those for one at all


def collect_seldom() -> None:
    """Leave what has been loaded so far out of every later look, and look less often; called once, after loading."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM, OLDER, OLDER)
