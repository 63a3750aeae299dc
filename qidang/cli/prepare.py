"""Make and migrate the home, then end: the supervisor's first step."""

import sys
from argparse import Namespace

from qidang.intake.clearing import apply_list
from qidang.kit.refusal import Refused


def run(arguments: Namespace) -> int:
    """End removals that a kill broke off, and apply the list of removals where the home was restored from a backup.

    A list or a disk that fails is told and does not keep the pages from starting: the worker tries again.
    """
    try:
        apply_list()
    except Refused as refusal:
        sys.stderr.write(f"{refusal}\n{refusal.next_step}\n")
    return 0
