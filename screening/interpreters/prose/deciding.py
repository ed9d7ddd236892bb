"""The rules, by the disposition they ask for."""

from collections.abc import Iterator, Sequence

from screening.interpreters.prose.index import Index, to_statement
from screening.interpreters.prose.markdown import chapter, heading, link, table, text
from screening.rules.plain import hours_in_words
from screening.rules.ruleset import Disposition, Rule


def rules(index: Index) -> Iterator[str]:
    """All rules: those that decide, most urgent first, and those that only inform."""
    ruleset = index.ruleset
    yield from chapter("Rules", "rules")
    for disposition in ruleset.dispositions:
        found = [rule for rule in ruleset.rules if rule.disposition == disposition.id]
        yield from heading(3, text(disposition.label), f"rules-{disposition.id}")
        yield f"First contact {_within(disposition.contact_within_hours)}, unless a rule says sooner."
        yield ""
        yield from _group(index, found)
    yield from heading(3, "Rules that only inform", "rules-informing")
    yield "They never change the disposition or the time limit. They may rule a procedure out, and add words."
    yield ""
    yield from _group(index, [rule for rule in ruleset.rules if not rule.disposition])


def _group(index: Index, found: Sequence[Rule]) -> Iterator[str]:
    if not found:
        yield "No rule asks for this disposition."
        yield ""
        return
    yield from table(
        ("Rule", "Title", "First contact", "When not known"),
        (
            (
                link(text(rule.id), f"#rule-{rule.id}"),
                text(rule.title),
                "" if rule.contact_within_hours is None else _within(rule.contact_within_hours),
                f"clarify {_within(rule.clarify_within_hours)}" if rule.clarify_within_hours is not None else "",
            )
            for rule in found
        ),
    )
    for rule in found:
        yield from _rule(index, rule)


def _rule(index: Index, rule: Rule) -> Iterator[str]:
    yield from heading(4, f"{text(rule.id)} · {text(rule.title)}", f"rule-{rule.id}")
    yield from index.condition(rule.when, "**When**")
    disposition = index.ruleset.disposition(rule.disposition) if rule.disposition else None
    for name, words in _says(index, rule, disposition):
        if words:
            yield f"- **{name}:** {words}"
    yield ""


def _says(index: Index, rule: Rule, disposition: Disposition | None) -> Iterator[tuple[str, str]]:
    if disposition:
        hours = disposition.contact_within_hours if rule.contact_within_hours is None else rule.contact_within_hours
        yield "Then", f"{index.disposition(disposition.id)}, first contact {_within(hours)}"
    if rule.clarify_within_hours is not None:
        yield "When not known", f"a person clarifies {_within(rule.clarify_within_hours)} (alarm rule)"
    yield "Approach", text((rule.approach or "").replace("_", " "))
    yield "Supports", index.procedures(rule.supports)
    yield "Rules out", index.procedures(rule.rules_out)
    yield "The patient reads", f"“{text(rule.patient)}”" if rule.patient else ""
    yield "The surgeon reads", text(rule.surgeon)
    yield "Why", text(rule.why) if rule.why != rule.surgeon else ""
    yield "Sources", index.citations(rule.cites)
    yield "Reflects", ", ".join(map(to_statement, rule.reflects))
    yield "Answers for it", text(rule.owner)
    yield "To be looked at again by", rule.review_by


def _within(hours: int) -> str:
    return "at once" if hours == 0 else f"within {hours_in_words(hours)}"
