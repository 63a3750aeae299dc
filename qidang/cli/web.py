"""The web server: one process, eight threads; started by the supervisor, which has prepared the home."""

import os
from argparse import Namespace

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from qidang.cli.frame import home_folder
from qidang.kit import scratch

THREADS = 8


def run(arguments: Namespace) -> int:
    """Serve until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qidang.settings")
    os.umask(0o077)
    scratch.settle(home_folder() / "tmp")
    Granian(
        "qidang.wsgi:application",
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=600,
        websockets=False,
        log_level=LogLevels.error,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
        respawn_interval=1.0,
    ).serve()
    return 0
