"""The fewest changes that lead elsewhere: possible in life, valid, as few as said, and confirmed by the reference."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.interpreters.evaluate import decide
from screening.interpreters.prose import prose
from screening.interpreters.whatif import search, towards, what_if
from screening.interpreters.whatif.needs import MOST, fits
from screening.interpreters.whatif.space import Space
from screening.rules.answers import is_valid
from screening.rules.case import read_case
from screening.rules.check import read_ruleset
from screening.rules.problems import DocumentError
from tests.generative.profile import examples
from tests.generative.rulesets import cases, documents
from tests.unit.interpreters.small import definition, document, question


def choices(*values: str, lasting: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    return [
        {"value": value, "label": value.capitalize(), **({"lasting": True} if value in lasting else {})}
        for value in values
    ]


def asked(question_id: str, question_type: str, **more: Any) -> dict[str, Any]:
    return question(question_id, type=question_type, modifiable=True, **more)


WEEKS = {"min": 0, "max": 100, "unit": "weeks"}
QUESTIONS = [
    asked("ill", "number", **WEEKS),
    asked("treated", "number", **WEEKS, show_if="exists (tries intersect { 'pills', 'gym' })"),
    asked("tries", "multiple", choices=choices("pills", "gym", "prayer", "none", lasting=("pills", "gym", "prayer"))),
    asked("scan", "single", choices=choices("recent", "old", "no", lasting=("recent", "old"))),
    asked("told", "yes_no", show_if="scan in { 'recent', 'old' }"),
    asked("now", "multiple", choices=choices("pregnant", "cold", "implant", "none", lasting=("implant",))),
    asked("kilos", "number", min=30, max=200, unit="kg"),
    question("metres", type="number", min=1, max=2.5, decimals=2),
    asked("angle", "number", audience="clinician", min=0, max=90, unit="degrees", integer=True),
    asked("film", "multiple", audience="clinician", choices=choices("slip", "crack", "clear")),
    question("leg", type="yes_no"),
]
STILL = {"ill": 10, "treated": 10, "tries": ["pills"], "scan": "no", "now": ["none"], "leg": "no", "kilos": 80}


def rules(*conditions: str, meanings: Any = (), **dispositions: str) -> Any:
    """now, then ask, then rest (the default): a rule for "now" a condition, and others by their disposition."""
    made = [("now", when) for when in conditions] + list(dispositions.items())
    parts = [
        {"id": f"R{place}", "title": f"R{place}", "when": when, "disposition": disposition}
        for place, (disposition, when) in enumerate(made)
    ]
    return read_ruleset({**document(rules=parts, definitions=[*meanings]), "questions": QUESTIONS})


def ways(*conditions: str, answers: dict[str, Any] | None = None, meanings: Any = (), **dispositions: str) -> list[str]:
    """Each way in one line."""
    found = what_if(rules(*conditions, meanings=meanings, **dispositions), {**STILL, **(answers or {})})
    assert found.whole
    return [f"{' + '.join(change.words for change in way.changes)} → {way.disposition}" for way in found.ways]


# -- what one question may be answered


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("ill >= 12", "“ill?” 12 weeks or more instead of 10 weeks"),
        ("ill > 12", "“ill?” 12.1 weeks or more instead of 10 weeks"),
        ("12 <= ill", "“ill?” 12 weeks or more instead of 10 weeks"),
        ("ill >= 12 and ill < 20", "“ill?” 12 to 19.9 weeks instead of 10 weeks"),
        ("ill in { 12, 13 }", "“ill?” 12 weeks or 13 weeks instead of 10 weeks"),
        ("ill = 12.04", None),
        ("ill >= 12.04", "“ill?” 12.1 weeks or more instead of 10 weeks"),
        ("ill > 100", None),
        ("kilos < 70", "“kilos?” 69.9 kg or less instead of 80 kg"),
        ("kilos != 80", "“kilos?” 79.9 kg or less or 80.1 kg or more instead of 80 kg"),
        ("scan = 'old'", "“scan?” “Old” instead of “No”"),
        ("scan in { 'old', 'recent' }", "“scan?” “Recent” or “Old” instead of “No”"),
        ("now contains 'cold'", "“now?” “Cold” instead of “None”"),
        ("tries contains 'gym'", "“tries?” also “Gym”"),
        ("exists (tries intersect { 'gym', 'prayer' })", "“tries?” also “Gym” or “Prayer”"),
        ("CountTicked(tries) >= 2", "“tries?” also “Gym” or also “Prayer”"),
        ("angle >= 50", "“angle?” 50 degrees or more"),
        ("angle < 50", "“angle?” 49 degrees or less"),
        ("angle is not null", "“angle?” any number"),
        ("film contains 'slip'", "“film?” “Slip”"),
        ("film is not null and not (film contains 'slip')", "“film?” “Crack” or “Clear”"),
    ],
)
def test_one_change(condition, expected):
    assert ways(condition) == ([f"{expected} → now"] if expected else [])


def test_a_duration_never_grows_shorter():
    assert ways("ill < 6") == []


def test_what_was_done_is_not_taken_back():
    assert ways("scan = 'no'", answers={"scan": "old", "told": "no"}) == []
    assert ways("scan = 'recent'", answers={"scan": "old", "told": "no"}) == ["“scan?” “Recent” instead of “Old” → now"]
    assert ways("not (tries contains 'pills')") == []
    assert ways("not (now contains 'implant')", answers={"now": ["implant"]}) == []


def test_what_is_so_now_may_end():
    answers = {"now": ["pregnant", "cold", "implant"]}
    both = "not exists (now intersect { 'pregnant', 'cold' })"
    assert ways(f"({both})".replace("not exists", "not (exists") + ")", answers=answers) == [
        "“now?” no longer “Pregnant” and “Cold” → now"
    ]
    assert ways("not (now contains 'cold')", answers={"now": ["cold"]}) == ["“now?” no longer “Cold” → now"]


def test_what_was_found_stays():
    assert ways("angle >= 50", answers={"angle": 20}) == []
    assert ways("film contains 'slip'", answers={"film": ["clear"]}) == []


@pytest.mark.parametrize("answer", ["dont_know", None, "nonsense"])
def test_what_is_not_known_may_be_anything(answer):
    first, *others = ways("ill < 6", "ill >= 30", answers={"ill": answer})
    assert first == "“ill?” 5.9 weeks or less or 30 weeks or more (not known now) → now"
    # an answer that cannot be used has to be clarified
    assert others == (["“ill?” 6 to 29.9 weeks (not known now) → rest"] if answer == "nonsense" else [])


def test_an_incomplete_answer_may_be_completed():
    found = ways("tries contains 'pills' and not (tries contains 'gym')", answers={"tries": ["pills", "dont_know"]})
    assert found == ["“tries?” “Pills” instead of “Pills; I don't know” → now"]


def test_only_modifiable_questions_change():
    assert ways("leg = 'yes'", "metres > 2") == []


# -- several changes


def test_two_changes_where_one_is_not_enough():
    assert ways("ill >= 12 and treated >= 12") == [
        "“ill?” 12 weeks or more instead of 10 weeks + “treated?” 12 weeks or more instead of 10 weeks → now"
    ]


def test_at_most_three():
    three = "ill >= 12 and scan = 'old' and now contains 'cold'"
    assert [line.count(" + ") for line in ways(three)] == [2]
    assert ways(f"{three} and tries contains 'gym'") == []


def test_the_fewest_and_nothing_with_more():
    assert ways("ill >= 12 or (scan = 'old' and now contains 'cold')") == [
        "“ill?” 12 weeks or more instead of 10 weeks → now"
    ]


def test_a_few_of_many():
    found = ways("AtLeast(2, { ill >= 12, scan = 'old', now contains 'cold' })")
    assert len(found) == 3
    assert all(line.count(" + ") == 1 for line in found)


def test_findings_apart():
    ruleset = rules("angle >= 50 or (scan = 'old' and now contains 'cold')")
    found = what_if(ruleset, STILL)
    assert [len(way.changes) for way in found.by_findings] == [1]
    assert [len(way.changes) for way in found.in_life] == [2]


def test_less_urgent_when_what_is_in_the_way_goes():
    cold = {"now": ["cold"], "tries": ["pills"]}
    assert ways("now contains 'cold'", answers=cold) == ["“now?” no longer “Cold” → rest"]
    both = ways("now contains 'cold'", ask="scan = 'no'", answers=cold)
    assert both == [
        "“now?” no longer “Cold” → ask",
        "“scan?” “Recent” or “Old” instead of “No” + “now?” no longer “Cold” → rest",
    ]


def test_a_negated_definition_and_a_constant():
    waiting = definition("waiting", "waiting", "not (ill >= 12) and true")
    assert ways("not waiting", meanings=[waiting]) == ["“ill?” 12 weeks or more instead of 10 weeks → now"]
    assert ways("ill >= 12 and false") == []


def test_a_test_that_is_false_once_its_question_goes_away():
    """`bad` is asked only early on, so waiting takes it away."""
    bad = question("bad", type="yes_no", show_if="ill < 12 or treated < 12")
    parts = [{"id": "R", "title": "R", "when": "bad = 'yes'", "disposition": "now"}]
    ruleset = read_ruleset({**document(rules=parts), "questions": [*QUESTIONS, bad]})
    (way,) = what_if(ruleset, {**STILL, "bad": "yes"}).ways
    assert (way.answers, way.disposition) == ({"ill": 12, "treated": 12}, "rest")


# -- numbers worked out from several answers

BMI = definition("bmi", "BMI", "kilos / (metres * metres)")


def test_the_limit_of_a_number_worked_out_is_found():
    found = ways("bmi >= 35", meanings=[BMI], answers={"metres": 1.8})
    assert found == ["“kilos?” 113.4 kg or more instead of 80 kg → now"]
    assert ways("bmi < 20", meanings=[BMI], answers={"metres": 1.8}) == [
        "“kilos?” 64.7 kg or less instead of 80 kg → now"
    ]


def test_and_of_one_not_known():
    found = ways("bmi >= 35", meanings=[BMI], answers={"metres": 1.8, "kilos": "dont_know"})
    assert found == ["“kilos?” 113.4 kg or more (not known now) → now"]


def test_the_first_known_of_several():
    first = definition("first", "first", "Coalesce(angle, kilos)")
    assert "“angle?” 50 degrees or more → rest" in ways(
        "first < 50", meanings=[first], answers={"angle": None, "kilos": 40}
    )


# -- time passes for all durations

ODD = "treated > ill"


def test_the_longer_of_two_durations_stays_the_longer():
    assert ways("treated >= 12", ask=ODD) == [
        "“ill?” 12 weeks or more instead of 10 weeks + “treated?” 12 weeks or more instead of 10 weeks → now"
    ]
    assert ways(ask=ODD) == []


def test_room_is_left_for_what_the_other_duration_allows():
    found = ways(ODD, ask="treated >= 12", answers={"ill": 15, "treated": "dont_know"})
    assert found == [
        "“treated?” 15.1 weeks or more (not known now) → now",
        "“treated?” 12 to 15 weeks (not known now) → ask",
    ]


# -- questions that a change opens


def test_what_is_opened_may_be_answered_as_one_of_the_changes():
    assert ways("told = 'yes'") == ["“scan?” “Recent” or “Old” instead of “No” + “told?” “Yes” (not asked now) → now"]


def test_what_is_opened_and_stays_unknown_is_named():
    (way,) = what_if(rules("scan = 'old'"), STILL).ways
    assert [(asked.question, asked.text) for asked in way.then_asked] == [("told", "told?")]


def test_no_way_where_only_what_is_not_yet_asked_decides():
    alarm = {"id": "A", "title": "A", "when": "told = 'yes'", "disposition": "now", "clarify_within_hours": 24}
    ruleset = read_ruleset({**document(rules=[alarm]), "questions": QUESTIONS})
    found = what_if(ruleset, STILL)
    assert {way.disposition for way in found.ways} == {"now"}


def test_an_answer_kept_while_hidden_counts_again():
    assert ways("told = 'yes'", answers={"told": "yes"}) == ["“scan?” “Recent” or “Old” instead of “No” → now"]


# -- the result


def test_the_answers_of_a_way_can_be_tried():
    ruleset = rules("tries contains 'gym' and ill >= 12")
    (way,) = what_if(ruleset, STILL).ways
    assert way.answers == {"ill": 12.0, "tries": ["pills", "gym"]}
    assert decide(ruleset, {**STILL, **way.answers}).disposition == "now"


def test_by_disposition_the_most_urgent_first(lumbar, answers_of):
    found = what_if(lumbar, answers_of("V117"))
    groups = towards(lumbar, found.by_findings)
    places = [lumbar.urgency[group.disposition.id] for group in groups]
    assert places == sorted(set(places))
    assert sum(len(group.ways) for group in groups) == len(found.by_findings)


def test_plain_data(lumbar, answers_of):
    import json

    data = what_if(lumbar, answers_of("V196")).to_data()
    assert json.loads(json.dumps(data))["disposition"] == "conservative_first"


def test_a_limit_reached_is_said(monkeypatch, lumbar, answers_of):
    monkeypatch.setattr(search, "LIMIT", 30)
    found = what_if(lumbar, answers_of("V196"))
    assert not found.whole
    assert found.tried <= 30 + search.FOR_WORDS


# -- the field


def test_a_question_without_the_mark_keeps_its_document(lumbar):
    plain = lumbar.question("age_years").model_dump(exclude_defaults=True)
    assert not plain.keys() & {"modifiable", "lasting"}
    unmarked = document()
    unmarked["questions"][0]["modifiable"] = False
    assert read_ruleset(unmarked).sha256 == read_ruleset(document()).sha256


@pytest.mark.parametrize("more", [{"safety": True}, {"audience": "system", "optional": True}])
def test_what_raises_an_alarm_is_never_modifiable(more):
    parts = document(questions=[question("extra", type="yes_no", modifiable=True, **more)])
    with pytest.raises(DocumentError) as refused:
        read_ruleset(parts)
    assert [problem.place for problem in refused.value.problems] == ["questions/extra"]


# -- the shipped rule set


def test_time_and_treatment(lumbar, answers_of):
    words = [
        (way.disposition, [change.words for change in way.changes])
        for way in what_if(lumbar, answers_of("V196")).in_life
    ]
    ill, treated = lumbar.question("symptom_weeks").text, lumbar.question("conservative_weeks").text
    assert words == [
        (
            "surgeon_miss",
            [f"“{ill}” 6 weeks or more instead of 5 weeks", f"“{treated}” 6 weeks or more instead of 2 weeks"],
        )
    ]


def test_an_emergency_stays_one(lumbar, answers_of):
    assert what_if(lumbar, answers_of("V003")).ways == ()


def test_every_way_is_what_it_says(lumbar, vignettes):
    for vignette in vignettes.vignettes[::6]:
        check_ways(lumbar, vignettes.answers(vignette))


def test_no_shorter_way_in_life_is_missed(lumbar, vignettes):
    """Every set of up to three changes that need no finding, tried; except on to what must be clarified."""
    for vignette in vignettes.vignettes[::5]:
        answers = vignettes.answers(vignette)
        found = {
            (way.disposition, frozenset(change.question for change in way.changes))
            for way in what_if(lumbar, answers).in_life
        }
        clearer = {each for each in every_smallest(lumbar, answers) if len(each[1]) == 1 or each[0] != "more_info"}
        assert clearer <= found, vignette.id


def every_smallest(ruleset: Any, answers: dict[str, Any]) -> set[tuple[str, frozenset[str]]]:
    space = Space(ruleset, answers, limit=10**6)
    moves = [move for move in space.moves() if not any(option.by_finding for option in move)]
    joined = (frozenset().union(*some) for count in range(1, MOST + 1) for some in combinations(moves, count))
    reached: dict[str, set[frozenset[str]]] = {}
    for changes in set(filter(fits, joined)):
        disposition = space.leads_to(changes)
        if disposition:
            reached.setdefault(disposition, set()).add(frozenset(option.question for option in changes))
    return {
        (disposition, names)
        for disposition, sets in reached.items()
        for names in sets
        if len(names) == min(map(len, sets))
    }


# -- any rule set


@st.composite
def changeable_cases(draw: Any) -> tuple[Any, dict[str, Any]]:
    drawn = draw(documents())
    for part in drawn["questions"]:
        if part["audience"] != "system" and draw(st.integers(0, 3)):
            part["modifiable"] = True
        if part["type"] == "number" and draw(st.booleans()):
            part["unit"] = "weeks"
        for choice in part.get("choices", ()):
            if draw(st.integers(0, 3)) == 0:
                choice["lasting"] = True
    return read_ruleset(drawn), draw(cases(drawn))


@examples(150)
@given(changeable_cases())
def test_every_way_is_what_it_says_in_any_rule_set(drawn):
    check_ways(*drawn)


def check_ways(ruleset: Any, answers: dict[str, Any]) -> None:
    found = what_if(ruleset, answers)
    assert found == what_if(ruleset, answers)
    assert found.disposition == decide(ruleset, answers).disposition
    for way in found.ways:
        assert way.disposition != found.disposition
        assert 1 <= len(way.changes) <= MOST
        check_way(ruleset, answers, way)


def check_way(ruleset: Any, answers: dict[str, Any], way: Any) -> None:
    changed = {**answers, **way.answers}
    outcome, case = decide(ruleset, changed), read_case(ruleset, changed)
    assert (outcome.disposition, outcome.contact_within_hours) == (way.disposition, way.contact_within_hours)
    for name, answer in way.answers.items():
        assert ruleset.question(name).modifiable
        assert is_valid(ruleset.question(name), answer)
        assert name in case.shown
    for size in range(1, len(way.changes)):
        for fewer in combinations(way.answers.items(), size):
            assert leads(ruleset, answers, dict(fewer)) != way.disposition


def leads(ruleset: Any, answers: dict[str, Any], changed: dict[str, Any]) -> str | None:
    """Where these changes lead, if all of their questions are asked and they open none that would have to be."""
    before, case = read_case(ruleset, answers), read_case(ruleset, {**answers, **changed})
    opened = [name for name in case.shown if name not in before.shown and case.is_open(name)]
    if opened or not changed.keys() <= set(case.shown):
        return None
    return decide(ruleset, {**answers, **changed}).disposition


# -- in writing


def test_the_written_rule_set_says_what_can_change(lumbar):
    page = prose(lumbar)
    assert page.count("Can change in life or be found out.") == sum(one.modifiable for one in lumbar.questions)
    assert "Yes, longer ago (`old`, lasting)" in page
