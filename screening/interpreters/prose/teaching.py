"""What patients can read: facts, the time line, and the options compared."""

from collections.abc import Iterator

from screening.interpreters.prose.index import Index, to_statement
from screening.interpreters.prose.markdown import anchor, chapter, heading, table, text
from screening.rules.education import Option, Point, TimelineEntry

_ITSELF = (
    ("about", "The choice in general"),
    ("known", "What is known"),
    ("not_known", "What is not known"),
    ("made_by", "Made by"),
    ("funding", "Who paid, and who gains"),
    ("updated", "Last update"),
    ("next_review", "Next review"),
)


def education(index: Index) -> Iterator[str]:
    """Everything for patients that is no question and no result."""
    found = index.ruleset.education
    yield from chapter("What patients can read", "education")
    for fact in found.facts:
        yield f"- {anchor(f'fact-{fact.id}')}**{text(fact.id)}** {text(fact.text)} ({_grounds(index, fact)})"
    yield from heading(3, "Time line", "timeline")
    yield from table(
        ("When", "What", "Weeks in the picture", "Reflects"),
        (
            (text(entry.when), text(entry.text), _weeks(entry), ", ".join(map(to_statement, entry.reflects)))
            for entry in found.timeline
        ),
    )
    yield from _comparison(index)


def _grounds(index: Index, part: object) -> str:
    cited = index.citations(getattr(part, "citations", ()))
    reflected = ", ".join(map(to_statement, getattr(part, "reflects", ())))
    return "; ".join(filter(None, (cited, reflected and f"reflects {reflected}"))) or "no source"


def _weeks(entry: TimelineEntry) -> str:
    if entry.from_week is None and entry.to_week is None:
        return "not drawn"
    return f"{'…' if entry.from_week is None else entry.from_week} to {'…' if entry.to_week is None else entry.to_week}"


def _comparison(index: Index) -> Iterator[str]:
    found = index.ruleset.education
    if found.options:
        yield from heading(3, "Options compared", "options")
    for name, title in _ITSELF:
        if words := getattr(found, name):
            yield f"- **{title}:** {text(words)}"
    if found.citations:
        yield f"- **Sources of what is said in general:** {index.citations(found.citations)}"
    for option in found.options:
        yield from _option(index, option)
    yield from _asked(index)


def _option(index: Index, option: Option) -> Iterator[str]:
    yield from heading(4, f"{text(option.id)} · {text(option.label)}", f"option-{option.id}")
    yield f"{text(option.what)} ({_grounds(index, option)})"
    yield ""
    for kind, title in (("benefit", "What can go well"), ("harm", "What can go badly")):
        points = [point for point in index.ruleset.education.points if (point.option, point.kind) == (option.id, kind)]
        yield f"{title}:"
        yield ""
        yield from (_point(index, point) for point in points)
        yield ""
    yield f"Not known: {text(option.not_known)}"


def _point(index: Index, point: Point) -> str:
    drawn = "" if point.low is None else f"; drawn as {point.low} to {point.high or point.low} of 100"
    return f"- {anchor(f'point-{point.id}')}**{text(point.id)}** {text(point.text)} ({_grounds(index, point)}{drawn})"


def _asked(index: Index) -> Iterator[str]:
    found = index.ruleset.education
    if found.what_matters:
        yield from heading(4, "What may matter to a patient", "matters")
        yield from (f"- **{text(matter.id)}** {text(matter.text)}" for matter in found.what_matters)
    if found.questions_to_ask:
        yield from heading(4, "Questions a patient may take along", "questions-to-ask")
    for asked in found.questions_to_ask:
        whom = f" (where the disposition is {index.dispositions(asked.dispositions)})" if asked.dispositions else ""
        yield f"- **{text(asked.id)}** {text(asked.text)}{whom}"
