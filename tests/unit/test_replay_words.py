"""A replay's result in words and tables."""

from __future__ import annotations

from typing import Any

from screening.replay.counting import Agreement, Move, Result
from screening.replay.words import Words


def move(before: str, after: str, cases: int, way: str = "") -> Move:
    places = {"now": 0, "soon": 1, "later": 2}
    labels = before.title(), after.title()
    return Move(before, after, *labels, places[before], places[after], way, cases)


def words(**result: Any) -> Words:
    return Words(Result("0" * 64, **result).to_data())


def test_the_summary():
    assert words().summary == "There are no past cases to replay."
    assert words(cases=1, judged=1).summary == "0 of 1 case would come out otherwise."
    said = words(cases=2000, judged=1500, changed=1200, more_urgent=1100, less_urgent=99, aside=1)
    assert said.summary == (
        "1,200 of 1,500 cases would come out otherwise: 1,100 more urgent, 99 less urgent, "
        "1 from a disposition that is no more."
    )
    assert said.not_judged.startswith("500 cases are not judged")
    assert words(cases=2, judged=1).not_judged.startswith("1 case is not judged")


def test_deadlines():
    assert words().deadlines == "No deadline changes."
    assert words(shorter=3, longer=1).deadlines.endswith("earlier for 3, later for 1.")
    assert words(shorter=3, shorter_alone=2).deadlines.endswith("2 of them keep their disposition.")


def test_agreement():
    assert words().agreement == ""
    said = words(agreement=Agreement(decided=9, rated_before=8, agreed_before=2, rated_after=0, agreed_after=0))
    assert said.agreement == (
        "The surgeon's final decision went the rules' way in 2 of 8 cases (25 %); it would have in 0 of 0 cases."
    )


def test_changes_stand_with_the_more_urgent_first():
    said = words(moves=[move("now", "later", 9, "less"), move("later", "later", 50), move("later", "soon", 1, "more")])
    assert [change["way"] for change in said.changes] == ["more", "less"]


def test_the_table_has_every_move_and_its_sums():
    said = words(moves=[move("later", "soon", 1, "more"), move("later", "later", 50), move("now", "later", 9, "less")])
    table = said.table
    assert table["head"] == ["Soon", "Later"]
    assert [(row["label"], row["cells"], row["total"]) for row in table["rows"]] == [
        ("Now", [(0, False), (9, False)], 9),
        ("Later", [(1, False), (50, True)], 51),
    ]


def test_the_chart_shows_cases_before_and_after():
    chart = words(moves=[move("later", "soon", 10, "more"), move("later", "later", 30)]).chart()
    bars = {bar["label"]: (bar["before"], bar["after"]) for bar in chart["bars"]}
    assert bars == {"Soon": (0, 10), "Later": (40, 30)}
    assert list(bars) == ["Soon", "Later"]
    assert max(bar["before_length"] for bar in chart["bars"]) == 100
