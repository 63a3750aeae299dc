"""What must stand in the environment before Django reads its settings; loaded by ``-p`` in ``pyproject.toml``."""

import atexit
import os
import pathlib
import shutil
import tempfile

HOME = pathlib.Path(tempfile.mkdtemp(prefix="qidang-tests-"))
OWNER = os.getpid()


@atexit.register
def _sweep() -> None:
    if os.getpid() == OWNER:
        shutil.rmtree(HOME, ignore_errors=True)


for name in [name for name in os.environ if name.startswith("QIDANG_")]:
    del os.environ[name]
os.environ |= {
    "QIDANG_HOME": str(HOME / "home"),
    "QIDANG_KEY_FILE": str(HOME / "qidang.key"),
    "QIDANG_STATIC": str(HOME / "static"),
    "QIDANG_LANGUAGE": "zh",
    "QIDANG_TESTING": "1",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright keeps a loop in the thread that also asks the database
}
(HOME / "home").mkdir(mode=0o700)
