"""图标: the few icons our pages name, gathered into one sprite out of the pinned icon package.

Nothing of the package is committed: the sprite is written beside it, the first time somebody asks.
"""

import pathlib
import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

WEB = pathlib.Path(__file__).resolve().parent
ADDRESS = "qidang/icons.svg"
NAMED = re.compile(r"""\bicon[ =]["']([a-z0-9-]+)["']""")
SHAPES = re.compile(r"<path (?!stroke=\"none\")[^>]*/>")


def names() -> list[str]:
    """Return every icon that a template or a module of the web room names, sorted."""
    sources = [*WEB.rglob("*.html"), *WEB.rglob("*.py")]
    return sorted({name for path in sources for name in NAMED.findall(path.read_text(encoding="utf-8"))})


def sprite(icons: pathlib.Path) -> str:
    """Return one SVG holding a symbol per named icon found in ``icons`` (the package's outline folder)."""
    symbols = []
    for name in names():
        path = icons / f"{name}.svg"
        if path.is_file():
            shapes = "".join(SHAPES.findall(path.read_text(encoding="utf-8")))
            symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


class IconFinder(BaseFinder):
    """Finds ``qidang/icons.svg``, made anew whenever this process first needs it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.packages = pathlib.Path(settings.ROOT) / "node_modules"
        self.made: pathlib.Path | None = None

    def _make(self) -> pathlib.Path | None:
        icons = self.packages / "@tabler" / "icons" / "icons" / "outline"
        if self.made is None and icons.is_dir():
            made = self.packages / ".qidang" / ADDRESS
            made.parent.mkdir(parents=True, exist_ok=True)
            text = sprite(icons)
            if not made.is_file() or made.read_text(encoding="utf-8") != text:
                made.write_text(text, encoding="utf-8")
            self.made = made
        return self.made

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the sprite's place on disk when it is asked for, otherwise nothing."""
        made = self._make() if path == ADDRESS else None
        if made is None:
            return []
        return [str(made)] if find_all else str(made)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        """Yield the sprite, for the collection of static files."""
        if self._make() is not None:
            yield ADDRESS, FileSystemStorage(location=self.packages / ".qidang")
