"""`make messages`: what is marked is found, translations are kept, and what would fill in something else is refused."""

import polib
import pytest

from tests import messages
from tests.messages import Text


def merged(found, *entries):
    old = polib.POFile()
    old.extend(entries)
    return messages.merged({text: {"a.py"} for text in found}, old, "es")


def text(one, many="", context=None):
    return Text(context, one, many)


@pytest.fixture
def source(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_text(content, "utf-8")
        return list(messages.texts_in(path))

    return write


def test_python_and_templates_are_read(source):
    python = (
        'a = _("One")\nb = ngettext("%(n)s day", "%(n)s days", n)\nc = pgettext_lazy("unit", "stone")\nd = "Not this"\n'
    )
    assert source("a.py", python) == [
        text("One"),
        text("%(n)s day", "%(n)s days"),
        text("stone", context="unit"),
    ]
    template = (
        '<p>Don\'t {% translate "Go on" %}</p>\n  {% blocktranslate trimmed count n=n %}\n    {{ n }} more\n'
        "  {% plural %}\n    {{ n }} others\n  {% endblocktranslate %}\n{% translate 'Back' context 'side' %}"
    )
    assert source("a.html", template) == [
        text("Go on"),
        text("%(n)s more", "%(n)s others"),
        text("Back", context="side"),
    ]


def test_staff_screens_are_not_read():
    names = {str(path.relative_to(messages.ROOT)) for path in messages.sources()}
    assert "templates/intake/start.html" in names
    assert "screening/actions/identity.py" in names
    assert not [name for name in names if "/review/" in name or "/admin/" in name]


def test_translations_are_kept_and_what_is_gone_is_put_aside():
    kept, gone = polib.POEntry(msgid="Go on", msgstr="Seguir"), polib.POEntry(msgid="Nothing like it", msgstr="Nada")
    new = merged([text("Go on"), text("Start")], kept, gone)
    assert {entry.msgid: entry.msgstr for entry in new if not entry.obsolete} == {"Go on": "Seguir", "Start": ""}
    assert [entry.msgid for entry in new.obsolete_entries()] == ["Nothing like it"]
    # and comes back with its text
    back = messages.merged({text("Nothing like it"): {"a.py"}}, new, "es")
    assert back.find("Nothing like it").msgstr == "Nada"


def test_a_text_that_changed_a_little_keeps_its_translation_as_a_hint_that_nobody_reads():
    old = polib.POEntry(msgid="Enter your full name.", msgstr="Escriba su nombre completo.")
    new = merged([text("Enter your whole name.")], old)
    entry = new.find("Enter your whole name.")
    assert entry.fuzzy
    assert (entry.msgstr, entry.previous_msgid) == ("Escriba su nombre completo.", "Enter your full name.")
    assert b"Escriba" not in new.to_binary()
    again = messages.merged({text("Enter your whole name."): {"a.py"}}, new, "es")
    assert str(again) == str(new)


def test_what_is_filled_in_must_be_the_same():
    wrong = merged([text("%(n)s days left")], polib.POEntry(msgid="%(n)s days left", msgstr="quedan %(m)s días"))
    right = merged([text("%(n)s days left")], polib.POEntry(msgid="%(n)s days left", msgstr="quedan %(n)s días"))
    path = messages.LOCALE / "es/LC_MESSAGES/django.po"
    assert len(messages.problems(wrong, path)) == 1
    assert messages.problems(right, path) == []


def test_checking_writes_nothing_and_fails_where_something_differs(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    assert messages.main(["--check"]) == 1
    assert list(folder.iterdir()) == []
    assert messages.main([]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["django.mo", "django.po"]
    assert messages.main(["--check"]) == 0
    assert "Not current" in capsys.readouterr().out
