"""Every change between two rule sets is found, told in words, and nothing else."""

import json
import random

import pytest

from screening.rules.difference import difference
from screening.rules.parts import Part
from screening.rules.ruleset import RuleSet, TimelineEntry, Translation
from tests.unit.interpreters.small import alarm, definition, question, ruleset


def rules(**parts):
    return RuleSet.model_validate({**BASE, **parts})


BASE = ruleset(
    definitions=[definition("hurts", "a lot of pain", "pain > 3")],
    rules=[
        alarm("hurts", "A", title="Pain", contact_within_hours=24, supports=["p1"], cites=["x"]),
        alarm("smoker = 'yes'", "B", title="Smoke"),
        alarm("colour = 'red'", "C", title="Colour", disposition="ask"),
    ],
    citations={"x": {"text": "A book", "status": "confirmed"}, "y": {"text": "A paper", "status": "design"}},
    source_statements={"S1": "It hurts"},
    education={"facts": [{"id": "F1", "text": "A fact"}], "timeline": [{"when": "before", "text": "Rest"}]},
    questions=[question("numb", type="yes_no", safety=True, show_if="hurts")],
).document()


def changed(kind, part_id, **fields):
    """The base with fields of one part changed; None takes a field away."""
    parts = [dict(part) for part in BASE[kind]]
    part = next(part for part in parts if part["id"] == part_id)
    part.update(fields)
    return rules(**{kind: [{key: value for key, value in item.items() if value is not None} for item in parts]})


@pytest.mark.parametrize(
    ("new", "sentences"),
    [
        (changed("rules", "A", contact_within_hours=12), ["Rule A “Pain”: contact within 24 hours → 12 hours"]),
        (changed("rules", "A", contact_within_hours=None), ["Rule A “Pain”: contact within 24 hours → not set"]),
        (changed("rules", "A", title="Hurt"), ["Rule A “Hurt”: title “Pain” → “Hurt”"]),
        (changed("rules", "A", disposition="ask"), ["Rule A “Pain”: disposition “Now” → “Ask”"]),
        (changed("rules", "A", when="pain >= 4"), ["Rule A “Pain”: condition `hurts` → `pain >= 4`"]),
        (
            changed("rules", "A", when="( hurts )"),
            ["Rule A “Pain”: condition is written differently, with the same meaning"],
        ),
        (
            changed("rules", "A", supports=["p2"]),
            ["Rule A “Pain”: supports now also “Procedure two”; no longer “Procedure one”"],
        ),
        (changed("rules", "A", cites=["x", "y"]), ["Rule A “Pain”: citations now also y"]),
        (
            changed("dispositions", "now", stop_intake=True),
            ["Disposition now “Now”: stops the intake no → yes"],
        ),
        (
            changed("definitions", "hurts", **{"is": "pain > 4"}),
            ["Definition hurts “a lot of pain”: meaning `pain > 3` → `pain > 4`"],
        ),
        (changed("questions", "pain", max=20), ["Question pain “pain?”: largest answer 10 → 20"]),
        (changed("questions", "pain", section="more"), ["Question pain “pain?”: section “All” → “More”"]),
        (rules(title="Other"), ["Rule set: title “Small” → “Other”"]),
        (rules(notice=["Mind"]), ["Rule set: notice now also “Mind”"]),
        (rules(rules=BASE["rules"][1:]), ["Rule A “Pain”: removed"]),
        (rules(rules=[*BASE["rules"], alarm("age > 9", "D")]), ["Rule D “Rule D”: added"]),
        (
            rules(rules=[BASE["rules"][2], *BASE["rules"][:2]]),
            ["Rule C “Colour”: moved from after B “Smoke” to the first place"],
        ),
        (
            rules(dispositions=[BASE["dispositions"][place] for place in (0, 2, 1)]),
            ["Disposition rest “Rest”: moved in the order of urgency from after ask “Ask” to after now “Now”"],
        ),
        (
            rules(citations={**BASE["citations"], "x": {"text": "A book", "status": "to_confirm"}}),
            ["Citation x “A book”: status confirmed → to confirm"],
        ),
        (rules(source_statements={"S1": "It aches"}), ["Source statement S1: text “It hurts” → “It aches”"]),
        (
            rules(education={**BASE["education"], "facts": [{"id": "F1", "text": "Another"}]}),
            ["Education fact F1 “Another”: text “A fact” → “Another”"],
        ),
        (
            rules(education={**BASE["education"], "timeline": [{"when": "before", "text": "Walk"}]}),
            ["Time line entry “before”: text “Rest” → “Walk”"],
        ),
    ],
)
def test_a_change_in_words(new, sentences):
    assert difference(rules(), new).sentences() == sentences


def with_choice(**fields):
    """The base with the first choice of `colour` changed."""
    questions = [dict(question) for question in BASE["questions"]]
    colour = next(question for question in questions if question["id"] == "colour")
    colour["choices"] = [{**colour["choices"][0], **fields}, *colour["choices"][1:]]
    return rules(questions=questions)


def test_a_changed_choice_names_its_question():
    (change,) = difference(rules(), with_choice(label="Crimson")).changes
    assert change.sentence == "Question colour “colour?”, choice red “Crimson”: label “Red” → “Crimson”"
    assert change.path == ("questions", "colour", "choices", "red")


def test_an_added_part_is_told_in_full():
    (change,) = difference(rules(), rules(rules=[*BASE["rules"], alarm("age > 9", "D")])).changes
    assert change.after_words.splitlines() == [
        "id: D",
        "title: “Rule D”",
        "condition: `age > 9`",
        "disposition: “Now”",
        "when not known, clarify within: 24 hours",
    ]
    assert change.after["when"] == "age > 9"
    assert change.before is None


