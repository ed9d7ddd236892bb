"""What every shipped rule set must hold, beyond passing the checker."""

import json
import random

import pytest
import yaml

from screening.rules.check import check, read_ruleset
from screening.rules.program import program
from screening.rulesets import read_document, to_yaml
from tests.clinical import shipped

# Source statements that nothing in a rule set reflects, and why.
NOT_REFLECTED = {
    "lumbar-miss": {
        "A5": "praise (exceedingly effective) that the trials cited do not bear out; patients are told what they found",
        "A17": "praise (most exceptional) without a fact in it that could be checked",
    },
}

# Citations that no rule or fact names, and why they are kept.
NOT_CITED = {
    "lumbar-miss": {
        "rasouli_2014": "the review behind the wording of the benefits; its number is not quoted",
        "white_panjabi": "an older definition of instability, kept beside the one that is used",
        "nice_ipg570": "a technique for research only, which no rule supports",
    },
}

parametrized = pytest.mark.parametrize("ruleset_id", shipped.IDS)


def _reflected(ruleset):
    parts = [*ruleset.rules, *ruleset.education.facts, *ruleset.education.timeline]
    return {statement for part in parts for statement in part.reflects}


@parametrized
def test_it_passes_the_check(ruleset_id):
    assert check(shipped.ruleset(ruleset_id)) == []


@parametrized
def test_its_id_is_its_file_name(ruleset_id):
    assert shipped.ruleset(ruleset_id).id == ruleset_id


@parametrized
def test_every_source_statement_is_reflected(ruleset_id):
    """In a rule, a fact or the time line; or it is named above with a reason."""
    ruleset = shipped.ruleset(ruleset_id)
    assert set(ruleset.source_statements) - _reflected(ruleset) == set(NOT_REFLECTED.get(ruleset_id, {}))


def test_the_sources_statements_are_all_there():
    ruleset = shipped.ruleset("lumbar-miss")
    assert set(ruleset.source_statements) == {f"A{n}" for n in range(1, 23)} | {f"B{n}" for n in range(1, 18)}


@parametrized
def test_every_rule_with_a_disposition_says_why_and_cites(ruleset_id):
    rules = [rule for rule in shipped.ruleset(ruleset_id).rules if rule.disposition]
    assert [rule.id for rule in rules if not (rule.why and rule.cites)] == []


@parametrized
def test_every_rule_has_words_for_a_surgeon_and_those_that_decide_for_a_patient(ruleset_id):
    rules = shipped.ruleset(ruleset_id).rules
    assert [rule.id for rule in rules if not rule.surgeon] == []
    assert [rule.id for rule in rules if rule.disposition and not rule.patient] == []


@parametrized
def test_every_citation_is_used(ruleset_id):
    ruleset = shipped.ruleset(ruleset_id)
    parts = [citation for rule in ruleset.rules for citation in rule.cites]
    taught = [*ruleset.education.facts, *ruleset.education.options, *ruleset.education.points]
    parts += [citation for part in (ruleset.education, *taught) for citation in part.citations]
    assert set(ruleset.citations) - set(parts) == set(NOT_CITED.get(ruleset_id, {}))


@parametrized
def test_a_rule_that_can_stop_an_intake_can_be_clarified_if_it_asks_the_patient(ruleset_id):
    """An emergency that rests on a patient's answers is an alarm rule: unknown means that a person asks."""
    ruleset = shipped.ruleset(ruleset_id)
    stops = {disposition.id for disposition in ruleset.dispositions if disposition.stop_intake}
    clinicians = {question.id for question in ruleset.questions if question.audience == "clinician"}
    unclear = [rule for rule in ruleset.rules if rule.disposition in stops and not rule.is_alarm]
    assert [rule.id for rule in unclear if not any(name in rule.when for name in clinicians)] == []


@parametrized
def test_every_safety_question_is_mentioned_by_an_alarm_rule(ruleset_id):
    ruleset = shipped.ruleset(ruleset_id)
    run = program(ruleset)
    mentioned = {name for rule in ruleset.rules if rule.is_alarm for name in run.mentions(rule.when)}
    shown_by = {name for question in ruleset.questions if question.show_if for name in run.mentions(question.show_if)}
    assert {question.id for question in ruleset.questions if question.safety} <= mentioned | shown_by | SPARED


# Safety questions that only rules which never clarify ask for.
SPARED = {"prev_when"}


@parametrized
def test_a_patient_can_always_say_i_do_not_know_to_a_safety_question(ruleset_id):
    questions = [question for question in shipped.ruleset(ruleset_id).questions if question.safety]
    assert [question.id for question in questions if question.dont_know is None] == []


def _shuffled(data, draw):
    if isinstance(data, dict):
        items = list(data.items())
        draw.shuffle(items)
        return {key: _shuffled(value, draw) for key, value in items}
    return [_shuffled(item, draw) for item in data] if isinstance(data, list) else data


@parametrized
def test_layout_and_the_order_of_fields_do_not_change_its_identity(ruleset_id):
    ruleset = shipped.ruleset(ruleset_id)
    document = ruleset.document()
    written = [
        shipped.path(ruleset_id).read_text() + "\n# a comment at the end\n",
        to_yaml(document),
        yaml.safe_dump(_shuffled(document, random.Random(1)), sort_keys=False, width=40),
        json.dumps(document),
        json.dumps(_shuffled(document, random.Random(2)), indent=3),
        ruleset.canonical_json(),
    ]
    for text in written:
        assert read_ruleset(read_document(text)).sha256 == ruleset.sha256


@parametrized
def test_a_changed_threshold_changes_its_identity(ruleset_id):
    ruleset = shipped.ruleset(ruleset_id)
    document = ruleset.document()
    document["dispositions"][-1]["contact_within_hours"] += 1
    assert read_ruleset(document).sha256 != ruleset.sha256


@parametrized
def test_what_is_exported_is_what_was_loaded(ruleset_id):
    ruleset = shipped.ruleset(ruleset_id)
    assert read_ruleset(read_document(to_yaml(ruleset.document()))) == ruleset
