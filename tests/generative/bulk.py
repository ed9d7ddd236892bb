"""Made-up answers to a rule set's questions: many and quickly, most of them what people would say."""

from collections.abc import Callable
from random import Random
from typing import Any

from screening.rules.answers import DONT_KNOW, NONE
from screening.rules.ruleset import Question, RuleSet

LEFT_OUT = {"patient": 0.04, "clinician": 0.6, "system": 1.0}
UNSURE, ALARMING = 0.04, 0.04


def answers(ruleset: RuleSet, random: Random, count: int) -> list[dict[str, Any]]:
    """So many cases: question id → answer, hidden ones answered at times as well."""
    makers = [(question, LEFT_OUT[question.audience], _maker(question, random)) for question in ruleset.questions]
    return [_case(makers, random) for _ in range(count)]


def _case(makers: list[tuple[Question, float, Callable[[], Any]]], random: Random) -> dict[str, Any]:
    case = {}
    for question, left_out, make in makers:
        chance = random.random()
        if chance < left_out:
            continue
        unsure = chance > 1 - UNSURE and question.dont_know is not None
        case[question.id] = DONT_KNOW if unsure else make()
    return case


def _maker(question: Question, random: Random) -> Callable[[], Any]:
    if question.type == "number":
        return _number(question, random)
    if question.type in ("text", "date"):
        return lambda: "2026-05-17"
    codes = [code for code in question.codes if code != NONE]
    calm = [code for code in question.codes if code in ("no", NONE)] or codes
    alarming = ALARMING if question.safety else 0.5

    def one() -> str:
        return random.choice(codes if random.random() < alarming else calm)

    def several() -> list[str]:
        return [one()] if random.random() < 0.7 else [code for code in codes if random.random() < alarming] or [calm[0]]

    return several if question.type == "multiple" else one


def _number(question: Question, random: Random) -> Callable[[], Any]:
    low, high = question.min or 0.0, 100.0 if question.max is None else question.max

    def near() -> float:
        """More small numbers than large ones."""
        number = low + (high - low) * random.random() ** 2
        return round(number) if question.integer else round(number, question.places)

    return near
