"""A rule set as one readable document, for the people who answer for it: everything it holds, in words, with sources.

Markdown, the same bytes for the same rule set. Nothing here decides anything or adds to the rule set.
"""

import re
from collections.abc import Iterator

from screening.interpreters.prose.asking import definitions, questions
from screening.interpreters.prose.deciding import rules
from screening.interpreters.prose.grounds import citations, instruments, properties, source_statements
from screening.interpreters.prose.index import Index
from screening.interpreters.prose.languages import translations
from screening.interpreters.prose.opening import contents, dispositions, opening
from screening.interpreters.prose.teaching import education
from screening.rules.ruleset import RuleSet

__all__ = ["prose"]


def prose(ruleset: RuleSet) -> str:
    """The document of a rule set that passed `check`."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_lines(Index(ruleset)))).strip() + "\n"


def _lines(index: Index) -> Iterator[str]:
    yield from opening(index)
    yield from contents(index)
    yield from dispositions(index)
    yield from questions(index)
    yield from definitions(index)
    yield from rules(index)
    yield from properties(index)
    yield from education(index)
    yield from translations(index)
    yield from source_statements(index)
    yield from instruments(index)
    yield from citations(index)
