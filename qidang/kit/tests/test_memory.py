"""A process that has loaded looks for dead rings seldom, and still finds them."""

import subprocess
import sys

TRIED = """
import gc, weakref
from qidang.kit.memory import SELDOM, collect_seldom
class Ring: pass
kept = [Ring() for _ in range(1000)]
collect_seldom()
assert gc.get_freeze_count() >= 1000, gc.get_freeze_count()
assert gc.get_threshold()[0] == SELDOM
ring = Ring(); ring.itself = ring
gone = weakref.ref(ring)
del ring
for _ in range(60):
    [Ring() for _ in range(SELDOM // 10)]
    alive = [[] for _ in range(SELDOM)]
assert gone() is None
"""


def test_what_was_loaded_is_left_out_and_dead_rings_are_still_found() -> None:
    subprocess.run([sys.executable, "-c", TRIED], check=True, timeout=60)
