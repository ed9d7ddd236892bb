"""The words of a PDF, as something that reads it aloud finds them: by the fonts' own tables of characters."""

from __future__ import annotations

import io
import re

import pikepdf

_PAIR = re.compile(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_RANGE = re.compile(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")


def words_of_pdf(made: bytes) -> str:
    """All words on all pages, without the spaces between them: those are places on the paper, not characters."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return "".join(letter for page in pdf.pages for letter in _letters(page) if not letter.isspace())


def squeezed(text: str) -> str:
    """A text to look for in them."""
    return "".join(text.split())


def _letters(page: pikepdf.Page) -> list[str]:
    """Without what is marked as not to be read: the foot of each page."""
    tables = {name: _table(font) for name, font in page.Resources.get("/Font", {}).items()}
    found, table, marks = [], {}, []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in ("BMC", "BDC"):
            marks.append(str(operands[0]))
        elif str(operator) == "EMC":
            marks.pop()
        elif str(operator) == "Tf":
            table = tables[str(operands[0])]
        elif str(operator) in ("Tj", "TJ") and "/Artifact" not in marks:
            shown = operands[0] if str(operator) == "TJ" else [operands[0]]
            pieces = [bytes(each) for each in shown if isinstance(each, pikepdf.String)]
            found += [table.get(piece[at : at + 2], "") for piece in pieces for at in range(0, len(piece), 2)]
    return found


def _table(font: pikepdf.Object) -> dict[bytes, str]:
    """Codes of two bytes to characters."""
    source = bytes(font.ToUnicode.read_bytes()).decode()
    table: dict[bytes, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", source, re.DOTALL):
        table |= {bytes.fromhex(code): bytes.fromhex(text).decode("utf-16-be") for code, text in _PAIR.findall(block)}
    for block in re.findall(r"beginbfrange(.*?)endbfrange", source, re.DOTALL):
        for first, last, text in _RANGE.findall(block):
            for place in range(int(last, 16) - int(first, 16) + 1):
                table[(int(first, 16) + place).to_bytes(2, "big")] = chr(int(text, 16) + place)
    return table
