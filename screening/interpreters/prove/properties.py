"""The properties of a rule set, language.md section 6, as searches for a case that breaks them."""

from collections.abc import Iterable, Iterator
from functools import partial

from screening.interpreters.prove.deciding import Deciding
from screening.interpreters.prove.pairs import Pairs
from screening.interpreters.prove.reference import Reference
from screening.interpreters.prove.search import Cases, Claim, Search
from screening.rules.outcome import Outcome
from screening.rules.ruleset import Property
from screening.rules.truth import FALSE

BY_CONSTRUCTION = (
    "by construction: a verdict depends on its rule and the answers alone, and the disposition, hours, approach and "
    "procedures are a most urgent one, a least, a first of two and sets, which have no order"
)


def conditions(properties: Iterable[Property]) -> Iterator[str]:
    """The expressions in properties."""
    for each in properties:
        yield from filter(None, (each.given, each.requires))


class Properties:
    """Makes the claims of one rule set."""

    def __init__(self, deciding: Deciding, reference: Reference) -> None:
        self.deciding = deciding
        self.formulas = deciding.formulas
        self.encoding = deciding.encoding
        self.ruleset = deciding.ruleset
        self.reference = reference
        self.pairs = Pairs(deciding, reference)

    def claim(self, prop: Property) -> Claim:
        """The claim of a property."""
        searches = {
            "whenever": self._whenever,
            "only_if": self._only_if,
            "total": self._total,
            "irrelevant": self.pairs.irrelevant,
            "monotone": self.pairs.monotone,
        }
        if prop.kind == "order_free":
            return Claim(prop.id, prop.kind, prop.claim, lambda: iter(()), settled=BY_CONSTRUCTION)
        return Claim(prop.id, prop.kind, prop.claim, partial(searches[prop.kind], prop))

    # -- whenever

    def _whenever(self, prop: Property) -> Iterator[Search]:
        given = [self.encoding.truth(prop.given).true] if prop.given else []
        given.append(self.deciding.one_of(prop.given_disposition_in))
        broken = self.formulas.both(self.formulas.any(given), -self.formulas.all(self._consequences(prop)))
        yield Search(broken, partial(self._breaks_whenever, prop))

    def _consequences(self, prop: Property) -> Iterator[int]:
        if prop.disposition_in:
            yield self.deciding.one_of(prop.disposition_in)
        yield -self.deciding.one_of(prop.disposition_not_in)
        if prop.at_least_as_urgent_as:
            yield self.deciding.as_urgent_as(self.ruleset.urgency[prop.at_least_as_urgent_as])
        if prop.contact_within_hours is not None:
            yield self.deciding.within(prop.contact_within_hours)
        yield from (-self.deciding.supports(procedure_id) for procedure_id in prop.never_supports)

    def _breaks_whenever(self, prop: Property, cases: Cases) -> bool:
        outcome = self.reference.decide(cases[0])
        given = prop.given is not None and self.reference.is_true(outcome, prop.given)
        return (given or outcome.disposition in prop.given_disposition_in) and not self._follows(prop, outcome)

    def _follows(self, prop: Property, outcome: Outcome) -> bool:
        least, hours = prop.at_least_as_urgent_as, prop.contact_within_hours
        return (
            (not prop.disposition_in or outcome.disposition in prop.disposition_in)
            and outcome.disposition not in prop.disposition_not_in
            and (least is None or self.reference.urgency(outcome) <= self.ruleset.urgency[least])
            and (hours is None or outcome.contact_within_hours <= hours)
            and not set(prop.never_supports) & set(outcome.supports)
        )

    # -- only_if

    def _only_if(self, prop: Property) -> Iterator[Search]:
        assert prop.disposition
        required = [self.encoding.truth(prop.requires).true] if prop.requires else []
        if prop.requires_all_clarifying_rules_false:
            required += [self.deciding.verdict(rule).false for rule in self.ruleset.rules if rule.is_alarm]
        broken = self.formulas.both(self.deciding.comes_out(prop.disposition), -self.formulas.all(required))
        yield Search(broken, partial(self._breaks_only_if, prop))

    def _breaks_only_if(self, prop: Property, cases: Cases) -> bool:
        outcome = self.reference.decide(cases[0])
        if outcome.disposition != prop.disposition:
            return False
        alarms = [rule.id for rule in self.ruleset.rules if rule.is_alarm]
        doubtful = any(outcome.verdicts[rule_id] is not FALSE for rule_id in alarms)
        missing = prop.requires is not None and not self.reference.is_true(outcome, prop.requires)
        return missing or (prop.requires_all_clarifying_rules_false and doubtful)

    # -- total

    def _total(self, prop: Property) -> Iterator[Search]:
        f, deciding, dispositions = self.formulas, self.deciding, self.ruleset.dispositions
        come_out = [deciding.comes_out(disposition.id) for disposition in dispositions]
        default = f.both(deciding.nothing_in_play, deciding.comes_out(self.ruleset.default_disposition))
        reasons = [f.both(out, deciding.in_play(each.id)) for out, each in zip(come_out, dispositions, strict=True)]
        in_time = [
            f.either(-out, deciding.within(each.contact_within_hours))
            for out, each in zip(come_out, dispositions, strict=True)
        ]
        exactly_one = f.exactly(come_out)[1]
        yield Search(-f.all([exactly_one, f.any([default, *reasons]), *in_time]), self._breaks_total)

    def _breaks_total(self, cases: Cases) -> bool:
        outcome = self.reference.decide(cases[0])
        limit = self.ruleset.disposition(outcome.disposition).contact_within_hours
        deciding = [rule for rule in outcome.fired if self.ruleset.rule(rule).disposition == outcome.disposition]
        clarify = outcome.disposition == self.ruleset.clarify_disposition and (outcome.unresolved or outcome.invalid)
        default = outcome.disposition == self.ruleset.default_disposition
        return outcome.contact_within_hours > limit or not (deciding or clarify or default)
