"""A second reading of language.md, written from the page alone: walk the tree, look everything up, remember nothing.

Slow and plain on purpose, and independent of `rules/case.py`, `rules/meaning.py` and `interpreters/evaluate.py`, so
that a mistake there and the same mistake here would have to be made twice. It shares only the parser and the document.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from screening.rules import expression as x
from screening.rules.parse import parse
from screening.rules.ruleset import Question, RuleSet

T, F, U, P = "true", "false", "unknown", "pending"
LARGEST = 1e15  # where a question has no limits of its own: what a double still holds to the unit
KNOWN, UNKNOWN, ABSENT, PENDING = "known", "unknown", "absent", "pending"


@dataclass(frozen=True)
class Seen:
    """A question's state, or what a quantity came to."""

    state: str
    value: Any = None
    incomplete: bool = False


@dataclass(frozen=True)
class Result:
    disposition: str
    contact_within_hours: int
    verdicts: dict[str, str]
    supports: set[str]
    rules_out: set[str]
    approach: str | None
    ask_next: set[str]
    invalid: set[str]
    pruned: set[str]
    ignored: set[str]


def is_iso_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class Naive:
    """One case under one rule set."""

    def __init__(self, ruleset: RuleSet, answers: Mapping[str, Any], *, pending: bool = False, as_shown: bool = False):
        self.ruleset, self.answers, self.pending, self.as_shown = ruleset, answers, pending, as_shown

    # -- section 2: the state of a question ------------------------------------------------------------------

    def hidden(self, question: Question) -> bool:
        if question.show_if is None or (self.as_shown and self.given(question)):
            return False
        return self.truth(parse(question.show_if)) == F

    def given(self, question: Question) -> bool:
        nothing = {"multiple": [None, [], ()], "text": [None, ""]}.get(question.type, [None])
        return self.answers.get(question.id) not in nothing

    def state(self, question: Question) -> Seen:
        if self.hidden(question):
            return Seen(ABSENT)
        if self.given(question):
            return self.read(question)[0]
        # an intake asks the patient's questions; what is the clinician's or the program's is not to come in it
        if self.pending and question.audience == "patient":
            return Seen(PENDING)
        return Seen(ABSENT if question.optional or question.audience != "patient" else UNKNOWN)

    def read(self, question: Question) -> tuple[Seen, bool]:
        """What a given answer says, and whether it is valid."""
        answer = self.answers[question.id]
        if question.type == "multiple":
            return self.read_multiple(question, answer)
        if answer == "dont_know" and isinstance(answer, str):
            return Seen(UNKNOWN), question.dont_know is not None
        value = self.read_number(question, answer) if question.type == "number" else self.read_word(question, answer)
        return (Seen(UNKNOWN), False) if value is None else (Seen(KNOWN, value), True)

    def read_multiple(self, question: Question, answer: Any) -> tuple[Seen, bool]:
        if answer == "dont_know":
            return Seen(UNKNOWN), question.dont_know is not None
        if not isinstance(answer, list | tuple):
            return Seen(UNKNOWN), False
        codes = [choice.value for choice in question.choices]
        known = [code for code in codes if any(isinstance(item, str) and item == code for item in answer)]
        unsure = any(isinstance(item, str) and item == "dont_know" for item in answer)
        valid = len(answer) == len(known) + unsure
        valid = valid and not (unsure and question.dont_know is None) and not ("none" in known and len(answer) > 1)
        if not valid:
            known, unsure = [code for code in known if code != "none"], True
        return (Seen(KNOWN, known, unsure) if known else Seen(UNKNOWN)), valid

    def read_number(self, question: Question, answer: Any) -> float | None:
        if isinstance(answer, bool) or not isinstance(answer, int | float) or not math.isfinite(answer):
            return None
        low = -LARGEST if question.min is None else question.min
        high = LARGEST if question.max is None else question.max
        if not low <= answer <= high:
            return None
        if question.integer and answer != int(answer):
            return None
        places = question.decimals if question.decimals is not None else (0 if question.integer else 1)
        # "decimal": as the number is written, so that 2.675 is 2.68 and 0.25 is 0.2
        return float(Decimal(repr(float(answer))).quantize(Decimal(10) ** -places, ROUND_HALF_EVEN))

    def read_word(self, question: Question, answer: Any) -> str | None:
        if not isinstance(answer, str):
            return None
        if question.type == "date":
            return answer if is_iso_date(answer) else None
        if question.type == "text":
            return answer if len(answer) <= question.max_length else None
        codes = ["yes", "no"] if question.type == "yes_no" else [choice.value for choice in question.choices]
        return answer if answer in codes else None

    # -- section 4: expressions ------------------------------------------------------------------------------

    def is_boolean(self, node: x.Node) -> bool:
        if isinstance(node, x.Name):
            definition = {each.id: each for each in self.ruleset.definitions}.get(node.id)
            return definition is not None and self.is_boolean(parse(definition.is_))
        booleans = (x.Or, x.And, x.Not, x.Compare, x.In, x.Contains, x.Intersects, x.IsNull, x.Boolean, x.AtLeast)
        return isinstance(node, booleans)

    def truth(self, node: x.Node) -> str:
        match node:
            case x.Boolean(value=value):
                return T if value else F
            case x.Name(id=name):
                return self.truth(parse(self.ruleset.definition(name).is_))
            case x.And(parts=parts):
                return self.all_of([self.truth(part) for part in parts])
            case x.Or(parts=parts):
                return self.negated(self.all_of([self.negated(self.truth(part)) for part in parts]))
            case x.Not(part=part):
                return self.negated(self.truth(part))
            case x.AtLeast(count=count, parts=parts):
                return self.at_least(count.value, [self.truth(part) for part in parts])
            case x.IsNull(tested=tested, negated=negated):
                null = self.null(tested)
                return self.negated(null) if negated else null
        return self.test(node)

    def all_of(self, values: list[str]) -> str:
        return next(value for value in (F, P, U, T) if value in values or value == T)

    def negated(self, value: str) -> str:
        return {T: F, F: T}.get(value, value)

    def at_least(self, count: float, values: list[str]) -> str:
        if values.count(T) >= count:
            return T
        if len(values) - values.count(F) < count:
            return F
        return P if P in values else U

    def null(self, tested: x.Node) -> str:
        if self.is_boolean(tested):
            return {U: T, P: P}.get(self.truth(tested), F)
        state = self.quantity(tested).state
        return P if state == PENDING else (F if state == KNOWN else T)

    def test(self, node: x.Node) -> str:
        match node:
            case x.Compare(left=left, operator=operator, right=right):
                sides = [self.quantity(left), self.quantity(right)]
                missing = self.missing([side.state for side in sides])
                return missing or (T if self.compared(sides[0].value, operator, sides[1].value) else F)
            case x.In(tested=tested, members=members):
                rows = [self.test(x.Compare(tested, "=", member)) for member in members]
                return self.negated(self.all_of([self.negated(row) for row in rows]))
            case x.Contains(tested=tested, code=code):
                return self.ticked(tested, [code.value])
            case x.Intersects(tested=tested, codes=codes):
                return self.ticked(tested, [code.value for code in codes])
        raise TypeError(node)

    def missing(self, states: list[str]) -> str | None:
        return next((value for state, value in ((ABSENT, F), (PENDING, P), (UNKNOWN, U)) if state in states), None)

    def compared(self, left: Any, operator: str, right: Any) -> bool:
        if not isinstance(left, str):
            left, right = round(left, 6), round(right, 6)
        if operator in ("=", "!="):
            return (left == right) == (operator == "=")
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]

    def ticked(self, tested: x.Node, codes: list[Any]) -> str:
        seen = self.quantity(tested)
        if seen.state != KNOWN:
            return self.missing([seen.state]) or F
        if any(code in seen.value for code in codes):
            return T
        return U if seen.incomplete else F

    def quantity(self, node: x.Node) -> Seen:
        match node:
            case x.Number(value=value) | x.Text(value=value):
                return Seen(KNOWN, value)
            case x.Name(id=name):
                question = {each.id: each for each in self.ruleset.questions}.get(name)
                return self.state(question) if question else self.quantity(parse(self.ruleset.definition(name).is_))
            case x.Minus(part=part):
                return self.quantity(x.Arithmetic(x.Number(0.0), "-", part))
            case x.Arithmetic(left=left, operator=operator, right=right):
                return self.arithmetic(self.quantity(left), operator, self.quantity(right))
            case x.Coalesce(parts=parts):
                return self.first_known([self.quantity(part) for part in parts])
            case x.Score(question=name):
                seen = self.quantity(name)
                choices = {choice.value: choice.score for choice in self.ruleset.question(name.id).choices}
                return Seen(KNOWN, choices[seen.value]) if seen.state == KNOWN else seen
            case x.CountTicked(question=name):
                seen = self.quantity(name)
                return Seen(KNOWN, len([1 for code in seen.value if code != "none"])) if seen.state == KNOWN else seen
            case x.CountTrue(parts=parts):
                values = [self.truth(part) for part in parts]
                return Seen(PENDING) if P in values else Seen(KNOWN, values.count(T))
        raise TypeError(node)

    def arithmetic(self, left: Seen, operator: str, right: Seen) -> Seen:
        for state in (ABSENT, PENDING, UNKNOWN):
            if state in (left.state, right.state):
                return Seen(state)
        if operator == "/":
            return Seen(KNOWN, left.value / right.value) if right.value else Seen(UNKNOWN)
        sums = {"+": left.value + right.value, "-": left.value - right.value, "*": left.value * right.value}
        return Seen(KNOWN, sums[operator]) if math.isfinite(sums[operator]) else Seen(UNKNOWN)

    def first_known(self, parts: list[Seen]) -> Seen:
        for part in parts:
            # a question not yet asked could still be the first known one
            if part.state in (KNOWN, PENDING):
                return part
        return Seen(UNKNOWN if any(part.state == UNKNOWN for part in parts) else ABSENT)

    # -- section 5: deciding ---------------------------------------------------------------------------------

    def decide(self) -> Result:
        rules = self.ruleset.rules
        verdicts = {rule.id: self.truth(parse(rule.when)) for rule in rules}
        fired = [rule for rule in rules if verdicts[rule.id] == T]
        unresolved = [rule for rule in rules if verdicts[rule.id] == U and rule.clarify_within_hours is not None]
        final, hours = self.disposition(fired, unresolved)
        deciding = [rule for rule in fired if rule.disposition == final]
        informing = [rule for rule in fired if rule.disposition is None]
        out = {procedure for rule in [*deciding, *informing] for procedure in rule.rules_out}
        approaches = [rule.approach for rule in deciding if rule.approach]
        return Result(
            disposition=final,
            contact_within_hours=hours,
            verdicts={rule_id: U if value == P else value for rule_id, value in verdicts.items()},
            supports={procedure for rule in deciding for procedure in rule.supports if procedure not in out},
            rules_out=out,
            approach="traditional" if "traditional" in approaches else (approaches or [None])[0],
            ask_next=self.ask_next(verdicts, fired, unresolved),
            invalid=self.invalid(),
            pruned={each.id for each in self.ruleset.questions if self.given(each) and self.hidden(each)},
            ignored={key for key in self.answers if key not in {each.id for each in self.ruleset.questions}},
        )

    def invalid(self) -> set[str]:
        shown = [each for each in self.ruleset.questions if self.given(each) and not self.hidden(each)]
        return {each.id for each in shown if not self.read(each)[1]}

    def disposition(self, fired: list[Any], unresolved: list[Any]) -> tuple[str, int]:
        promised = {each.id: each.contact_within_hours for each in self.ruleset.dispositions}
        in_play = {rule.disposition for rule in fired if rule.disposition}
        hours = []
        for rule in fired:
            if rule.contact_within_hours is not None:
                hours.append(rule.contact_within_hours)
            elif rule.disposition:
                hours.append(promised[rule.disposition])
        for rule in unresolved:
            in_play.add(self.ruleset.clarify_disposition)
            hours.append(rule.clarify_within_hours)
        if self.invalid():
            in_play.add(self.ruleset.clarify_disposition)
            hours.append(self.ruleset.invalid_answer_within_hours)
        final = [each.id for each in self.ruleset.dispositions if each.id in in_play or not in_play]
        final = final if in_play else [self.ruleset.default_disposition]
        return final[0], min([*hours, promised[final[0]]])

    def ask_next(self, verdicts: dict[str, str], fired: list[Any], unresolved: list[Any]) -> set[str]:
        rules = unresolved
        if not unresolved and not [rule for rule in fired if rule.disposition]:
            rules = [rule for rule in self.ruleset.rules if rule.disposition and verdicts[rule.id] == U]
        mentioned = {name for rule in rules for name in self.mentioned(parse(rule.when))}
        states = {each.id: self.state(each) for each in self.ruleset.questions if each.id in mentioned}
        return {name for name, seen in states.items() if seen.state == UNKNOWN or seen.incomplete}

    def mentioned(self, node: x.Node) -> set[str]:
        definitions = {each.id: each.is_ for each in self.ruleset.definitions}
        found: set[str] = set()
        for name in x.names(node):
            found |= self.mentioned(parse(definitions[name])) if name in definitions else {name}
        return found


def decide(ruleset: RuleSet, answers: Mapping[str, Any], *, pending: bool = False) -> Result:
    """Decide one case as read: without the step that finds withdrawn alarms."""
    return Naive(ruleset, answers, pending=pending).decide()


def with_withdrawn(ruleset: RuleSet, answers: Mapping[str, Any], seen: Collection[str]) -> dict[str, Any]:
    """The answers after the step that finds withdrawn alarms."""
    answers = dict(answers)
    if answers.get("alarm_withdrawn") == "no":
        del answers["alarm_withdrawn"]
    if not any(question.id == "alarm_withdrawn" for question in ruleset.questions):
        return answers
    alarms = [rule for rule in ruleset.rules if rule.clarify_within_hours is not None]
    final, unpruned = Naive(ruleset, answers), Naive(ruleset, answers, as_shown=True)
    for rule in alarms:
        node = parse(rule.when)
        if (rule.id in seen or unpruned.truth(node) == T) and final.truth(node) != T:
            answers["alarm_withdrawn"] = "yes"
    return answers
