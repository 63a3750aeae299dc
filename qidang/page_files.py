"""Files of the pages: the few that we take out of ``node_modules``, and the names they get when collected."""

import builtins
import pathlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# name under /static/ : path under node_modules. Nothing else of npm's can be reached from a browser.
NPM_FILES = {
    "npm/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "npm/tabler-vendors.min.css": "@tabler/core/dist/css/tabler-vendors.min.css",
    "npm/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "npm/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "npm/tom-select.min.js": "tom-select/dist/js/tom-select.complete.min.js",
    "npm/tom-select.min.css": "tom-select/dist/css/tom-select.bootstrap5.min.css",
    "npm/echarts.min.js": "echarts/dist/echarts.min.js",
    "npm/sortable.min.js": "sortablejs/Sortable.min.js",
    "npm/signature_pad.min.js": "signature_pad/dist/signature_pad.umd.min.js",
    "npm/tus.min.js": "tus-js-client/dist/tus.min.js",
}


class NpmFinder(BaseFinder):
    """Finds exactly the files of ``NPM_FILES``; 15,000 others lie beside them."""

    storage = FileSystemStorage(location=settings.ROOT / "node_modules")

    def check(self, **kwargs: Any) -> builtins.list[CheckMessage]:
        """Return no complaint: a page without its style still works."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the place of a file on the disk, or an empty list (as Django's own finders do)."""
        place = pathlib.Path(self.storage.path(NPM_FILES[path])) if path in NPM_FILES else None
        found = [str(place)] if place and place.is_file() else []
        if find_all:
            return found
        return found[0] if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield every file that is there, each with a storage that opens it by its public name."""
        for name in NPM_FILES:
            if self.find(name):
                yield name, _renamed


class _Renamed(FileSystemStorage):
    """Opens a file of npm's by the name it has under ``/static/``."""

    def path(self, name: str) -> str:
        return super().path(NPM_FILES.get(name, name))


_renamed = _Renamed(location=settings.ROOT / "node_modules")


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Collected files carry their digest in the name, so that a browser keeps them for ever."""

    manifest_strict = False
    # only url(…) and @import of our style sheets are rewritten: source maps are not served
    patterns = (("*.css", (r"""(?P<matched>url\((?P<quote>['"]{0,1})\s*(?P<url>.*?)(?P=quote)\))""",)),)
