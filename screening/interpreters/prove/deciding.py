"""What comes out for any possible answer set, as formulas: language.md section 5."""

from functools import cached_property

from screening.interpreters.prove.asked import Pair
from screening.interpreters.prove.encode import Encoding
from screening.rules.ruleset import Rule


class Deciding:
    """The outcome of one rule set."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.formulas = encoding.formulas
        self.ruleset = encoding.ruleset
        self._as_urgent: dict[int, int] = {}
        self._comes_out: dict[str, int] = {}

    def verdict(self, rule: Rule) -> Pair:
        """When a rule is true and false."""
        return self.encoding.truth(rule.when)

    def fires(self, rule: Rule) -> int:
        """The rule is true."""
        return self.verdict(rule).true

    def unresolved(self, rule: Rule) -> int:
        """The rule is unknown."""
        return self.encoding.unknown_truth(self.verdict(rule))

    @cached_property
    def invalid(self) -> int:
        """Some shown answer cannot be one."""
        return self.formulas.any(self.encoding.invalid(question.id) for question in self.ruleset.questions)

    @cached_property
    def to_clarify(self) -> int:
        """An alarm rule is unknown, or an answer invalid."""
        return self.formulas.any(
            [*(self.unresolved(rule) for rule in self.ruleset.rules if rule.is_alarm), self.invalid]
        )

    def in_play(self, disposition_id: str) -> int:
        """Something gives this disposition a reason."""
        reasons = [self.fires(rule) for rule in self.ruleset.rules if rule.disposition == disposition_id]
        if disposition_id == self.ruleset.clarify_disposition:
            reasons.append(self.to_clarify)
        return self.formulas.any(reasons)

    @cached_property
    def nothing_in_play(self) -> int:
        """No rule could decide."""
        return self.formulas.all(-self.in_play(disposition.id) for disposition in self.ruleset.dispositions)

    def as_urgent_as(self, place: int) -> int:
        """The disposition is the one at this place, or a more urgent one."""
        if place < 0:
            return -1
        if place not in self._as_urgent:
            above = [self.in_play(disposition.id) for disposition in self.ruleset.dispositions[: place + 1]]
            if self.ruleset.urgency[self.ruleset.default_disposition] <= place:
                above.append(self.nothing_in_play)
            self._as_urgent[place] = self.formulas.any(above)
        return self._as_urgent[place]

    def comes_out(self, disposition_id: str) -> int:
        """This is the disposition."""
        if disposition_id not in self._comes_out:
            place = self.ruleset.urgency[disposition_id]
            this = self.formulas.both(self.as_urgent_as(place), -self.as_urgent_as(place - 1))
            self._comes_out[disposition_id] = this
        return self._comes_out[disposition_id]

    def one_of(self, disposition_ids: tuple[str, ...]) -> int:
        """The disposition is one of these."""
        return self.formulas.any(self.comes_out(disposition_id) for disposition_id in disposition_ids)

    def within(self, hours: int) -> int:
        """Contact is due no later than this."""
        ruleset = self.ruleset
        limits = {disposition.id: disposition.contact_within_hours for disposition in ruleset.dispositions}
        reasons = []
        for rule in ruleset.rules:
            own = limits[rule.disposition] if rule.disposition else None
            limit = own if rule.contact_within_hours is None else rule.contact_within_hours
            if limit is not None and limit <= hours:
                reasons.append(self.fires(rule))
            if rule.clarify_within_hours is not None and rule.clarify_within_hours <= hours:
                reasons.append(self.unresolved(rule))
        if ruleset.invalid_answer_within_hours <= hours:
            reasons.append(self.invalid)
        # limits never fall down the list
        soon = sum(limit <= hours for limit in limits.values())
        return self.formulas.any([*reasons, self.as_urgent_as(soon - 1)])

    @cached_property
    def all_hours(self) -> tuple[int, ...]:
        """Every limit that may come out, shortest first."""
        ruleset = self.ruleset
        limits = {ruleset.invalid_answer_within_hours}
        limits.update(disposition.contact_within_hours for disposition in ruleset.dispositions)
        limits.update(rule.contact_within_hours for rule in ruleset.rules if rule.contact_within_hours is not None)
        limits.update(rule.clarify_within_hours for rule in ruleset.rules if rule.clarify_within_hours is not None)
        return tuple(sorted(limits))

    def decides(self, rule: Rule) -> int:
        """The rule fires, and its disposition comes out."""
        return self.formulas.both(self.fires(rule), self.comes_out(rule.disposition)) if rule.disposition else -1

    def rules_out(self, procedure_id: str) -> int:
        """The procedure is ruled out."""
        rules = [rule for rule in self.ruleset.rules if procedure_id in rule.rules_out]
        return self.formulas.any(self.decides(rule) if rule.disposition else self.fires(rule) for rule in rules)

    def supports(self, procedure_id: str) -> int:
        """The procedure is supported."""
        rules = [rule for rule in self.ruleset.rules if procedure_id in rule.supports]
        supported = self.formulas.any(self.decides(rule) for rule in rules)
        return self.formulas.both(supported, -self.rules_out(procedure_id))

    def approach(self, approach: str) -> int:
        """This approach comes out; traditional goes before minimally invasive."""
        said = {name: self._says(name) for name in ("traditional", "minimally_invasive")}
        if approach == "traditional":
            return said["traditional"]
        return self.formulas.both(said["minimally_invasive"], -said["traditional"])

    def _says(self, approach: str) -> int:
        return self.formulas.any(self.decides(rule) for rule in self.ruleset.rules if rule.approach == approach)
