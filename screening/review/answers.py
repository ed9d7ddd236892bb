"""Every answer of a case by section: what counts, what does not and why, and who gave it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screening.forms import body
from screening.forms.numbers import Typed
from screening.forms.questions import means, read_typed
from screening.models import Revision
from screening.policies import name_of
from screening.review.dossier import Dossier
from screening.review.reading import Read, Reading, language_name
from screening.rules.answers import DONT_KNOW
from screening.rules.plain import answer_in_words
from screening.rules.ruleset import Question

_VIA = {Revision.Via.PHONE: "by telephone", Revision.Via.LINK: "by private link", Revision.Via.WEB: ""}


@dataclass(frozen=True)
class Row:
    """As _components/definition_list.html shows it."""

    term: str
    words: str
    note: str = ""
    look: str = ""
    # In another language than the rule set's: what the patient read; of their own words, the language's tag and name.
    read: Read | None = None
    language: str = ""
    language_name: str = ""
    # Where it hurts: every area of the body picture, and whether it was ticked.
    picture: Sequence[tuple[str, bool]] = ()


@dataclass(frozen=True)
class Section:
    title: str
    rows: list[Row]
    # The questions asked of the patient, or still to be asked, that nobody answered.
    unanswered: list[str]


def sections(dossier: Dossier) -> list[Section]:
    """The sections with anything in them, in the order of the questionnaire."""
    givers, reading = _givers(dossier), Reading(dossier)
    found = []
    for section in dossier.ruleset.sections:
        asked = [question for question in dossier.ruleset.questions if question.section == section.id]
        rows = [row for question in asked if (row := _row(dossier, question, givers, reading))]
        unanswered = [_term(dossier, question) for question in asked if _is_unanswered(dossier, question)]
        if rows or unanswered:
            found.append(Section(section.title, rows, unanswered))
    return found


def own_words(dossier: Dossier) -> list[Row]:
    """What the patient wrote freely."""
    texts, reading = dossier.submission.texts, Reading(dossier)
    asked = [question for question in dossier.ruleset.questions if question.type == "text"]
    return [
        Row(question.text, texts[question.id], language=tag, language_name=language_name(tag) if tag else "")
        for question in asked
        if question.audience == "patient" and texts.get(question.id)
        for tag in [reading.written_in(question)]
    ]


def _term(dossier: Dossier, question: Question) -> str:
    """Its text; with its id where another question has the same text."""
    shared = [one.text for one in dossier.ruleset.questions].count(question.text) > 1
    return f"{question.text} ({question.id})" if shared else question.text


def _row(dossier: Dossier, question: Question, givers: dict[str, str], reading: Reading) -> Row | None:
    """None for what was neither asked nor answered, what the program set, and what stands among their own words."""
    answer = dossier.submission.all_answers().get(question.id)
    refused = _refused(dossier, question)
    is_own_words = question.type == "text" and question.audience == "patient"
    if question.audience == "system" or is_own_words or (answer in (None, "", []) and refused is None):
        return None
    words, look, remark = _seen(dossier, question, answer, refused)
    areas = _areas(dossier, question, answer)
    ticked = f"ticked on the picture: {', '.join(body.names(question, areas)).lower()}" if areas else ""
    notes = [remark, ticked, _as_typed(dossier, question, answer), givers.get(question.id, "")]
    noted = "; ".join(note for note in notes if note)
    read = reading.of(question, answer) if refused is None else None
    return Row(_term(dossier, question), words, noted, look, read, picture=body.marked(areas) if areas else ())


def _seen(dossier: Dossier, question: Question, answer: Any, refused: Typed | None) -> tuple[str, str, str]:
    """The words, the look and a remark."""
    if refused is not None:
        return refused.words, "invalid", "typed, but no possible answer: counts as not known"
    words = answer_in_words(question, answer)
    if question.id in dossier.case.pruned:
        return words, "pruned", "does not count: other answers make it not apply"
    if question.id in dossier.case.invalid:
        return words, "invalid", "does not count: no possible answer"
    return words, "unknown" if answer == DONT_KNOW else "", ""


def _areas(dossier: Dossier, question: Question, answer: Any) -> list[str]:
    """What was ticked on the body picture. Empty where it was answered another way since."""
    entered = dossier.submission.entered.get(question.id)
    if not body.has_picture(question) or not isinstance(entered, Mapping):
        return []
    areas = body.areas_of(None, entered)
    return areas if body.choice_of(areas) == answer else []


def _refused(dossier: Dossier, question: Question) -> Typed | None:
    """What was typed where no answer could be made of it."""
    if question.id in dossier.submission.answers or question.id not in dossier.case.shown:
        return None
    return read_typed(dossier.submission.entered.get(question.id))


def _is_unanswered(dossier: Dossier, question: Question) -> bool:
    if question.audience != "patient" or question.may_stay_empty or question.id not in dossier.case.shown:
        return False
    return not dossier.submission.all_answers().get(question.id) and _refused(dossier, question) is None


def _as_typed(dossier: Dossier, question: Question, answer: Any) -> str:
    """The number as it was typed, where that was in another unit."""
    typed = read_typed(dossier.submission.entered.get(question.id))
    is_other = typed is not None and typed.unit not in ("", question.unit)
    return f"typed as {typed.words}" if typed and is_other and means(question, typed, answer) else ""


def _givers(dossier: Dossier) -> dict[str, str]:
    """Who answered, by question, where it was not the patient on the web."""
    found: dict[str, str] = {}
    for revision in dossier.revisions:
        giver = _giver(revision)
        for question_id in {*revision.changes, *revision.texts}:
            found[question_id] = giver
    return found


def _giver(revision: Revision) -> str:
    via = _VIA[Revision.Via(revision.via)]
    if revision.made_by is None:
        return via
    return f"{via}, taken down by {name_of(revision.made_by)}" if via else name_of(revision.made_by)
