"""The bundled Chinese font, for watermarks and plain page images."""

import functools
import os

from PIL import ImageFont


@functools.lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the bundled Chinese font; Pillow's own where it is missing."""
    try:
        return ImageFont.truetype(os.environ.get("QIDANG_FONT", ""), size)
    except OSError:
        return ImageFont.load_default(size)
