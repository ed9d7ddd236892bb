"""Which choices of a question no rule can tell apart: they inform people, and change nothing.

Two choices of a `single` are alike when changing one for the other never changes a rule's verdict. A choice of a
`multiple` is without effect when ticking it never does, beside other ticks or instead of `none`.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from screening.interpreters.prove.deciding import Deciding
from screening.interpreters.prove.formula import FALSE, TRUE, Said
from screening.interpreters.prove.reference import Answers, Reference
from screening.interpreters.prove.search import Cases, Find, Search, Survey
from screening.interpreters.prove.stored import Stored
from screening.rules.answers import NONE
from screening.rules.plain import listed, quoted
from screening.rules.ruleset import Question, Rule
from screening.rules.truth import Truth


class Compared(NamedTuple):
    """Two answers to one question: the codes each says, and the codes that both may say beside them."""

    question: Question
    one: tuple[str, ...]
    other: tuple[str, ...]
    free: tuple[str, ...] = ()

    def pair(self, shared: Answers, _: Answers) -> Cases:
        """The two cases."""
        rest = [code for code in shared.get(self.question.id) or () if code in self.free]
        return [{**shared, self.question.id: self._answer(said, rest)} for said in (self.one, self.other)]

    def _answer(self, said: Sequence[str], rest: Collection[str]) -> str | list[str]:
        if self.question.type != "multiple":
            return said[0]
        return [code for code in self.question.codes if code in said or code in rest]


class Choices:
    """Compares the choices of one rule set's questions."""

    def __init__(self, deciding: Deciding, reference: Reference) -> None:
        self.deciding = deciding
        self.formulas = deciding.formulas
        self.reference = reference
        self._substitutions: dict[Any, Callable[[int], int]] = {}

    def survey(self, question: Question) -> Survey:
        """Whether each choice of a question matters; those that do not are named."""
        rules = self._rules(question)
        formulas = [formula for rule in rules for formula in self.deciding.verdict(rule)]
        words = f"Each choice of “{question.text}” matters to a rule, or is named"
        look = partial(self._named, question, rules)
        labels = repr([(code, question.label_of(code)) for code in question.codes])
        return Survey(
            f"choices/{question.id}",
            "choices",
            words,
            look,
            [*formulas, self._stored(question).possible],
            labels,
        )

    def _named(self, question: Question, rules: Sequence[Rule], find: Find) -> Iterator[str]:
        several = question.type == "multiple"
        for group in self._idle(question, rules, find) if several else self._alike(question, rules, find):
            labels = [quoted(question.label_of(code)) for code in group]
            alike = f"{listed(labels, 'and')} are alike to every rule"
            yield f"Ticking {labels[0]} changes no rule" if several else alike

    def _rules(self, question: Question) -> list[Rule]:
        """The rules whose verdict depends on what is answered here, those about the fewest things first."""
        leaves = [Said(question.id, word) for word in self._stored(question).words]
        found = [rule for rule in self.deciding.ruleset.rules if self._depends(rule, leaves)]
        return sorted(found, key=lambda rule: self.formulas.breadth(self.deciding.fires(rule)))

    def _stored(self, question: Question) -> Stored:
        return self.deciding.encoding.stored[question.id]

    def _depends(self, rule: Rule, leaves: Sequence[Said]) -> bool:
        return any(self.formulas.depends(formula, leaves) for formula in self.deciding.verdict(rule))

    # -- one answer

    def _alike(self, question: Question, rules: Sequence[Rule], find: Find) -> list[tuple[str, ...]]:
        waiting, alike = [self._stored(question).values], []
        while waiting:
            group = waiting.pop()
            compared = (Compared(question, (group[0],), (other,)) for other in group[1:])
            cases = next((cases for each in compared if (cases := self._told_apart(each, rules, find))), None)
            if cases:
                waiting += self._parted(question, group, cases[0])
            elif len(group) > 1:
                alike.append(group)
        return alike

    def _parted(self, question: Question, group: Sequence[str], case: Answers) -> list[tuple[str, ...]]:
        """The group in parts, by the verdicts that its choices give in this case."""
        parts: dict[tuple[Truth, ...], list[str]] = {}
        for code in group:
            parts.setdefault(self._verdicts({**case, question.id: code}), []).append(code)
        return list(map(tuple, parts.values()))

    # -- several answers

    def _idle(self, question: Question, rules: Sequence[Rule], find: Find) -> Iterator[tuple[str, ...]]:
        codes = [code for code in question.codes if code != NONE]
        effective: set[str] = set()
        for code in codes:
            if code in effective:
                continue
            others = tuple(other for other in codes if other != code)
            compared = [Compared(question, (code,), (), others)]
            if NONE in question.codes:
                compared.insert(0, Compared(question, (code,), (NONE,)))
            cases = next((cases for each in compared if (cases := self._told_apart(each, rules, find))), None)
            if cases is None:
                yield (code,)
            else:
                effective.update(self._also_effective(question, code, others, cases))

    def _also_effective(self, question: Question, code: str, others: Sequence[str], cases: Cases) -> Iterator[str]:
        """The choices that make a difference in the same case in the place of this one."""
        ticked, without = (case.get(question.id) or [] for case in cases)
        before = self._verdicts(cases[1])
        for other in others:
            instead = [other if each == code else each for each in ticked]
            if other not in without and self._verdicts({**cases[0], question.id: instead}) != before:
                yield other

    # -- searches

    def _told_apart(self, compared: Compared, rules: Sequence[Rule], find: Find) -> Cases | None:
        """Two cases that differ in this alone, and in a rule's verdict."""
        question, free = compared.question, compared.free
        beside = self.formulas.any(self._stored(question).said(code) for code in free) if free else TRUE
        one, other = (self._where(question, said, free) for said in (compared.one, compared.other))
        for rule in rules:
            verdict = self.deciding.verdict(rule)
            differ = self.formulas.any(-self.formulas.same(one(formula), other(formula)) for formula in verdict)
            formula = self.formulas.both(differ, beside)
            if formula != FALSE and (cases := find(Search(formula, self._confirmed, compared.pair))):
                return cases
        return None

    def _where(self, question: Question, said: Sequence[str], free: Sequence[str]) -> Callable[[int], int]:
        """A formula where this is said, and nothing beside it but what is free."""
        key = (question.id, said, free)
        if key not in self._substitutions:
            words = [word for word in self._stored(question).words if word not in free]
            values = {Said(question.id, word): TRUE if word in said else FALSE for word in words}
            self._substitutions[key] = self.formulas.substitution(values)
        return self._substitutions[key]

    def _confirmed(self, cases: Cases) -> bool:
        return self._verdicts(cases[0]) != self._verdicts(cases[1])

    def _verdicts(self, case: Answers) -> tuple[Truth, ...]:
        return tuple(self.reference.as_answered(case).verdicts.values())
