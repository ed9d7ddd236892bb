"""A version as a document for people: how it came to be, then the whole rule set. One text, as a page and as a PDF."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from screening import letters
from screening.admin.version_words import opening
from screening.interpreters.prose import prose
from screening.models import RuleSetVersion
from screening.rules.ruleset import RuleSet

# The only HTML that a document of ours has in it: the places that links lead to.
_ANCHOR = re.compile(r'<a id="([\w-]+)">')


@lru_cache(maxsize=8)
def _rules_as_text(ruleset: RuleSet) -> str:
    """Without its title: the version's comes before it."""
    return prose(ruleset).partition("\n")[2]


def as_markdown(version: RuleSetVersion) -> str:
    """The whole document."""
    return f"{opening(version)}\n{_rules_as_text(version.ruleset)}"


# As a page ------------------------------------------------------------------------------------------------------------


def as_page(version: RuleSetVersion) -> SafeString:
    """Without the title, which the page has already."""
    return _page(as_markdown(version).partition("\n")[2])


@lru_cache(maxsize=8)
def _page(text: str) -> SafeString:
    # What is marked safe: markdown-it escapes all text and refuses links with odd schemes; HTML in it is escaped below.
    return mark_safe(_reader().render(text).replace("<th></th>", "<td></td>"))  # noqa: S308


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    reader.add_render_rule("html_inline", _only_anchors)
    reader.add_render_rule("html_block", _only_anchors)
    reader.add_render_rule("table_open", lambda *_: '<div class="wide" tabindex="0"><table>\n')
    reader.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return reader


def _only_anchors(self: Any, tokens: Any, place: int, *_: Any) -> str:
    words = tokens[place].content
    return words if words == "</a>" or _ANCHOR.fullmatch(words) else escape(words)


# As a PDF -------------------------------------------------------------------------------------------------------------


def as_pdf(version: RuleSetVersion) -> bytes:
    """PDF/UA-1: tagged, so that it can be read aloud."""
    tree = SyntaxTreeNode(_reader().parse(as_markdown(version)))
    blocks = list(_blocks(tree.children))
    places = {name for block in _all(blocks) if block["t"] == "place" for name in block["names"]}
    data = {
        "title": f"{version.ruleset.title}, version {version.number}",
        "language": version.ruleset.language.partition("-")[0],
        "sha256": version.sha256,
        "blocks": blocks,
        "places": sorted(places),
    }
    return _compiled(json.dumps(data, ensure_ascii=False))


@lru_cache(maxsize=4)
def _compiled(data: str) -> bytes:
    """Kept for a while: it is long, and the same for everybody."""
    return letters.pdf("version.typ", json.loads(data))


def _all(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        yield block
        for item in block.get("items", ()):
            yield from _all(item)
        for cell in (*block.get("head", ()), *(cell for row in block.get("rows", ()) for cell in row)):
            yield from _all(cell)
        yield from _all(block.get("words", []))


def _blocks(nodes: list[SyntaxTreeNode]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if node.type == "heading":
            yield {"t": "heading", "level": int(node.tag[1]), "words": _words(node)}
        elif node.type == "bullet_list":
            yield {"t": "list", "items": [list(_blocks(item.children)) for item in node.children]}
        elif node.type == "fence":
            yield {"t": "code", "text": node.content.rstrip("\n")}
        elif node.type == "table":
            yield _table(node)
        else:
            yield {"t": "paragraph", "words": _words(node)}


def _table(node: SyntaxTreeNode) -> dict[str, Any]:
    head, *body = node.children
    rows = [[_words(cell) for cell in row.children] for part in body for row in part.children]
    return {"t": "table", "head": [_words(cell) for cell in head.children[0].children], "rows": rows}


def _words(node: SyntaxTreeNode) -> list[dict[str, Any]]:
    """The words of a block: plain, strong, emphasised, as code, linked; and the places that links lead to."""
    return [piece for child in node.children for piece in _pieces(child)]


def _pieces(node: SyntaxTreeNode) -> Iterator[dict[str, Any]]:
    if node.type in ("inline", "paragraph"):
        yield from _words(node)
    elif node.type in ("strong", "em", "link"):
        target = {"target": str(node.attrs["href"])} if node.type == "link" else {}
        yield {"t": node.type, "words": _words(node), **target}
    elif node.type in ("softbreak", "hardbreak"):
        yield {"t": "text", "text": " "}
    elif node.type == "code_inline":
        yield {"t": "code_inline", "text": node.content}
    elif found := _ANCHOR.fullmatch(node.content):
        yield {"t": "place", "names": [found.group(1)]}
    elif node.content != "</a>":
        yield {"t": "text", "text": node.content}
