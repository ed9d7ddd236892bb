"""Test patients: answers and what is expected of them (language.md section 7)."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from screening.rules.outcome import Outcome
from screening.rules.parts import AnyCaseId, Hours, Many, Part, Title, Words, sha256_of
from screening.rules.problems import DocumentError, Problem, Suggestions
from screening.rules.ruleset import Approach, RuleSet

AnswerValue = str | int | float | Many[str] | None


class Profile(Part):
    about: Words = ""
    answers: dict[str, AnswerValue] = {}


class Expect(Part):
    """What must come out: the first four exactly, of the next three at least these, of `not_fired` none."""

    disposition: str | None = None
    contact_within_hours: Hours | None = None
    supports: Many[str] | None = None
    approach: Approach | None = None
    fired: Many[str] = ()
    ask_next: Many[str] = ()
    rules_out: Many[str] = ()
    not_fired: Many[str] = ()

    @model_serializer(mode="wrap")
    def _with_no_approach(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """`approach: null` expects none, which is not the same as saying nothing."""
        data: dict[str, Any] = write(self)
        return data | ({"approach": self.approach} if "approach" in self.model_fields_set else {})

    def unmet(self, outcome: Outcome) -> list[str]:
        """What came out otherwise, in words; empty where all is as expected."""
        return [*self._not_equal(outcome), *self._not_held(outcome)]

    def _not_equal(self, outcome: Outcome) -> Iterator[str]:
        for name in ("disposition", "contact_within_hours", "supports", "approach"):
            wanted, got = getattr(self, name), getattr(outcome, name)
            same = set(wanted) == set(got) if isinstance(wanted, tuple) else wanted == got
            if name in self.model_fields_set and (wanted is not None or name == "approach") and not same:
                yield f"{name}: expected {_words(wanted)}, got {_words(got)}"

    def _not_held(self, outcome: Outcome) -> Iterator[str]:
        for name in ("fired", "ask_next", "rules_out"):
            missing = [item for item in getattr(self, name) if item not in getattr(outcome, name)]
            if missing:
                yield f"{name}: expected {_words(missing)} as well, got {_words(getattr(outcome, name))}"
        unwanted = [rule_id for rule_id in self.not_fired if rule_id in outcome.fired]
        if unwanted:
            yield f"not_fired: {_words(unwanted)} fired"


def _words(value: Any) -> str:
    return (", ".join(value) or "none") if isinstance(value, list | tuple) else str("none" if value is None else value)


class Vignette(Part):
    id: AnyCaseId
    title: Title
    profile: str | None = None
    answers: dict[str, AnswerValue] = {}
    expect: Expect = Field(default_factory=Expect)
    why: Words = ""


class Vignettes(Part):
    """The test patients of one rule set."""

    profiles: dict[str, Profile] = {}
    vignettes: Many[Vignette] = ()

    def answers(self, vignette: Vignette) -> dict[str, Any]:
        """The profile's answers with the vignette's own on top; null takes an answer away."""
        base = self.profiles[vignette.profile].answers if vignette.profile else {}
        merged = {**base, **vignette.answers}
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in merged.items()
            if value is not None
        }

    def document(self) -> dict[str, Any]:
        """As plain data, defaults left out."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @cached_property
    def sha256(self) -> str:
        """The identity of the test patients, as a rule set's."""
        return sha256_of(self.document())


def check_vignettes(ruleset: RuleSet, vignettes: Vignettes) -> list[Problem]:
    """Names in the vignettes that the rule set does not have."""
    return list(_Check(ruleset, vignettes).problems())


class _Check:
    def __init__(self, ruleset: RuleSet, vignettes: Vignettes) -> None:
        self.vignettes, self.suggest = vignettes, Suggestions()
        self.known = {
            "question": {question.id for question in ruleset.questions},
            "rule": {rule.id for rule in ruleset.rules},
            "procedure": {procedure.id for procedure in ruleset.procedures},
            "disposition": set(ruleset.urgency),
            "profile": set(vignettes.profiles),
        }

    def problems(self) -> Iterator[Problem]:
        for name, profile in self.vignettes.profiles.items():
            yield from self.exist(f"profiles/{name}/answers", "question", profile.answers)
        seen: set[str] = set()
        for vignette in self.vignettes.vignettes:
            place = f"vignettes/{vignette.id}"
            if vignette.id in seen:
                yield Problem(place, f"The id `{vignette.id}` is used twice.")
            seen.add(vignette.id)
            yield from self.exist(f"{place}/profile", "profile", [vignette.profile])
            yield from self.exist(f"{place}/answers", "question", vignette.answers)
            yield from self.expectation(vignette.expect, f"{place}/expect")

    def expectation(self, expect: Expect, place: str) -> Iterator[Problem]:
        yield from self.exist(f"{place}/disposition", "disposition", [expect.disposition])
        yield from self.exist(f"{place}/fired", "rule", (*expect.fired, *expect.not_fired))
        yield from self.exist(f"{place}/ask_next", "question", expect.ask_next)
        yield from self.exist(f"{place}/supports", "procedure", (*(expect.supports or ()), *expect.rules_out))

    def exist(self, place: str, kind: str, ids: Iterable[str | None]) -> Iterator[Problem]:
        for written in ids:
            if written is not None and written not in self.known[kind]:
                hint = self.suggest(written, self.known[kind])
                yield Problem(place, f"There is no {kind} `{written}`.", suggestion=hint)


def require_known_names(ruleset: RuleSet, vignettes: Vignettes) -> None:
    """Raise DocumentError where the vignettes name what the rule set does not have."""
    if problems := check_vignettes(ruleset, vignettes):
        raise DocumentError(problems)


def changed_patients(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How the test patients of two documents differ: (added, removed or changed; which)."""
    found = []
    for kind in ("profiles", "vignettes"):
        before, after = _by_id(old.get(kind, {})), _by_id(new.get(kind, {}))
        for name in {**before, **after}:
            if before.get(name) != after.get(name):
                how = "added" if name not in before else "removed" if name not in after else "changed"
                found.append((how, f"{'profile' if kind == 'profiles' else 'test patient'} {name}"))
    return found


def _by_id(parts: Any) -> dict[str, Any]:
    return parts if isinstance(parts, dict) else {part["id"]: part for part in parts}
