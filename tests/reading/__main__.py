"""Prints how hard the patients' texts are, the worst of them, and what is amiss. Exit 1 where anything is."""

import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.reading.measure import LANGUAGES, measure, too_hard
from tests.reading.texts import Text, everything
from tests.reading.tone import said_amiss

WORST = 5


def report(texts: list[Text], amiss: list[str]) -> Iterator[str]:
    """The lines to print."""
    for language in dict.fromkeys(text.language for text in texts):
        yield from _table([text for text in texts if text.language == language and not text.fixed_by], language)
    fixed = Counter(f"{text.fixed_by}, {text.language}" for text in texts if text.fixed_by)
    yield "Not measured, since a published instrument fixes the words:"
    yield from (f"  {name}: {count}" for name, count in fixed.items())
    yield from amiss
    yield f"{len(amiss)} to mend." if amiss else "Every text reads well."


def _table(texts: list[Text], language: str) -> Iterator[str]:
    how = LANGUAGES[language]
    graded = sorted(((measure(text.words, language).grade, text) for text in texts), key=lambda pair: -pair[0])
    middle = statistics.median(grade for grade, _ in graded)
    yield f"{how.name}: {len(graded)} texts, half of them up to {middle:.1f}, at most {how.limit:.1f} ({how.scale})"
    yield from (f"  {grade:5.1f}  {text.place[:44]:44}  {text.words[:66]}" for grade, text in graded[:WORST])


def all_amiss(texts: Iterable[Text]) -> list[str]:
    """What is too hard or out of tone, in every text that is ours."""
    return [line for text in texts if not text.fixed_by for line in _amiss(text)]


def _amiss(text: Text) -> Iterator[str]:
    said = (f"“{each.words}”: {each.why}" for each in said_amiss(text.words, text.language))
    for what in (*too_hard(text.words, text.language), *said):
        yield f"{text.language} {text.place}: {what}\n    {text.words}"


def main() -> int:
    texts = list(everything())
    amiss = all_amiss(texts)
    sys.stdout.write("\n".join(report(texts, amiss)) + "\n")
    return 1 if amiss else 0


if __name__ == "__main__":
    sys.exit(main())
