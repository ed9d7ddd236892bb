"""Walks the tree of a rule through one case and picks the tests that decide it."""

from collections.abc import Iterable
from functools import cached_property

from screening.interpreters.explain.logic import Gate, Logic, Named, Part, Quantity, Test
from screening.interpreters.explain.records import Answer, Reason
from screening.rules.case import Case
from screening.rules.operations import Ticked
from screening.rules.outcome import Outcome
from screening.rules.plain import answer_in_words, number_in_words
from screening.rules.truth import TRUE, UNKNOWN, Missing, Truth


class Walk:
    """One case under one rule set."""

    def __init__(self, logic: Logic, case: Case, outcome: Outcome) -> None:
        self.logic, self.case, self.outcome = logic, case, outcome
        self.trace = outcome.trace
        self._answers: dict[str, Answer] = {}
        self._answered: dict[tuple[str, ...], tuple[Answer, ...]] = {}
        self._reasons: dict[tuple[Part, Truth], list[Reason]] = {}

    @cached_property
    def shown(self) -> frozenset[str]:
        """The questions shown."""
        return frozenset(self.case.shown)

    # -- which tests decide

    def deciding(self, part: Part, truth: Truth) -> list[Reason]:
        """What makes a part true, or unknown: of a gate only the parts that are so."""
        if isinstance(part, Gate):
            found = [inner for inner in part.parts if inner.verdict(self.trace) is truth]
            return [reason for inner in _without_implied(found) for reason in self.deciding(inner, truth)]
        if (part, truth) not in self._reasons:
            words = self.found(part) if truth is TRUE else part.doubt
            inside = self.deciding(part.inside, truth) if isinstance(part, Named) else []
            self._reasons[part, truth] = [self.reason(part, words, inside)]
        return self._reasons[part, truth]

    def lacking(self, part: Part) -> list[Reason]:
        """What would have to be so, and is not (or is not known), for a part to be true."""
        if part.verdict(self.trace) is TRUE:
            return []
        if not isinstance(part, Gate):
            inside = self.lacking(part.inside) if isinstance(part, Named) else []
            return [self.reason(part, part.holds, inside)]
        open_parts = [inner for inner in part.parts if inner.verdict(self.trace) is not TRUE]
        needed = part.needed - (len(part.parts) - len(open_parts))
        said = _without_implied(open_parts)
        if needed >= len(open_parts):
            return distinct(reason for inner in said for reason in self.lacking(inner))
        number = "at least one" if needed == 1 else f"at least {needed}"
        return [Reason(f"{number} of these", part.verdict(self.trace), reasons=tuple(map(self.together, said)))]

    def together(self, part: Part) -> Reason:
        """What a part lacks, as one reason."""
        reasons = self.lacking(part)
        if len(reasons) == 1:
            return reasons[0]
        return Reason("all of these", part.verdict(self.trace), reasons=tuple(reasons))

    def found(self, part: Test | Named) -> str:
        """What is so in this case, where a part is true: without the ways it could also have been."""
        if isinstance(part, Named):
            return part.holds
        if part.wanted and part.codes:
            return self.logic.phrases.chosen(part.questions[0], self.chosen(part))
        can_miss = part.asks_null or not part.wanted
        return " and ".join(self.missed(part)) if can_miss and self.missed(part) else part.answered

    def missed(self, test: Test) -> list[str]:
        """What a test had nothing to compare for: numbers worked out where it names some, else answers."""
        if test.quantities:
            return [self.value(item) for item in test.quantities if isinstance(self.outcome.values.get(item.id), str)]
        answers = self.answers(test.questions)
        missing = [f"“{answer.text}”: {answer.words}" for answer in answers if not answer.given]
        return missing if test.needs_all or len(missing) == len(answers) else []

    def chosen(self, test: Test) -> list[str]:
        """Which of the answers that make a test true were given."""
        value = self.case.values[test.questions[0]]
        given = value.codes if isinstance(value, Ticked) else (value,)
        return [code for code in test.codes if code in given] or list(test.codes)

    def reason(self, part: Test | Named, words: str, inside: list[Reason]) -> Reason:
        """The reason that a part is, in the given words."""
        if isinstance(part, Named):
            truth = self.trace.get(part.id, UNKNOWN)
            return Reason(words, truth, part.id, definition=part.id, reasons=tuple(distinct(inside)))
        return Reason(
            words,
            self.trace.get(part.expression, UNKNOWN),
            part.expression,
            answers=self.answers(part.questions),
            values=tuple(map(self.value, part.quantities)),
        )

    # -- what was answered

    def answers(self, question_ids: tuple[str, ...]) -> tuple[Answer, ...]:
        """What was answered; nothing for questions that only the program sets."""
        if question_ids not in self._answered:
            questions = self.logic.phrases.questions
            asked = [name for name in question_ids if questions[name].audience != "system"]
            self._answered[question_ids] = tuple(map(self.answer, asked))
        return self._answered[question_ids]

    def answer(self, question_id: str) -> Answer:
        """What was answered to a question, as the rules saw it."""
        if question_id not in self._answers:
            question, value = self.logic.phrases.questions[question_id], self.case.values[question_id]
            given = not isinstance(value, Missing)
            words = answer_in_words(question, value) if given else self.missing(question_id)
            self._answers[question_id] = Answer(question_id, question.text, words, given)
        return self._answers[question_id]

    def missing(self, question_id: str) -> str:
        """Why there is no answer."""
        value = self.case.values[question_id]
        if value is Missing.PENDING:
            return "not answered yet"
        if question_id not in self.shown:
            return "not asked"
        if question_id in self.case.invalid:
            return "not an answer that can be used"
        clinician = self.logic.phrases.questions[question_id].audience == "clinician"
        if value is Missing.ABSENT:
            return "not filled in" if clinician else "left empty"
        return "not known"

    def value(self, quantity: Quantity) -> str:
        """What a numeric definition came to."""
        value = self.outcome.values.get(quantity.id, "unknown")
        if isinstance(value, str):
            return f"“{quantity.title}” is {'not given' if value == 'absent' else 'not known'}"
        return f"“{quantity.title}” is {number_in_words(value, quantity.unit)}"

    def open_questions(self, reasons: Iterable[Reason]) -> tuple[Answer, ...]:
        """The questions not known, or answered incompletely, that the tests among the reasons ask about."""
        asked = {answer.question for reason in reasons for test in reason.tests() for answer in test.answers}
        return tuple(self.answer(name) for name in self.case.shown if name in asked and self.is_open(name))

    def is_open(self, question_id: str) -> bool:
        """Whether an answer may still change what is known."""
        return self.case.is_open(question_id) or self.case.values[question_id] is Missing.PENDING


def _without_implied(parts: list[Part]) -> list[Part]:
    """Leaves out "q is known" where another test beside it tells what q is."""
    told = {part.tells for part in parts if isinstance(part, Test) and part.tells}
    return [part for part in parts if not (isinstance(part, Test) and part.only_known in told)]


def distinct(reasons: Iterable[Reason]) -> list[Reason]:
    """Each reason once; tests that say the same of this case are one."""
    return list({_saying(reason): reason for reason in reasons}.values())


def _saying(reason: Reason) -> tuple[str, ...]:
    return reason.words, *(inside.words for inside in reason.reasons)
