"""What must fit together in what patients are taught: its sources, and both sides of every option."""

from collections.abc import Callable, Iterable, Iterator

from screening.rules.education import Education, Option, Point
from screening.rules.problems import Problem

Exist = Callable[[str, str, Iterable[str | None]], Iterator[Problem]]
"""Says which of some ids of one kind are not there: exist(place, kind, ids)."""
_TOLD = ("about", "known", "not_known", "made_by", "funding", "updated", "next_review")


def education_problems(education: Education, exist: Exist) -> Iterator[Problem]:
    """Everything wrong with a rule set's education."""
    yield from exist("education/citations", "citation", education.citations)
    for fact in education.facts:
        yield from exist(f"education/facts/{fact.id}/citations", "citation", fact.citations)
        yield from exist(f"education/facts/{fact.id}/reflects", "source statement", fact.reflects)
    for entry in education.timeline:
        yield from exist(f"education/timeline/{entry.when}", "source statement", entry.reflects)
        if entry.from_week is not None and entry.to_week is not None and entry.to_week < entry.from_week:
            yield Problem(f"education/timeline/{entry.when}", "It ends before it begins.")
    for kind in ("options", "points"):
        for part in getattr(education, kind):
            yield from _sources(f"education/{kind}/{part.id}/citations", part, exist)
    for asked in education.questions_to_ask:
        yield from exist(f"education/questions_to_ask/{asked.id}/dispositions", "disposition", asked.dispositions)
    yield from _balance(education)
    yield from _itself(education)


def _sources(place: str, part: Option | Point, exist: Exist) -> Iterator[Problem]:
    yield from exist(place, "citation", part.citations)
    if not part.citations:
        yield Problem(place, "Say where this comes from: patients weigh a choice by it.")


def _balance(education: Education) -> Iterator[Problem]:
    """An option with one side only would speak for it, or against it."""
    options = {option.id for option in education.options}
    for point in education.points:
        if point.option not in options:
            yield Problem(f"education/points/{point.id}/option", f"There is no option `{point.option}`.")
        if point.high is not None and (point.low is None or point.high < point.low):
            yield Problem(f"education/points/{point.id}/high", "The high number needs a low one that is no larger.")
    for option in education.options:
        kinds = {point.kind for point in education.points if point.option == option.id}
        for kind in sorted({"benefit", "harm"} - kinds):
            yield Problem(f"education/options/{option.id}", f"This option has no {kind}: show both sides of each.")


def _itself(education: Education) -> Iterator[Problem]:
    """Who compares options is told who says so, when, and for whose money."""
    if education.options:
        for field in _TOLD:
            if not getattr(education, field).strip():
                yield Problem(f"education/{field}", "A comparison of options has to say this.")
    if education.updated and education.next_review and education.next_review <= education.updated:
        yield Problem("education/next_review", "The next review is not after the last update.")
