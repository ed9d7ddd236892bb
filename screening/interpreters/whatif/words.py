"""A change in words: “How long has this problem lasted?” 6 weeks or more instead of 4 weeks."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from screening.interpreters.whatif.options import Option
from screening.rules.operations import Value
from screening.rules.plain import answer_in_words, listed, number_in_words, quoted
from screening.rules.ruleset import Question
from screening.rules.truth import Missing


def in_words(question: Question, name: str, now: Value | None, same: Sequence[Option]) -> str:
    """`same`: the options that all do, in their order; `now`: the answer they stand against, None if not asked."""
    said = listed(_numbers(question, same) if question.type == "number" else _choices(question, same))
    # what a clinician can find out has no answer yet
    if question.audience == "clinician" or all(option.kept or option.without for option in same):
        return f"{name} {said}"
    return f"{name} {said} {_instead(question, now)}"


def _instead(question: Question, now: Value | None) -> str:
    if now is None:
        return "(not asked now)"
    if isinstance(now, Missing):
        return "(not known now)"
    words = answer_in_words(question, now)
    return f"instead of {words if question.type == 'number' else quoted(words)}"


def _numbers(question: Question, same: Sequence[Option]) -> Iterator[str]:
    """Ranges that follow each other are one."""
    for _, run in groupby(enumerate(same), key=lambda item: item[1].place[1] - item[0]):
        ranges = [option for _, option in run]
        yield _range(question, ranges[0].low, ranges[-1].high)


def _range(question: Question, low: float | None, high: float | None) -> str:
    least, most = low in (None, question.min), high in (None, question.max)
    if low == high and low is not None:
        return number_in_words(low, question.unit)
    if low is None or least:
        return "any number" if high is None or most else f"{number_in_words(high, question.unit)} or less"
    if high is None or most:
        return f"{number_in_words(low, question.unit)} or more"
    return f"{number_in_words(low)} to {number_in_words(high, question.unit)}"


def _choices(question: Question, same: Sequence[Option]) -> Iterator[str]:
    for option in same:
        if option.without:
            yield f"no longer {listed((quoted(question.label_of(code)) for code in option.without), 'and')}"
        else:
            either = listed(quoted(question.label_of(code)) for code in option.codes)
            yield f"also {either}" if option.kept else either
