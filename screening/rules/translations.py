"""The patients' texts of a rule set, and the same rule set with them in another language.

A text's address is its place, the ids down to the part that stands by itself ("questions/fever", "education/facts/F01",
"ruleset" for the document itself), and its field there ("text", "choices/yes", "notice/1").
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple, get_args

from screening.rules.graph import dependencies, mentioned
from screening.rules.parts import FOR_PATIENTS, Part, Translation, by_name
from screening.rules.ruleset import Question, RuleSet
from screening.rules.shape import read_shape

Texts = dict[str, dict[str, str]]
"""place → field → text"""
State = Literal["missing", "stale", "draft", "approved"]
WHOLE = "ruleset"
"""the place of the document's own texts"""
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\(\w+\)[sd]")


class Address(NamedTuple):
    """Where a patients' text stands."""

    place: str
    field: str


class Text(NamedTuple):
    """A patients' text and what became of it in one language."""

    address: Address
    source: str
    translation: Translation | None

    @property
    def state(self) -> State:
        """Stale counts as not approved: what it says may no longer be what is asked."""
        if self.translation is None or not self.translation.words.strip():
            return "missing"
        return self.translation.status if self.translation.is_of(self.source) else "stale"


def patient_texts(ruleset: RuleSet) -> Texts:
    """Every text that patients read, in the order of the document; empty ones are left out."""
    found: Texts = {}
    for (place, field), text, _ in _texts(ruleset):
        found.setdefault(place, {})[field] = text
    return found


def texts_in(ruleset: RuleSet, language: str) -> tuple[Text, ...]:
    """Every patients' text with its translation into that language, in the order of the document."""
    places = ruleset.translations.get(language, {})
    return tuple(Text(at, text, places.get(at.place, {}).get(at.field)) for at, text, _ in _texts(ruleset))


def states(ruleset: RuleSet, language: str) -> Counter[State]:
    """How many texts are in which state."""
    return Counter(text.state for text in texts_in(ruleset, language))


@lru_cache(maxsize=128)
def unusable(ruleset: RuleSet, language: str) -> tuple[Text, ...]:
    """The alarm texts that are not translated and approved: while there are any, the language is not offered."""
    needed = alarm_places(ruleset)
    return tuple(t for t in texts_in(ruleset, language) if t.state != "approved" and _is_alarm(t.address, needed))


@lru_cache(maxsize=128)
def languages_offered(ruleset: RuleSet, *, demo: bool = False) -> tuple[str, ...]:
    """The rule set's own language, then those whose alarm texts are all approved; in a demo every one begun."""
    others = [each for each in ruleset.translations if each != ruleset.language]
    return (ruleset.language, *(each for each in others if demo or not unusable(ruleset, each)))


def alarm_places(ruleset: RuleSet) -> frozenset[str]:
    """The places whose every text must be understood: alarm rules, where they lead, and the questions they stand on."""
    leads = {each.id for each in ruleset.dispositions if each.stop_intake}
    leads |= {rule.disposition for rule in ruleset.rules if rule.is_alarm and rule.disposition}
    rules = [rule for rule in ruleset.rules if rule.is_alarm or rule.disposition in leads]
    tested = _questions_behind(ruleset, [rule.when for rule in rules if rule.is_alarm])
    asked = [question for question in ruleset.questions if question.safety or question.id in tested]
    return frozenset(
        {f"dispositions/{each}" for each in {*leads, ruleset.clarify_disposition}}
        | {f"rules/{rule.id}" for rule in rules}
        | {f"questions/{question.id}" for question in asked}
        | {f"sections/{question.section}" for question in asked}
    )


def _questions_behind(ruleset: RuleSet, expressions: Iterable[str]) -> set[str]:
    """What expressions mention, and what decides whether it is asked or what it means."""
    needs, found = dependencies(ruleset), set[str]()
    left = [name for expression in expressions for name in mentioned(expression)]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += needs.get(name, ())
    return found


def _is_alarm(address: Address, places: frozenset[str]) -> bool:
    return address.place in places or (address.place == WHOLE and address.field.startswith("notice/"))


@lru_cache(maxsize=32)
def translated(ruleset: RuleSet, language: str, *, drafts: bool = False) -> RuleSet:
    """The same rule set with the patients' texts in that language, to be read and never to decide with.

    Only approved translations, and in a demo drafts; what has none stays as it is. Ids and expressions are the same.
    """
    wanted = {"approved", "draft"} if drafts else {"approved"}
    words = {t.address: t.translation.words for t in texts_in(ruleset, language) if t.translation and t.state in wanted}
    if not words:
        return ruleset
    document = {**ruleset.document(), "language": language}
    document.pop("translations", None)
    for address, _, path in _texts(ruleset):
        if address in words:
            _put(document, path, words[address])
    return read_shape(RuleSet, document)


def placeholders(text: str) -> Counter[str]:
    """The places in a text that are filled in: a translation has the same ones."""
    return Counter(_PLACEHOLDER.findall(text))


# Walking ------------------------------------------------------------------------------------------------------------


class _Step(NamedTuple):
    """One step down in a document: the key in its data, the name for people, whether it names one part of several."""

    key: str | int
    name: str
    names_part: bool = False


_Path = tuple[_Step, ...]


@lru_cache(maxsize=32)
def _texts(ruleset: RuleSet) -> tuple[tuple[Address, str, _Path], ...]:
    found = ((_address(path), text, path) for path, text in _in_part(ruleset, ()) if text.strip())
    asked = {f"sections/{question.section}" for question in ruleset.questions if question.audience == "patient"}
    return tuple(each for each in found if each[0].place in asked or not each[0].place.startswith("sections/"))


def _address(path: _Path) -> Address:
    """The place goes down to the first named part; a text in none is one of the whole document."""
    length = next((number for number, step in enumerate(path, 1) if step.names_part), 0)
    place, field = ("/".join(step.name for step in steps) for steps in (path[:length], path[length:]))
    return Address(place or WHOLE, field)


def _in_part(part: Part, path: _Path) -> Iterator[tuple[_Path, str]]:
    if isinstance(part, Question) and part.audience != "patient":
        return
    for name, marked in _fields(type(part)):
        yield from _in_value(getattr(part, name), (*path, _Step(name, name)), marked)


def _in_value(value: Any, path: _Path, marked: bool) -> Iterator[tuple[_Path, str]]:
    if isinstance(value, str) and marked:
        yield path, value
    elif isinstance(value, Part):
        yield from _in_part(value, path)
    elif isinstance(value, tuple):
        for place, (name, inner) in enumerate(by_name(value).items()):
            yield from _in_value(inner, (*path, _Step(place, name, isinstance(inner, Part))), marked)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _in_value(inner, (*path, _Step(key, key, isinstance(inner, Part))), marked)


@cache
def _fields(model: type[Part]) -> tuple[tuple[str, bool], ...]:
    """The fields of a kind of part that hold patients' texts, or parts that may: whether each is a text itself."""
    found = ((name, _marked(info.metadata, info.annotation), info) for name, info in model.model_fields.items())
    return tuple((name, marked) for name, marked, info in found if marked or _holds_parts(info.annotation))


def _marked(metadata: Iterable[Any], annotation: Any) -> bool:
    inside = [*metadata, *getattr(annotation, "__metadata__", ())]
    return FOR_PATIENTS in inside or any(_marked((), inner) for inner in get_args(annotation))


def _holds_parts(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation is not Translation
    return any(_holds_parts(inner) for inner in get_args(annotation))


def _put(document: Any, path: _Path, words: str) -> None:
    for step in path[:-1]:
        document = document[step.key]
    document[path[-1].key] = words
