"""What is wrong with the translations of a rule set; and what is only out of date, which hinders nothing else."""

from collections.abc import Iterator

from screening.rules.problems import DocumentError, Problem, Suggestions
from screening.rules.ruleset import RuleSet, Translation
from screening.rules.translations import Texts, patient_texts, placeholders, texts_in, translated


def check_translations(ruleset: RuleSet, suggest: Suggestions) -> Iterator[Problem]:
    """Errors: texts that are not there, words that are empty, too long or lack what is filled in."""
    texts = patient_texts(ruleset) if ruleset.translations else {}
    for language, places in ruleset.translations.items():
        where = f"translations/{language}"
        if language == ruleset.language:
            yield Problem(where, f"`{language}` is the rule set's own language.")
        for place, fields in places.items():
            if place not in texts:
                hint = suggest(place, texts)
                yield Problem(f"{where}/{place}", "No text for patients stands there.", suggestion=hint)
                continue
            for field, translation in fields.items():
                yield from _one(f"{where}/{place}/{field}", place, field, translation, texts, suggest)
        yield from _too_long(ruleset, language)


def _one(
    where: str, place: str, field: str, translation: Translation, texts: Texts, suggest: Suggestions
) -> Iterator[Problem]:
    source = texts[place].get(field)
    if source is None:
        yield Problem(where, f"`{field}` is no text for patients.", suggestion=suggest(field, texts[place]))
    elif not translation.words.strip():
        yield Problem(where, "The translation is empty.", suggestion="take it out until it is written")
    elif translation.is_of(source) and placeholders(source) != placeholders(translation.words):
        wanted = " ".join(sorted(placeholders(source).elements())) or "none"
        yield Problem(where, "What is filled in must be the same in both texts.", suggestion=f"here: {wanted}")


def _too_long(ruleset: RuleSet, language: str) -> Iterator[Problem]:
    try:
        translated(ruleset, language, drafts=True)
    except DocumentError as error:
        for problem in error.problems:
            yield Problem(f"translations/{language}/{problem.place}", problem.message)


def out_of_date(ruleset: RuleSet) -> list[Problem]:
    """Warnings: translations of a text that has changed since."""
    return [
        Problem(
            f"translations/{language}/{text.address.place}/{text.address.field}",
            "The text has changed since it was translated: patients read it in the rule set's own language.",
        )
        for language in ruleset.translations
        for text in texts_in(ruleset, language)
        if text.state == "stale"
    ]
