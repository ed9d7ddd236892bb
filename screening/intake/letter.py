"""What stands in a patient's letters: their result, and the options compared. letters/patient.typ sets it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from screening import letters
from screening.intake import words
from screening.intake.comparison import Comparison, Said, ShownOption
from screening.intake.picture import picture
from screening.intake.result import Result
from screening.models import Site

Block = dict[str, Any]
NORMAL, LARGE = 12, 18
"""in points; 18 is what blind people's associations ask of large print"""


def result_letter(result: Result, *, size: int = NORMAL) -> bytes:
    """A PDF of the result, with the answers and what to ask."""
    title = _("Your result")
    return _made(title, list(_result(title, result)), result.site, size, footer=result.referral.reference)


def decision_letter(site: Site, comparison: Comparison, *, size: int = NORMAL) -> bytes:
    """A PDF of the options compared. Nothing in it is about one person."""
    title = _("Compare your options")
    return _made(title, list(_decision(title, comparison)), site, size, footer=title)


def _made(title: str, blocks: list[Block], site: Site, size: int, *, footer: str) -> bytes:
    data = {
        "title": title,
        "language": (get_language() or "en").partition("-")[0],
        "rtl": get_language_bidi(),
        "size": size,
        "footer": f"{site.name} · {footer}",
        "blocks": blocks,
    }
    return letters.pdf("patient.typ", data)


# The result -----------------------------------------------------------------------------------------------------------


def _result(title: str, result: Result) -> Iterator[Block]:
    yield from _head(title, result)
    yield from _meaning(result)
    yield _heading(_("What happens next"))
    yield from map(_text, result.next_steps)
    yield from _why(result)
    yield from _worse(result)
    if result.comparison.questions:
        yield _heading(_("Questions you can ask"))
        yield _list(result.comparison.questions)
    yield _heading(_("Your answers"))
    yield _text(_("You sent them on %(day)s.") % {"day": result.sent_on})
    for section in result.sections:
        yield _heading(section.title, 3)
        yield {"t": "pairs", "rows": [[row.term, row.words] for row in section.rows]}


def _head(title: str, result: Result) -> Iterator[Block]:
    site, patient = result.site, result.referral.patient
    yield _heading(title, 1)
    today = words.day_words(site.local(timezone.now()).date())
    reference = _("Your reference number: %(reference)s") % {"reference": result.referral.reference}
    lines = [patient.name if patient else "", reference, today, site.name, site.telephone]
    yield _text("\n".join(filter(None, lines)))


def _meaning(result: Result) -> Iterator[Block]:
    if result.told:
        yield _heading(_("What the surgeon tells you"))
        yield _text(str(result.told.title), strong=True)
        if result.told.procedures:
            yield _text(_("You talked about: %(procedures)s.") % {"procedures": ", ".join(result.told.procedures)})
        yield _text(
            result.told.advice or _("There is no written advice. If you are not sure what to do, call the clinic.")
        )
        yield _text(_("You decide together with the surgeon. You can always ask again, and you can always say no."))
        return
    yield _heading(_("What this means"))
    yield _text(f"{result.disposition.patient_label}.", strong=True)
    yield _text(result.disposition.patient)


def _why(result: Result) -> Iterator[Block]:
    yield _heading(_("What your answers said at first") if result.told else _("Why we say so"))
    if result.told:
        yield _text(f"{result.disposition.patient_label}.")
    if result.reasons:
        yield _list(result.reasons)
    else:
        yield _text(_("No single answer is the reason. We looked at all your answers together."))
    yield _heading(_("What you can do now"))
    yield _list(
        (
            *result.advice,
            _("Write down what you want to ask."),
            _("Have letters, scan reports and the names of your medicines ready for when we talk."),
        )
    )


def _worse(result: Result) -> Iterator[Block]:
    site = result.site
    yield _heading(_("If it gets worse"))
    number = _("Do not wait for us. In an emergency call %(number)s. For anything else, call the clinic.")
    yield _text(number % {"number": site.emergency_number}, strong=True)
    yield _text("\n".join(filter(None, [site.name, site.telephone, site.email, site.opening_hours])))
    if result.ruleset.notice:
        yield {"t": "notice", "title": _("Keep in mind"), "items": _items(result.ruleset.notice)}


