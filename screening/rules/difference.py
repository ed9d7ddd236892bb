"""What changed between two rule sets, part by part and field by field, in words for those who sign a new version.

Complete whatever fields are added to the document later: two rule sets with different sha256 always differ here.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from screening.rules.difference_words import EXPRESSIONS, KINDS, Values, canonical, field_in_words, title_of
from screening.rules.graph import mentioned
from screening.rules.parts import Part, by_name, plain
from screening.rules.plain import quoted
from screening.rules.ruleset import RuleSet, TimelineEntry, Translation

How = Literal["added", "removed", "changed", "moved"]
ASKED_THE_SAME = frozenset({"section", "instrument", "score", "modifiable", "lasting"})
"""fields of questions and choices whose change leaves what is asked, and what may be answered, as it was"""
Path = tuple[str, ...]
"""Fields and ids down to a part: ("questions", "leg_weakness", "choices", "worse"); () is the document itself."""


@dataclass(frozen=True)
class Change:
    """One thing that changed. `before` and `after` are as in the document, with their words beside them."""

    how: How
    path: Path
    where: str
    """the part in words: Rule U01 “Progressive leg weakness”"""
    field: str = ""
    """the field that changed; empty where a whole part was added, removed or moved"""
    before: Any = None
    after: Any = None
    before_words: str = ""
    after_words: str = ""
    list_words: str = ""
    """for a list, what came and went"""

    @property
    def same_meaning(self) -> bool:
        """Whether an expression is only written differently."""
        both = self.field in EXPRESSIONS and self.before and self.after
        return bool(both) and canonical(self.before) == canonical(self.after)

    @property
    def sentence(self) -> str:
        """The change as one sentence."""
        if self.how in ("added", "removed"):
            return f"{self.where}: {self.how}"
        if self.how == "moved":
            order = "in the order of urgency " if self.path[0] == "dispositions" else ""
            return f"{self.where}: moved {order}from {self.before_words} to {self.after_words}"
        words = field_in_words(self.field)
        if self.same_meaning:
            return f"{self.where}: {words} is written differently, with the same meaning"
        return f"{self.where}: {words} {self.list_words or f'{self.before_words} → {self.after_words}'}"


@dataclass(frozen=True)
class Difference:
    """All changes from one rule set to another, in the order of the document. False where there is none."""

    changes: tuple[Change, ...]
    added_or_changed_safety_questions: tuple[str, ...]
    """questions of the new rule set that an intake under way must be asked (again)"""

    def __bool__(self) -> bool:
        return bool(self.changes)

    def to_data(self) -> list[dict[str, Any]]:
        """The changes as plain data for JSON."""
        return [{**vars(change), "path": list(change.path), "sentence": change.sentence} for change in self.changes]

    def sentences(self) -> list[str]:
        """Every change as a sentence."""
        return [change.sentence for change in self.changes]


def difference(old: RuleSet, new: RuleSet) -> Difference:
    """What changed from the old rule set to the new one; both need the right shape only, not to pass `check`."""
    changes = tuple(_Comparison(old, new).part((), old, new))
    return Difference(changes, tuple(_safety_questions(new, changes)))


class _Comparison:
    def __init__(self, old: RuleSet, new: RuleSet) -> None:
        self.old, self.new = Values(old), Values(new)

    def part(self, path: Path, old: Part, new: Part, where: str = "Rule set") -> Iterator[Change]:
        """Every change between two states of a part, and in the parts inside it."""
        for field in type(new).model_fields:
            before, after = getattr(old, field), getattr(new, field)
            if before == after:
                continue
            if field == "translations":
                before, after = _by_text(before), _by_text(after)
            if isinstance(before, Part) and isinstance(after, Part):
                yield from self.part((*path, field), before, after, KINDS.get(field, field).capitalize())
            elif _holds_parts(before) or _holds_parts(after):
                yield from self.parts((*path, field), by_name(before), by_name(after), where)
            else:
                yield self.field(path, where, field, before, after)

    def field(self, path: Path, where: str, field: str, before: Any, after: Any) -> Change:
        """A change of one field."""
        return Change(
            how="changed",
            path=path,
            where=where,
            field=field,
            before=_data(before),
            after=_data(after),
            before_words=self.old.value(field, before),
            after_words=self.new.value(field, after),
            list_words=self.list_words(field, before, after),
        )

    def list_words(self, field: str, before: Any, after: Any) -> str:
        """What came into a list and what went; of scales, those that changed."""
        if isinstance(before, dict) and isinstance(after, dict):
            keys = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
            old, new = ({key: scales.get(key, ()) for key in keys} for scales in (before, after))
            return f"{self.old.value(field, old)} → {self.new.value(field, new)}"
        if not (isinstance(before, tuple) and isinstance(after, tuple)):
            return ""
        came = [self.new.item(field, item) for item in after if item not in before]
        went = [self.old.item(field, item) for item in before if item not in after]
        said = [f"{verb} {', '.join(items)}" for verb, items in (("now also", came), ("no longer", went)) if items]
        return "; ".join(said) or "in another order"

    def parts(self, path: Path, old: Mapping[str, Any], new: Mapping[str, Any], inside: str) -> Iterator[Change]:
        """Every change between two lists of parts."""
        for key, part in old.items():
            if key not in new:
                words = self.old.whole(part)
                where = _where(path, key, part, inside)
                yield Change("removed", (*path, key), where, before=_data(part), before_words=words)
        moved = _moved([key for key in old if key in new], [key for key in new if key in old])
        for key, part in new.items():
            where = _where(path, key, part, inside)
            if key not in old:
                yield Change("added", (*path, key), where, after=_data(part), after_words=self.new.whole(part))
                continue
            if isinstance(part, Part) and not isinstance(part, Translation):
                yield from self.part((*path, key), old[key], part, where)
            elif part != old[key]:
                field = "words" if isinstance(part, Translation) else "text"
                yield self.field((*path, key), where, field, old[key], part)
            if key in moved:
                places = _neighbour(key, old), _neighbour(key, new)
                yield Change("moved", (*path, key), where, before_words=places[0], after_words=places[1])


def _where(path: Path, key: str, part: Any, inside: str) -> str:
    """A part in words, after the part it stands in, if any."""
    kind = KINDS.get(path[-1], path[-1])
    named = f"{kind} {_named(key, part)}"
    return f"{inside}, {named}" if path[-1] == "choices" else named[:1].upper() + named[1:]


def _named(key: str, part: Any) -> str:
    """A part by its id and title; one without an id by when it is, or its key."""
    if isinstance(part, TimelineEntry | Translation):
        return quoted(key)
    return f"{key} {quoted(title_of(part))}" if isinstance(part, Part) else key


def _data(value: Any) -> Any:
    """As in the document."""
    return plain(value.model_dump(by_alias=True, exclude_defaults=True) if isinstance(value, Part) else value)


def _holds_parts(value: Any) -> bool:
    if isinstance(value, dict):
        return any(isinstance(item, Part | str) for item in value.values())
    return isinstance(value, tuple) and any(isinstance(item, Part) for item in value)


def _by_text(translations: Any) -> dict[str, Any]:
    """Translations by language, place and field in one; their order says nothing."""
    found = {
        f"{language} {place} {field}": translation
        for language, places in translations.items()
        for place, fields in places.items()
        for field, translation in fields.items()
    }
    return dict(sorted(found.items()))


def _moved(old: list[str], new: list[str]) -> set[str]:
    """The keys that stand elsewhere: those outside the longest run that kept its order."""
    place = {key: number for number, key in enumerate(old)}
    ends: list[int] = []
    runs: list[list[str]] = []
    for key in new:
        at = bisect_left(ends, place[key])
        run = [*(runs[at - 1] if at else []), key]
        ends[at : at + 1], runs[at : at + 1] = [place[key]], [run]
    return set(new) - set(runs[-1] if runs else [])


def _neighbour(key: str, parts: Mapping[str, Any]) -> str:
    keys = list(parts)
    place = keys.index(key)
    return f"after {_named(keys[place - 1], parts[keys[place - 1]])}" if place else "the first place"


def _safety_questions(new: RuleSet, changes: tuple[Change, ...]) -> Iterator[str]:
    """The safety questions whose wording, answers or condition changed, and the new ones."""
    asked = [change for change in changes if change.how != "moved" and change.field not in ASKED_THE_SAME]
    touched = {change.path[1] for change in asked if change.path[:1] == ("questions",)}
    meanings = {change.path[1] for change in asked if change.path[:1] == ("definitions",) and change.field != "title"}
    for question in new.questions:
        if question.safety and (question.id in touched or meanings & _definitions_behind(new, question.show_if)):
            yield question.id


def _definitions_behind(ruleset: RuleSet, expression: str | None) -> set[str]:
    """The definitions an expression stands on, through others."""
    meanings = {definition.id: definition.is_ for definition in ruleset.definitions}
    found: set[str] = set()
    left = [expression] if expression else []
    while left:
        named = mentioned(left.pop()) & meanings.keys() - found
        found |= named
        left += [meanings[name] for name in named]
    return found
