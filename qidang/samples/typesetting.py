"""排版: sample texts as PDF files, with an embedded Chinese font; nothing of it is needed to run the archive."""

from __future__ import annotations

import io
import json
import pathlib

import pypdfium2
import typst

FONTS = pathlib.Path(__file__).resolve().parent.parent.parent / "node_modules/@expo-google-fonts/noto-sans-sc"
SHEET = """
#let paper = json(bytes(sys.inputs.paper))
#set document(title: paper.title)
#set page(paper: "a4", margin: (x: 25mm, y: 22mm), numbering: "1 / 1", header: text(size: 8pt, paper.header))
#set text(font: "Noto Sans SC", size: 10.5pt, lang: "zh")
#set par(leading: 0.85em, spacing: 0.95em)
#for block in paper.blocks {
  if block.kind == "title" { align(center, text(size: 16pt, weight: "bold", block.text)) }
  else if block.kind == "table" {
    table(columns: block.columns, stroke: 0.5pt, inset: 5pt, ..block.cells.map(c => text(size: 9pt, c)))
  }
  else { par(block.text) }
}
"""


def typeset(text: str, header: str = "") -> bytes:
    """Return ``text`` as a PDF file: the first line is the title, rows of cells divided by ``|`` make a table."""
    paper = {"title": text.split("\n", 1)[0].strip(), "header": header, "blocks": _blocks(text)}
    return bytes(
        typst.compile(  # type: ignore[misc]  # one type variable binds the sheet and the font folders
            SHEET.encode(),
            font_paths=[str(FONTS / "400Regular"), str(FONTS / "700Bold")],
            ignore_system_fonts=True,
            sys_inputs={"paper": json.dumps(paper, ensure_ascii=False)},
        )
    )


def as_scan(pdf: bytes, dpi: int = 150) -> bytes:
    """Return the PDF as a scanner would: every page a picture, no text."""
    pages = [page.render(scale=dpi / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf)]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=dpi)
    return out.getvalue()


def _blocks(text: str) -> list[dict[str, object]]:
    title, _, rest = text.strip().partition("\n")
    blocks: list[dict[str, object]] = [{"kind": "title", "text": title.strip()}]
    rows: list[list[str]] = []
    for line in [*rest.split("\n"), ""]:
        if line.count("|") >= 2:
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        if rows:
            blocks.append({"kind": "table", "columns": len(rows[0]), "cells": [cell for row in rows for cell in row]})
            rows = []
        if line.strip():
            blocks.append({"kind": "text", "text": line.strip()})
    return blocks