def test_scales_tell_only_what_changed():
    scales = {"smoker": ["no", "yes"], "colour": ["red", "blue"]}
    prop = {"id": "P", "claim": "c", "kind": "monotone", "scales": scales}
    new = {**prop, "scales": {**scales, "colour": ["red", "green"]}}
    (sentence,) = difference(rules(properties=[prop]), rules(properties=[new])).sentences()
    assert sentence == "Property P “c”: scales colour: red < blue → colour: red < green"


def test_the_same_rule_set_has_no_difference(lumbar):
    same = difference(lumbar, RuleSet.model_validate(lumbar.document()))
    assert not same
    assert same.changes == same.added_or_changed_safety_questions == ()
    assert same.sentences() == []


def test_a_difference_is_plain_data(lumbar):
    data = difference(rules(), lumbar).to_data()
    assert json.loads(json.dumps(data)) == data


# -- safety questions, which an intake under way must be asked


@pytest.mark.parametrize(
    ("new", "asked"),
    [
        (changed("questions", "numb", text="Numb there?"), ("numb",)),
        (changed("questions", "numb", help="Look"), ("numb",)),
        (changed("questions", "numb", dont_know=None), ("numb",)),
        (changed("questions", "numb", show_if="pain > 2"), ("numb",)),
        (changed("definitions", "hurts", **{"is": "pain > 2"}), ("numb",)),
        (changed("questions", "pain", safety=True), ("pain",)),
        (changed("questions", "pain", text="Sore?"), ()),
        (changed("questions", "numb", section="more"), ()),
        (changed("definitions", "hurts", title="sore"), ()),
        (rules(questions=BASE["questions"][:-1]), ()),
        (rules(questions=[BASE["questions"][-1], *BASE["questions"][:-1]]), ()),
    ],
)
def test_safety_questions_to_ask(new, asked):
    assert difference(rules(), new).added_or_changed_safety_questions == asked


def test_a_new_safety_question_is_asked():
    without = rules(questions=BASE["questions"][:-1])
    assert difference(without, rules()).added_or_changed_safety_questions == ("numb",)


# -- complete: every field of every part


def parts_of(part, path=()):
    """Every part inside a part, with the way to it."""
    yield path, part
    for field in type(part).model_fields:
        value = getattr(part, field)
        if isinstance(value, Part):
            yield from parts_of(value, (*path, field))
        elif isinstance(value, tuple | dict):
            for key, item in value.items() if isinstance(value, dict) else enumerate(value):
                if isinstance(item, Part):
                    yield from parts_of(item, (*path, (field, key)))


def replaced(part, path, new):
    """The part with what stands at the end of the path replaced."""
    if not path:
        return new
    step, *rest = path
    if isinstance(step, str):
        return part.model_copy(update={step: replaced(getattr(part, step), rest, new)})
    field, key = step
    value = getattr(part, field)
    inside = replaced(value[key], rest, new)
    changed = {**value, key: inside} if isinstance(value, dict) else (*value[:key], inside, *value[key + 1 :])
    return part.model_copy(update={field: changed})


NUMBERS = {"min", "max", "score", "decimals", "contact_within_hours", "clarify_within_hours"}


def other(field, value):
    """Another value for a field, whatever is there; None where that needs another part."""
    if field == "choices" or isinstance(value, Part) or any(isinstance(item, Part) for item in items(value)):
        return None
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float) or (value is None and field in NUMBERS):
        return (value or 0) + 1
    if isinstance(value, tuple):
        return (*value, "more")
    if field == "translations":
        return {**value, "qps": {"ruleset": {"title": Translation(words="more", of="00000000")}}}
    if isinstance(value, dict):
        return {**value, "more": ("a", "b") if field == "scales" else "more"}
    return f"{value or ''} more"


def items(value):
    return value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()


def a_few_of_each_kind(ruleset):
    found = {}
    for path, part in parts_of(ruleset):
        found.setdefault(type(part), []).append((path, part))
    return [one for every in found.values() for one in every[:2] + every[-1:]]


def test_every_change_of_any_field_is_noticed(lumbar):
    tried = set()
    for path, part in a_few_of_each_kind(lumbar):
        for field in type(part).model_fields:
            if (value := other(field, getattr(part, field))) is None:
                continue
            new = replaced(lumbar, path, part.model_copy(update={field: value}))
            changes = difference(lumbar, new).changes
            assert changes, (path, field)
            assert all(change.sentence for change in changes)
            # what a part is known by makes it another part; a text by its id, or a translation, is a part of its own
            if field not in ("id", "value", "source_statements", "translations") and type(part) is not TimelineEntry:
                assert [change.field for change in changes] == [field], path
            tried.add((type(part), field))
    assert len(tried) > 70


def test_it_differs_just_when_the_sha256_does(lumbar):
    generator = random.Random(3)
    document = lumbar.document()
    for _ in range(60):
        kind = generator.choice(["rules", "questions", "definitions", "dispositions", "properties", "sections"])
        parts = list(document[kind])
        action = generator.choice(["swap", "drop", "double", "nothing"])
        one, two = generator.randrange(len(parts)), generator.randrange(len(parts))
        if action == "swap":
            parts[one], parts[two] = parts[two], parts[one]
        elif action == "drop":
            del parts[one]
        elif action == "double":
            parts.insert(two, parts[one])
        new = RuleSet.model_validate({**document, kind: parts})
        assert bool(difference(lumbar, new)) is (new.sha256 != lumbar.sha256), (kind, action)
