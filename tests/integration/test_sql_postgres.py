"""The statement as PostgreSQL runs it, on a real one: `make test-postgres`."""

import random

import pytest
from django.db import connection
from hypothesis import given

from screening.interpreters.sql import Encoder, Layout, Row, effect, statement
from screening.interpreters.sql.running import create_table
from screening.rules.check import read_ruleset
from screening.rulesets import load, load_vignettes, shipped
from tests.generative.bulk import answers
from tests.generative.many_cases import rulesets_and_cases
from tests.generative.profile import examples
from tests.spec.document import document
from tests.sql_results import expected, found

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL: make test-postgres"),
    pytest.mark.django_db,
]

HARD_TO_RECKON = """
rules:
- {id: QUOTIENT, title: t, when: 1 / (pain - 0.1 - 0.2) > 100}
- {id: HALF_WAY, title: t, when: free / 2 = balance / 4}
- {id: THIRDS, title: t, when: free / 3 = 0.333333}
- {id: LARGE, title: t, when: free * free * free * free * free * free * free * free * free * free > balance}
- {id: SMALL, title: t, when: free / 1000000 / 1000000 * (free / 1000000 / 1000000) = 0}
- {id: COUNTED, title: t,
   when: 'AtLeast(2, { pain > 1, smoker = ''yes'', colour = ''red'' }) or CountTicked(places) = 2'}
- {id: SCORED, title: t, when: 'Coalesce(Score(mood), pain) * 2 >= 3'}
"""


def rows_on_postgres(made, layout, rows):
    with connection.cursor() as cursor:
        cursor.execute('DROP TABLE IF EXISTS "cases"')
        cursor.execute(create_table(layout))
        with cursor.copy('COPY "cases" FROM STDIN (FORMAT csv)') as copy:
            for row in rows:
                copy.write(row.line())
        cursor.execute(made)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def agree(ruleset, cases, alarms_seen=()):
    layout = Layout.of(ruleset)
    encoder = Encoder(layout, ruleset)
    seen = [*alarms_seen] or [()] * len(cases)
    made = statement(ruleset, "postgres", layout=layout)
    stored = [Row(key, encoder.cells(case, seen[key])) for key, case in enumerate(cases)]
    rows = rows_on_postgres(made.sql, layout, stored)
    assert len(rows) == len(cases)
    for row in rows:
        case, alarms = cases[row["case_key"]], seen[row["case_key"]]
        assert found(made, row) == expected(ruleset, case, alarms), (case, alarms)


@examples(220)
@given(rulesets_and_cases())
def test_the_statement_decides_as_evaluate_does(drawn):
    ruleset, some = drawn
    agree(ruleset, [case for case, _ in some], [seen for _, seen in some])


def test_vignettes_and_made_up_cases_of_the_shipped_rule_set():
    ruleset = load(shipped("lumbar-miss"))
    vignettes = load_vignettes(shipped("lumbar-miss.vignettes"))
    made_up = answers(ruleset, random.Random(3), 300)
    agree(ruleset, [*map(vignettes.answers, vignettes.vignettes), *made_up])


def test_numbers_at_the_edge():
    numbers = [0, 0.3, 1, 1.000001, 2.000001, 3, 1e15, -1e15, 0.000001, "dont_know"]
    some = [{"pain": 0.3, "free": free, "balance": balance} for free in numbers for balance in (0, 1, 4, -2.5)]
    others = [{"places": ["arm", "leg"], "mood": "fair"}, {"smoker": "yes", "colour": "red", "pain": 2}]
    agree(read_ruleset(document(HARD_TO_RECKON)), some + others)


def test_the_effect_of_a_change():
    before = load(shipped("lumbar-miss"))
    data = before.document()
    after = read_ruleset({**data, "translations": {}, "rules": [rule for rule in data["rules"] if rule["id"] != "U03"]})
    layout = Layout.of(before)
    encoder = Encoder(layout, before)
    cases = answers(before, random.Random(4), 200)
    rows = [Row(key, encoder.cells(case)) for key, case in enumerate(cases)]
    made = effect(before, after, layout, dialect="postgres")
    places = [before.urgency, after.urgency]
    column, bit = next((one, rules.index("U03")) for one, rules in made.gave.items() if "U03" in rules)
    found_rows = rows_on_postgres(made.sql, layout, rows)
    assert len(found_rows) == len(cases)
    for row in found_rows:
        outcomes = [expected(version, cases[row["case_key"]])["disposition"] for version in (before, after)]
        assert [row["before"], row["after"]] == [order[one] for order, one in zip(places, outcomes, strict=True)]
        # Only that rule is gone: it gave the disposition wherever there is a less urgent one now.
        assert bool(row[column] >> bit & 1) == (row["before"] < row["after"])
    assert any(row[column] for row in found_rows)
