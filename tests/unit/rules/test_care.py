"""Who answers for a rule and when it is looked at again: its own, or the rule set's."""

import pytest

from screening.rules.problems import DocumentError
from tests.factories import tiny_document, tiny_ruleset


def with_rule(**fields):
    rules = [dict(rule) for rule in tiny_document()["rules"]]
    rules[0] |= fields
    return rules


def test_a_rules_own_or_the_rule_sets():
    rules = with_rule(owner="Otto", review_by="2028-02-29")
    ruleset = tiny_ruleset(owner="Ana", review_by="2027-11-20", rules=rules)
    first, second = ruleset.rules[:2]
    assert (ruleset.owner_of(first), ruleset.review_of(first)) == ("Otto", "2028-02-29")
    assert (ruleset.owner_of(second), ruleset.review_of(second)) == ("Ana", "2027-11-20")


def test_said_nowhere():
    ruleset = tiny_ruleset()
    assert (ruleset.owner_of(ruleset.rules[0]), ruleset.review_of(ruleset.rules[0])) == ("", "")


def test_nothing_said_is_the_same_document_as_before_there_were_such_fields():
    assert tiny_ruleset(owner="", review_by="").sha256 == tiny_ruleset().sha256
    assert tiny_ruleset(owner="Ana").sha256 != tiny_ruleset().sha256


@pytest.mark.parametrize("day", ["2027-02-29", "20271120", "2027-W47-5", "20 November 2027", "2027-11-20T00:00", " "])
def test_a_day_that_is_none(day):
    with pytest.raises(DocumentError, match=r"review_by: .*like 2027-11-20"):
        tiny_ruleset(review_by=day)
    with pytest.raises(DocumentError, match="rules/E1/review_by"):
        tiny_ruleset(rules=with_rule(review_by=day))
