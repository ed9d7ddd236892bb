"""What the rules rest on: safety claims, source statements, instruments, citations."""

from collections.abc import Iterator

from screening.interpreters.prose.index import Index, to_question
from screening.interpreters.prose.markdown import anchor, chapter, code, heading, link, table, text
from screening.rules.plain import hours_in_words
from screening.rules.ruleset import Property

_STATUS = {"confirmed": "confirmed", "to_confirm": "**to be confirmed**", "design": "design choice"}


def properties(index: Index) -> Iterator[str]:
    """The claims, each in the rule set's words and in full."""
    yield from chapter("Safety claims", "properties")
    yield "Claims about every possible set of answers. They are proved before a version is published, not sampled."
    yield ""
    for prop in index.ruleset.properties:
        yield from heading(3, f"{text(prop.id)} · {text(prop.claim)}", f"property-{prop.id}")
        yield from _claim(index, prop)


def _claim(index: Index, prop: Property) -> Iterator[str]:
    if prop.given:
        yield from index.condition(prop.given, "**Whenever**")
    if prop.given_disposition_in:
        yield f"**Whenever** the disposition is {index.dispositions(prop.given_disposition_in)}."
        yield ""
    if prop.kind == "only_if" and prop.disposition:
        yield f"The disposition is {index.disposition(prop.disposition)} **only if** the following holds."
        yield ""
    if prop.requires:
        yield from index.condition(prop.requires, "**Required:**")
    if prop.scales:
        yield "No step along these scales makes the disposition less urgent or the contact later:"
        yield ""
    yield from (f"- {line}" for line in _demands(index, prop))
    yield ""


def _demands(index: Index, prop: Property) -> Iterator[str]:
    if prop.disposition_in:
        yield f"the disposition is {index.dispositions(prop.disposition_in)}"
    if prop.disposition_not_in:
        yield f"the disposition is never {index.dispositions(prop.disposition_not_in)}"
    if prop.at_least_as_urgent_as:
        yield f"the disposition is at least as urgent as {index.disposition(prop.at_least_as_urgent_as)}"
    if prop.contact_within_hours is not None:
        hours = prop.contact_within_hours
        yield f"the first contact is {'at once' if hours == 0 else f'no later than {hours_in_words(hours)}'}"
    yield from _other_demands(index, prop)


def _other_demands(index: Index, prop: Property) -> Iterator[str]:
    if prop.never_supports:
        yield f"never supported: {index.procedures(prop.never_supports)}"
    if prop.requires_all_clarifying_rules_false:
        yield "every alarm rule is false, not just not known"
    if prop.questions:
        yield f"these answers never change the disposition: {', '.join(map(to_question, prop.questions))}"
    for question_id, scale in prop.scales.items():
        question = index.ruleset.question(question_id)
        steps = " → ".join(f"“{text(question.label_of(step))}”" for step in scale)
        yield f"{to_question(question_id)}: {steps}"
    if prop.kind == "total":
        yield "every set of answers has exactly one disposition, with a reason"
    if prop.kind == "order_free":
        yield "the order of rules and of answers never matters"


def source_statements(index: Index) -> Iterator[str]:
    """What the source leaflets say, and where."""
    yield from chapter("What the sources say, and where it is reflected", "statements")
    yield from table(
        ("", "Statement", "Reflected in"),
        (
            (f"{anchor(f'statement-{name}')}{text(name)}", text(words), ", ".join(index.reflected[name]) or "nowhere")
            for name, words in index.ruleset.source_statements.items()
        ),
    )


def instruments(index: Index) -> Iterator[str]:
    """Published instruments and their terms."""
    yield from chapter("Instruments", "instruments")
    yield from table(
        ("Instrument", "Used", "Terms"),
        ((text(item.name), "yes" if item.used else "no", text(item.terms)) for item in index.ruleset.instruments),
    )


def citations(index: Index) -> Iterator[str]:
    """Every citation with its status and who uses it."""
    yield from chapter("Citations", "citations")
    for name, citation in index.ruleset.citations.items():
        place = f"{anchor(f'citation-{name}')}{code(name)}"
        words = link(text(citation.text), citation.url) if citation.url else text(citation.text)
        users = ", ".join(index.cited[name]) or "nothing"
        yield f"- {place} {words} · {_STATUS[citation.status]} · used by {users}"