# The options compared -------------------------------------------------------------------------------------------------


def _decision(title: str, comparison: Comparison) -> Iterator[Block]:
    education = comparison.education
    yield _heading(title, 1)
    yield _text(_("This is for everyone. It does not say that surgery is right for you."), strong=True)
    yield _text(_("You do not have to choose now. A surgeon talks with you first. You can take this along."))
    yield _heading(_("What this is about"))
    yield _said(Said(education.about, comparison.general))
    yield _heading(_("Your options"))
    yield _text(f"{comparison.how_to_read} {comparison.how_to_see}")
    for option in comparison.options:
        yield from _option(option)
    yield _heading(_("What is known"))
    yield _said(Said(education.known, comparison.general))
    yield _heading(_("What is not known"))
    yield _text(education.not_known)
    yield from _getting_well(comparison)
    yield from _to_fill_in(comparison)
    yield from _behind(comparison)


def _option(option: ShownOption) -> Iterator[Block]:
    yield _heading(option.label, 3)
    yield _said(option.what)
    yield {
        "t": "sides",
        "sides": [_side(_("What can go well"), option.benefits), _side(_("What can go badly"), option.harms)],
    }
    yield _heading(_("What we do not know"), 4)
    yield _text(option.not_known)


def _getting_well(comparison: Comparison) -> Iterator[Block]:
    entries = comparison.education.timeline
    if not entries:
        return
    yield _heading(_("Getting well after an operation"))
    yield _text(_("Everyone is different. Your own team will tell you more."))
    if drawn := picture(entries):
        svg = render_to_string("_components/time_line_picture.html", {"picture": drawn, "id": "weeks"})
        yield {"t": "picture", "svg": svg, "words": drawn.description}
    yield {"t": "pairs", "rows": [[capfirst(entry.when), entry.text] for entry in entries]}


def _to_fill_in(comparison: Comparison) -> Iterator[Block]:
    if comparison.matters:
        yield _heading(_("What matters to you"))
        yield {
            "t": "choice",
            "title": _("How much does this matter to you?"),
            "answers": [_("Not much"), _("Some"), _("A lot")],
            "rows": [text for _id, text in comparison.matters],
        }
    yield _heading(_("Questions you can ask"))
    yield {"t": "to-write", "items": [*comparison.questions, _("My own question:")]}


def _behind(comparison: Comparison) -> Iterator[Block]:
    education = comparison.education
    yield _heading(_("Who made this, and when"))
    days = {"updated": comparison.updated, "next_review": comparison.next_review}
    yield _text(education.made_by)
    yield _text(education.funding)
    yield _text(_("Last update: %(updated)s. Next review: %(next_review)s.") % days)
    yield _heading(_("Where this comes from"))
    sources = [{"words": each.text, "note": str(each.honest), "url": each.url or ""} for each in comparison.sources]
    yield {"t": "numbered", "items": sources}


# Blocks ---------------------------------------------------------------------------------------------------------------


def _heading(text: str, level: int = 2) -> Block:
    return {"t": "heading", "level": level, "words": text}


def _text(text: str, *, strong: bool = False) -> Block:
    return {"t": "text", "words": text, "strong": strong}


def _items(texts: Iterable[str]) -> list[dict[str, str]]:
    return [{"words": text, "note": ""} for text in texts]


def _list(texts: Iterable[str]) -> Block:
    return {"t": "list", "items": _items(texts)}


def _said(said: Said) -> Block:
    return _text(f"{said.words} {_numbers(said)}".strip())


def _side(title: str, points: Iterable[Said]) -> Block:
    return {"title": title, "items": list(map(_point, points))}


def _point(said: Said) -> Block:
    point = {"words": said.words, "note": _numbers(said)}
    if said.hundred is None:
        return point
    svg = render_to_string("_components/hundred.html", {"hundred": said.hundred})
    return {**point, "svg": svg, "alt": said.hundred.words}


def _numbers(said: Said) -> str:
    return f"[{', '.join(map(str, said.sources))}]" if said.sources else ""
