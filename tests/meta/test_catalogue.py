"""The Spanish of the interface: all there, and nothing lost."""

from pathlib import Path

import polib
import pytest

from tests.reading.faithful import lost

PATH = Path(__file__).parents[2] / "locale/es/LC_MESSAGES/django.po"
SAME = {"No", "stones"}
"""words that are the same in both languages"""


@pytest.fixture(scope="module")
def entries():
    return [entry for entry in polib.pofile(str(PATH)) if not entry.obsolete]


def test_every_text_is_translated(entries):
    assert [entry.msgid for entry in entries if not entry.translated()] == []


def test_nothing_was_left_in_english(entries):
    same = [entry.msgid for entry in entries if entry.msgstr == entry.msgid and any(map(str.isalpha, words(entry)))]
    assert set(same) <= SAME


def words(entry):
    """What is said besides what is filled in."""
    return "".join(part for part in entry.msgid.split() if "%(" not in part)


def test_nothing_is_lost(entries):
    pairs = [(entry.msgid, entry.msgstr) for entry in entries if entry.msgstr]
    pairs += [(entry.msgid_plural, entry.msgstr_plural[1]) for entry in entries if entry.msgid_plural]
    found = {english: lost(english, spanish) for english, spanish in pairs}
    assert {english: missing for english, missing in found.items() if missing} == {}
