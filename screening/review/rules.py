"""Every rule of a case's rule set with its verdict, by disposition: why it fired, or what it would need."""

from __future__ import annotations

from dataclasses import dataclass

from screening.interpreters.explain import RuleExplanation, why_not
from screening.review.dossier import Dossier


@dataclass(frozen=True)
class Group:
    title: str
    rules: list[RuleExplanation]


def all_rules(dossier: Dossier) -> list[Group]:
    """The most urgent disposition first; the rules that only inform last."""
    told = {rule.rule: rule for rule in (*dossier.explanation.fired, *dossier.explanation.unresolved)}
    told |= {one.id: _lacking(dossier, one.id) for one in dossier.ruleset.rules if one.id not in told}
    places = [(one.id, one.label) for one in dossier.ruleset.dispositions]
    groups = [Group(title, [rule for rule in told.values() if rule.disposition == key]) for key, title in places]
    groups.append(Group("Rules that only inform", [rule for rule in told.values() if rule.disposition is None]))
    in_order = {rule.id: place for place, rule in enumerate(dossier.ruleset.rules)}
    return [Group(one.title, sorted(one.rules, key=lambda rule: in_order[rule.rule])) for one in groups if one.rules]


def _lacking(dossier: Dossier, rule_id: str) -> RuleExplanation:
    return why_not(dossier.ruleset, dossier.case, dossier.outcome, rule_id)
