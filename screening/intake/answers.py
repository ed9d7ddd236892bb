"""A patient's answers as rows of words, section by section: to check, to take along, to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from screening.intake import words
from screening.intake.asking import Asking
from screening.intake.entry import understood
from screening.rules.answers import DONT_KNOW
from screening.rules.ruleset import Question

Address = Callable[[Question], str]


@dataclass(frozen=True)
class Row:
    """As _components/definition_list.html draws it."""

    term: str
    words: str | Promise
    look: str = ""
    note: str | Promise = ""
    change: str = ""
    change_name: str = ""
    change_words: str = ""


@dataclass(frozen=True)
class AnsweredSection:
    id: str
    title: str
    rows: tuple[Row, ...]


def given(asking: Asking) -> tuple[AnsweredSection, ...]:
    """What was asked and answered."""
    return _sections(asking, lambda question: _answered(asking, question))


def to_check(asking: Asking, address: Address) -> tuple[AnsweredSection, ...]:
    """Everything asked, also what was left out or is still open, with links; and what is no longer needed."""
    return _sections(asking, lambda question: _to_check(asking, question, address))


def _sections(asking: Asking, row: Callable[[Question], Row | None]) -> tuple[AnsweredSection, ...]:
    return tuple(_filled(asking, row))


def _filled(asking: Asking, row: Callable[[Question], Row | None]) -> Iterator[AnsweredSection]:
    patients = [question for question in asking.ruleset.questions if question.audience == "patient"]
    for section in asking.ruleset.sections:
        rows = [row(question) for question in patients if question.section == section.id]
        if any(rows):
            yield AnsweredSection(section.id, section.title, tuple(found for found in rows if found))


def _answered(asking: Asking, question: Question) -> Row | None:
    answer = asking.answers.get(question.id)
    if question.id not in asking.asked or answer in (None, "", []):
        return None
    unsure = answer == DONT_KNOW or (isinstance(answer, list) and DONT_KNOW in answer)
    said = words.answer_words(question, answer, asking.entered.get(question.id))
    return Row(question.text, said, look="unknown" if unsure else "")


def _to_check(asking: Asking, question: Question, address: Address) -> Row | None:
    link = {"change": address(question), "change_name": question.text}
    answer = asking.answers.get(question.id)
    if question.id in asking.case.pruned:
        said = words.answer_words(question, answer, asking.entered.get(question.id))
        return Row(question.text, said, look="pruned", note=words.NO_LONGER_NEEDED)
    if question.id not in asking.asked:
        return None
    if asking.is_open(question):
        problem = asking.problems([question]).get(question.id, "")
        return Row(question.text, words.NOT_YET, look="unknown", note=problem, change_words=_("Answer"), **link)
    row = _answered(asking, question)
    if row is None:
        return Row(question.text, words.LEFT_OUT, look="pruned", **link)
    return Row(row.term, row.words, row.look, note=_understood(asking, question), **link)


def _understood(asking: Asking, question: Question) -> str:
    told = understood(question, asking.answers.get(question.id), asking.entered.get(question.id))
    return _("We understood: %(answer)s") % {"answer": told} if told else ""
