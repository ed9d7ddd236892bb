"""What became of the patients' texts in other languages."""

from collections.abc import Iterator

from screening.interpreters.prose.index import Index
from screening.interpreters.prose.markdown import chapter, code, heading, link, table, text
from screening.rules.translations import Text, languages_offered, states, texts_in, unusable


def translations(index: Index) -> Iterator[str]:
    """How far each language is, and every translation beside what it translates; nothing where there is none."""
    ruleset = index.ruleset
    if not ruleset.translations:
        return
    yield from chapter("Translations", "translations")
    yield (
        "A language is offered to patients when every text that belongs to an alarm is translated and approved: the "
        "notices, the safety questions, the alarm rules with the questions they stand on, and the dispositions they "
        "lead to. A translation is *stale* when its text has changed since. What is not approved is read in the rule "
        "set's own language."
    )
    yield ""
    rows = (_progress(index, language) for language in ruleset.translations)
    yield from table(("Language", "Approved", "Draft", "Stale", "Missing", "Offered to patients"), rows)
    for language in ruleset.translations:
        yield from heading(3, f"Translation into {code(language)}", f"translation-{language}")
        known = [each for each in texts_in(ruleset, language) if each.translation]
        yield from table(("Text", "In the rule set", "Translation", "State"), map(_row, known))


def _progress(index: Index, language: str) -> tuple[str, ...]:
    found = states(index.ruleset, language)
    left = len(unusable(index.ruleset, language))
    offered = "yes" if language in languages_offered(index.ruleset) else f"no: {left} alarm texts are not approved"
    counts = (str(found[state]) for state in ("approved", "draft", "stale", "missing"))
    return (link(code(language), f"#translation-{language}"), *counts, offered)


def _row(each: Text) -> tuple[str, ...]:
    assert each.translation is not None
    state = f"approved by {text(each.translation.by)}" if each.state == "approved" else each.state
    return code(f"{each.address.place} {each.address.field}"), text(each.source), text(each.translation.words), state
