"""Letters that could not be read: kept in the text as a mark, and out of what is taken for a value."""

import re
from dataclasses import replace

from qidang.reading.paper import Page, Paper, Table

LOST = "〓"
"""Stands for a letter that cannot be read, under a stamp for instance."""

_TORN = re.compile(r"[\w（）()〓]*〓[\w（）()〓]*")


def without_torn_words(paper: Paper) -> Paper:
    """Return the paper with every word that lost a letter blotted out whole, so that half a name is no name.

    All places in the text stay what they were. The paper itself is returned when nothing was lost.
    """
    if not any(LOST in page.text for page in paper.pages):
        return paper
    return replace(paper, pages=[_blotted(page) for page in paper.pages])


def _blotted(page: Page) -> Page:
    if LOST not in page.text:
        return page
    lines = [replace(line, text=_blot(line.text)) for line in page.lines]
    return replace(page, lines=lines, tables=[_table(table) for table in page.tables])


def _table(table: Table) -> Table:
    return replace(table, rows=[[replace(cell, text=_blot(cell.text)) for cell in row] for row in table.rows])


def _blot(text: str) -> str:
    return _TORN.sub(lambda torn: LOST * len(torn.group()), text)
