"""What is claimed of every rule set, language.md section 6.

Each rule can fire and decide, each disposition and question is reached, and a case with no answer is taken seriously.
"""

from collections.abc import Callable, Iterator

from screening.interpreters.prove.deciding import Deciding
from screening.interpreters.prove.reference import Reference, Seen
from screening.interpreters.prove.search import Cases, Claim, Search
from screening.rules.ruleset import Disposition, Question, Rule


class Analyses:
    """Makes the claims of one rule set."""

    def __init__(self, deciding: Deciding, reference: Reference) -> None:
        self.deciding = deciding
        self.ruleset = deciding.ruleset
        self.reference = reference

    def claims(self) -> Iterator[Claim]:
        """Every claim; those whose witnesses serve for others as well come first."""
        rules, questions = self.ruleset.rules, self.ruleset.questions
        yield self._blank()
        yield from (self._decides(rule) for rule in rules if rule.disposition)
        yield from map(self._fires, rules)
        yield from map(self._reached, self.ruleset.dispositions)
        yield from (self._shown(question) for question in questions if question.show_if)

    def _blank(self) -> Claim:
        least = self.ruleset.disposition(self.ruleset.clarify_disposition)
        words = f"A case with no answer at all does not come out less urgent than “{least.label}”"
        place = self.ruleset.urgency[least.id]

        def less_urgent(cases: Cases) -> bool:
            return self.reference.urgency(self.reference.decide(cases[0])) > place

        def searches() -> Iterator[Search]:
            blank = [stored.same(None) for stored in self.deciding.encoding.stored.values()]
            formula = self.deciding.formulas.all([*blank, -self.deciding.as_urgent_as(place)])
            yield Search(formula, less_urgent)

        return Claim("blank", "blank", words, searches)

    def _decides(self, rule: Rule) -> Claim:
        words = f"Rule {rule.id} “{rule.title}” can be the reason for the outcome"

        def seen(case: Seen) -> bool:
            return rule.id in case.outcome.fired and case.outcome.disposition == rule.disposition

        return self._some(f"rule/{rule.id}/decides", "decides", words, lambda: self.deciding.decides(rule), seen)

    def _fires(self, rule: Rule) -> Claim:
        words = f"Rule {rule.id} “{rule.title}” can fire"

        def seen(case: Seen) -> bool:
            return rule.id in case.outcome.fired

        return self._some(f"rule/{rule.id}/fires", "fires", words, lambda: self.deciding.fires(rule), seen)

    def _reached(self, disposition: Disposition) -> Claim:
        words = f"“{disposition.label}” can come out"

        def formula() -> int:
            return self.deciding.comes_out(disposition.id)

        def seen(case: Seen) -> bool:
            return case.outcome.disposition == disposition.id

        return self._some(f"disposition/{disposition.id}", "reached", words, formula, seen)

    def _shown(self, question: Question) -> Claim:
        words = f"Question {question.id} “{question.text}” can be shown"

        def seen(case: Seen) -> bool:
            return question.id in case.shown

        def formula() -> int:
            return self.deciding.encoding.shown(question.id)

        return self._some(f"question/{question.id}", "shown", words, formula, seen)

    def _some(
        self, claim_id: str, kind: str, words: str, formula: Callable[[], int], seen: Callable[[Seen], bool]
    ) -> Claim:
        """The claim that there is a case in which something is seen."""

        def confirmed(cases: Cases) -> bool:
            return seen(self.reference.see(cases[0]))

        def searches() -> Iterator[Search]:
            yield Search(formula(), confirmed)

        return Claim(claim_id, kind, words, searches, seen=seen)
