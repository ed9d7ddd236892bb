"""PDF by typst: tagged (PDF/UA-1), fonts inside, nothing fetched. The compiler is loaded when a letter is asked for.

A template gets its data as one JSON text and never as source: whatever stands in it is words, not commands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import combining

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "templates" / "letters"
STANDARDS = ["ua-1"]
MOST_TRIES = 6
# Each on a line of its own, so that none of them changes how its neighbour is drawn.
_PROBE = b'#set document(title: "x")\n#for each in sys.inputs.data.codepoints() { par(each) }'
_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)", re.DOTALL)
# Latin, Greek, Cyrillic, Hebrew, Arabic, signs: what the fonts inside typst may have. Of the rest they have nothing.
_SCRIPTS = tuple(
    range(first, last + 1)
    for first, last in (
        (0x20, 0x7E), (0xA0, 0x36F), (0x370, 0x4FF), (0x590, 0x5F4), (0x600, 0x6FF), (0x1E00, 0x1FFF), (0x2010, 0x2BFF),
    )
)  # fmt: skip
_ASCII = frozenset(range(0x20, 0x7F))
_PLAIN = (range(0x20, 0x7F), range(0xA0, 0x180), range(0x2010, 0x2028))
# Line ends, and what changes the direction of reading: letters are set by their own language.
_SILENT = {0x00AD: "", 0xFEFF: "", **dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F)], "")}
_SILENT |= {**dict.fromkeys(range(0x2066, 0x206A), ""), 0x2028: "\n", 0x2029: "\n", ord("\r"): "", ord("\t"): " "}


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """A letter as a PDF. `data` has a `title` and a `language`; `template` is a file in templates/letters."""
    used = {ord(character) for text in _texts(data) for character in text.translate(_SILENT)} - {ord("\n")}
    odd = _outside(used, _SCRIPTS)
    odd |= not_shown(frozenset(used - odd))
    for _ in range(MOST_TRIES):
        made = _compiled(FOLDER / template, _without(data, odd))
        if isinstance(made, bytes):
            return made
        # With a mark upon it a letter can be one that no font has; where that is not it, only Latin is left.
        marks = {each for each in used if combining(chr(each))}
        odd |= made - odd or marks - odd or _outside(used, _PLAIN)
    raise ValueError(f"typst cannot set {template}")


def _compiled(template: Path, data: dict[str, Any]) -> bytes | frozenset[int]:
    """The characters that could not be shown; none of them where the compiler itself broke over some text."""
    import typst  # only when somebody asks for a letter

    sent = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        with _breaking():
            made: bytes = typst.compile(
                str(template),
                root=str(template.parent),
                format="pdf",
                pdf_standards=STANDARDS,
                sys_inputs=sent,
                ignore_system_fonts=True,
            )
            return made
    except typst.TypstError as error:
        if _NOT_SHOWN.search(str(error.diagnostic)):
            return _characters_in(error)
        raise
    return frozenset()


@contextmanager
def _breaking() -> Iterator[None]:
    """Lets a panic of the compiler pass, which is no Exception in Python; everything else is raised."""
    try:
        yield
    except BaseException as broken:
        if type(broken).__name__ != "PanicException":
            raise


# Characters -----------------------------------------------------------------------------------------------------------


def _outside(used: set[int], scripts: Sequence[range]) -> set[int]:
    return {each for each in used if not any(each in script for script in scripts)}


@lru_cache(maxsize=64)
def not_shown(characters: frozenset[int]) -> frozenset[int]:
    """Those of some characters that no font of ours has."""
    import typst

    data = {"data": "".join(map(chr, sorted(characters)))}
    try:
        typst.compile(_PROBE, format="pdf", pdf_standards=STANDARDS, sys_inputs=data, ignore_system_fonts=True)
    except typst.TypstError as error:
        return _characters_in(error) & characters
    return frozenset()


def _characters_in(error: Any) -> frozenset[int]:
    quoted = "".join(_NOT_SHOWN.findall(str(error.diagnostic)))
    # A plain letter only fails by the marks upon it.
    return frozenset(map(ord, _ESCAPED.sub(_read, quoted))) - _ASCII


def _read(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16)) if escaped[1] else escaped[2]


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list | tuple):
        for each in data.values() if isinstance(data, dict) else data:
            yield from _texts(each)


def _without(data: Any, odd: set[int]) -> Any:
    """The same data with a character's number where the character cannot be shown: the standard refuses gaps."""
    numbers = {each: f"(U+{each:04X})" for each in odd}
    if isinstance(data, str):
        return data.translate(_SILENT).translate(numbers)
    if isinstance(data, dict):
        return {key: _without(each, odd) for key, each in data.items()}
    return [_without(each, odd) for each in data] if isinstance(data, list | tuple) else data
