"""EML: head and text of the mail as its page, attachments as parts."""

import email
import email.policy
import re
from email.header import decode_header
from email.message import EmailMessage, Message
from typing import Any

from qidang.reading.decoding import decode
from qidang.reading.formats.flow import Block, pages
from qidang.reading.formats.html import blocks as html_blocks
from qidang.reading.formats.zipping import normal
from qidang.reading.limits import Unreadable
from qidang.reading.paper import Paper, Part
from qidang.reading.sniffing import EML, sniff
from qidang.reading.source import Source

HEADS = ("Subject", "From", "To", "Cc", "Date")
MOST_PARTS = 1000
DEEP = 20


def read(source: Source) -> Paper:
    """Read a mail; raises Unreadable when there is neither head nor text."""
    message = email.message_from_bytes(source.content, _class=Message, policy=email.policy.compat32)
    paper = Paper(EML)
    head: list[Block] = [f"{name}: {text}" for name in HEADS if (text := header(message, name))]
    texts: list[Block] = []
    _walk(message, paper, texts, 0)
    if not head and not texts and not paper.parts:
        raise Unreadable("reading.malformed", "no mail")
    paper.pages = pages([*head, *texts])
    return paper


def header(message: Message, name: str) -> str:
    """Return a head line decoded, whatever its encoding says."""
    try:
        raw = message.get(name)
    except (ValueError, LookupError):
        return ""
    if raw is None:
        return ""
    text = ""
    try:
        for piece, charset in decode_header(raw):
            text += decode(piece, charset or "")[0] if isinstance(piece, bytes) else piece
    except (ValueError, LookupError, AttributeError):
        text = str(raw)
    return " ".join(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())


def _walk(message: Message, paper: Paper, texts: list[Block], depth: int) -> None:
    """Take the text of the best alternative; everything with a name or of another type is a part."""
    if depth > DEEP or len(paper.parts) >= MOST_PARTS:
        paper.note("reading.too_deep")
        return
    kind = message.get_content_type()
    if message.is_multipart():
        payload: Any = message.get_payload()
        children: list[Message] = [child for child in payload if isinstance(child, Message)]
        if kind == "message/rfc822":
            for child in children:
                paper.parts.append(Part(f"{header(child, 'Subject') or 'mail'}.eml"[-120:], EML, _whole(child)))
        elif kind == "multipart/alternative":
            _walk(_best(children), paper, texts, depth + 1)
        else:
            for child in children:
                _walk(child, paper, texts, depth + 1)
        return
    _leaf(message, kind, paper, texts)


def _best(children: list[Message]) -> Message:
    """Return the alternative to show: plain text if it says anything, otherwise the last."""
    for child in children:
        if child.get_content_type() == "text/plain" and len(_bytes(child).strip()) > 20:
            return child
    return children[-1] if children else EmailMessage()


def _leaf(message: Message, kind: str, paper: Paper, texts: list[Block]) -> None:
    content = _bytes(message)
    name = _filename(message)
    if not content:
        return
    if not name and kind in ("text/plain", "text/html") and message.get_content_disposition() != "attachment":
        text, _ = decode(content, message.get_content_charset("") or "")
        texts += html_blocks(text) if kind == "text/html" else [text.replace("\r\n", "\n")]
        return
    if kind.startswith("image/") and message.get("Content-ID") and len(content) < 30_000:
        return  # a logo inside the text
    name = normal(name or f"attachment-{len(paper.parts) + 1}")
    paper.parts.append(Part(name, sniff(content[:4096], name)[0], content))


def _whole(message: Message) -> bytes:
    try:
        return message.as_bytes()
    except (ValueError, LookupError, KeyError):
        return message.as_string().encode("utf-8", "replace")


def _bytes(message: Message) -> bytes:
    try:
        content = message.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return content if isinstance(content, bytes) else b""


def _filename(message: Message) -> str:
    try:
        name = message.get_filename()
    except (ValueError, LookupError, TypeError):
        return ""
    if not name:
        return ""
    if "=?" in name:
        name = header_text(name)
    return re.sub(r"[\r\n\t]+", "", name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def header_text(raw: str) -> str:
    """Return an encoded word decoded."""
    pieces = decode_header(raw)
    return "".join(decode(piece, charset or "")[0] if isinstance(piece, bytes) else piece for piece, charset in pieces)
