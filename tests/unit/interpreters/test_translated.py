"""Translations are words: nothing is proved anew because of them, and the SQL is the same."""

from screening.interpreters.prove import prove
from screening.interpreters.sql import statement
from screening.rules.translations import translated
from tests.translating import APPROVED, in_spanish
from tests.unit.interpreters.small import alarm, ruleset

SMALL = ruleset(rules=[alarm("smoker = 'yes'", patient="Look at once."), alarm("pain > 5 and colour = 'red'", "R2")])
SPANISH = in_spanish(SMALL, **APPROVED)


def test_nothing_is_proved_anew():
    kept = {}
    before = prove(SMALL, cache=kept)
    known = dict(kept)
    after = prove(SPANISH, cache=kept)
    assert kept == known
    assert [one.to_text() for one in after.results] == [one.to_text() for one in before.results]


def test_the_statement_is_the_same():
    assert statement(SMALL).sql == statement(SPANISH).sql == statement(translated(SPANISH, "es")).sql
