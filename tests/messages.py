"""The words of the interface, from the sources into locale/*/LC_MESSAGES: `python -m tests.messages [--check]`.

Only what patients see is marked in the sources. Done with Babel, Django's own reader of templates and polib, so that no
gettext has to be installed. Translations are kept; where a text changed a little, its old translation stays as a hint,
marked fuzzy, and is not used. With --check nothing is written: it fails where something is not current.
"""

import re
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import polib
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "locale"
STAFF = {"review", "admin", "account", "allauth", "management", "migrations"}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
WIDTH = 110
_FILLED_IN = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


class Text(NamedTuple):
    """What one entry is known by."""

    context: str | None
    one: str
    many: str


def main(arguments: list[str]) -> int:
    """0 where all is current, or was made so."""
    found, wrong = texts(), []
    for folder in sorted(LOCALE.glob("*/LC_MESSAGES")):
        path = folder / "django.po"
        catalogue = merged(found, polib.pofile(str(path)) if path.exists() else polib.POFile(), folder.parent.name)
        wrong += problems(catalogue, path)
        wrong += written({path: str(catalogue).encode(), path.with_suffix(".mo"): catalogue.to_binary()}, arguments)
        left = len(catalogue) - len(catalogue.obsolete_entries()) - len(catalogue.translated_entries())
        say(f"{folder.parent.name}: {len(found)} texts, {left} of them not translated.")
    for line in wrong:
        say(line)
    return int(bool(wrong))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def written(files: dict[Path, bytes], arguments: list[str]) -> list[str]:
    """Writes what differs; with --check it only tells."""
    differing = {path: data for path, data in files.items() if not path.exists() or path.read_bytes() != data}
    if "--check" in arguments:
        return [f"Not current: {path.relative_to(ROOT)}. Run `make messages`." for path in differing]
    for path, data in differing.items():
        path.write_bytes(data)
    return []


# Reading the sources ------------------------------------------------------------------------------------------------


def texts() -> dict[Text, set[str]]:
    """Every text marked for translation, with the files that have it."""
    found: dict[Text, set[str]] = {}
    for path in sources():
        for text in texts_in(path):
            found.setdefault(text, set()).add(str(path.relative_to(ROOT)))
    return found


def sources() -> Iterator[Path]:
    """Python and templates of the pages, e-mails and letters that patients get."""
    paths = [*(ROOT / "screening").rglob("*.py"), *(ROOT / "templates").rglob("*.*")]
    return (path for path in sorted(paths) if not STAFF.intersection(path.relative_to(ROOT).parts))


def texts_in(path: Path) -> Iterator[Text]:
    source = path.read_text("utf-8")
    if path.suffix != ".py":
        # What is left is Python but for its indents, which are the template's.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    for _, message, _, context in extract("python", BytesIO(source.encode()), KEYWORDS, options={"encoding": "utf-8"}):
        one, many = message if isinstance(message, tuple) else (message, "")
        if one:
            yield Text(context, one, many)


# Catalogues ---------------------------------------------------------------------------------------------------------


def merged(found: dict[Text, set[str]], old: polib.POFile, language: str) -> polib.POFile:
    """The catalogue of what is there now: known translations kept, old ones of similar texts as hints."""
    new = polib.POFile(wrapwidth=WIDTH)
    new.metadata = {"Plural-Forms": "nplurals=2; plural=(n != 1);"} | old.metadata
    new.metadata |= {
        "Project-Id-Version": "surgical-candidacy-screening",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    known = {Text(entry.msgctxt, entry.msgid, entry.msgid_plural): entry for entry in old}
    gone = {text: entry for text, entry in known.items() if text not in found and is_written(entry)}
    for text, files in sorted(found.items(), key=lambda item: (min(item[1]), item[0].one, item[0])):
        new.append(entry_of(text, files, known, gone))
    for text, entry in sorted(gone.items(), key=lambda item: item[0].one):
        new.append(
            polib.POEntry(msgid=text.one, msgctxt=text.context, msgid_plural=text.many, obsolete=True, **said(entry))
        )
    return new


def entry_of(
    text: Text, files: set[str], known: dict[Text, polib.POEntry], gone: dict[Text, polib.POEntry]
) -> polib.POEntry:
    entry = polib.POEntry(
        msgctxt=text.context,
        msgid=text.one,
        msgid_plural=text.many,
        occurrences=[(name, "") for name in sorted(files)],
        flags=["python-format"] if "%(" in text.one else [],
    )
    if text.many:
        entry.msgstr_plural = {0: "", 1: ""}
    before = known.get(text)
    if before is not None and is_written(before):
        take(entry, before)
        if before.fuzzy and not before.obsolete:
            mark(entry, before.previous_msgid or "")
    elif similar := [other for other in gone if bool(other.many) == bool(text.many)]:
        close = get_close_matches(text.one, [other.one for other in similar], n=1, cutoff=0.75)
        for other in [other for other in similar if other.one in close][:1]:
            take(entry, gone.pop(other))
            mark(entry, other.one)
    return entry


def is_written(entry: polib.POEntry) -> bool:
    return bool(entry.msgstr or any(entry.msgstr_plural.values()))


def said(entry: polib.POEntry) -> dict[str, object]:
    return {"msgstr": entry.msgstr, "msgstr_plural": dict(entry.msgstr_plural), "tcomment": entry.tcomment}


def take(entry: polib.POEntry, other: polib.POEntry) -> None:
    entry.msgstr, entry.msgstr_plural, entry.tcomment = other.msgstr, dict(other.msgstr_plural), other.tcomment


def mark(entry: polib.POEntry, previous: str) -> None:
    entry.flags = [*entry.flags, "fuzzy"]
    entry.previous_msgid = previous or None


def problems(catalogue: polib.POFile, path: Path) -> list[str]:
    """Translations that would fill in something else than their text does."""
    wrong = []
    for entry in catalogue.translated_entries():
        wanted = filled_in(entry.msgid, entry.msgid_plural)
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text and not (filled_in(text) <= wanted and (entry.msgid_plural or filled_in(text) == wanted)):
                wrong.append(f"{path.relative_to(ROOT)}: “{entry.msgid}” fills in something else than “{text}”.")
    return wrong


def filled_in(*texts: str) -> set[str]:
    return {place for text in texts for place in _FILLED_IN.findall(text)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
