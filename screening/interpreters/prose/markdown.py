"""Markdown that stays what it says: whatever a rule set's words hold, they come out as those words."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#$&{}])")
_LIST_MARK = re.compile(r"^(\d+)([.)])")
_BAR = re.compile(r"(?<!\\)\|")
_CODE_WIDTH = 100


def text(words: str) -> str:
    """Words on one line, with everything escaped that Markdown would read as its own."""
    line = _SPECIAL.sub(r"\\\1", " ".join(words.split()))
    if line[:1] in ("-", "+", "="):
        return f"\\{line}"
    return _LIST_MARK.sub(r"\1\\\2", line)


def code(words: str) -> str:
    """Words in a code span."""
    fence = "`" * (max(map(len, re.findall("`+", words)), default=0) + 1)
    pad = " " if words[:1] == "`" or words[-1:] == "`" else ""
    return f"{fence}{pad}{words}{pad}{fence}"


def code_block(words: str, indent: str = "") -> Iterator[str]:
    """Words as they are, on lines that fit a page."""
    yield f"{indent}```text"
    for line in textwrap.wrap(words, _CODE_WIDTH, break_long_words=False, break_on_hyphens=False):
        yield indent + line
    yield f"{indent}```"


def anchor(name: str) -> str:
    """The place a link leads to."""
    return f'<a id="{name}"></a>'


def link(words: str, target: str) -> str:
    """A link to a place in this document (#name) or elsewhere; `words` are already Markdown."""
    return f"[{words}](<{target}>)" if re.search(r"[\s()<>]", target) else f"[{words}]({target})"


def heading(level: int, words: str, name: str) -> Iterator[str]:
    """A heading that can be linked to; `words` are already Markdown."""
    yield from ("", anchor(name), "", f"{'#' * level} {words}", "")


def chapter(words: str, name: str) -> Iterator[str]:
    """The heading of a chapter, with the way back to the contents."""
    yield from heading(2, words, name)
    yield link("↑ Contents", "#contents")
    yield ""


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table; cells are already Markdown, in which a bar would end the cell."""
    yield f"| {' | '.join(titles)} |"
    yield f"|{'---|' * len(titles)}"
    for row in rows:
        cells = (_BAR.sub(r"\|", cell) for cell in row)
        yield f"| {' | '.join(cells)} |"
    yield ""
