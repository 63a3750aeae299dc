"""XML from files that nobody vouches for: no entities, no network, no endless trees."""

from typing import Any

from lxml import etree

from qidang.reading.limits import Unreadable

Element = Any
"""An lxml element; lxml brings no types."""


def parse(content: bytes, *, what: str = "xml") -> Element:
    """Return the root element; raises Unreadable ``reading.malformed``."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("reading.malformed", f"{what}: {error}") from error
    if root is None:
        raise Unreadable("reading.malformed", f"{what}: empty")
    return root


def local(element: Element) -> str:
    """Return the name of an element without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
