"""Everything wrong with a rule set, at once, each problem with its place. What passes, every interpreter can run."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from screening.rules.check_education import education_problems
from screening.rules.check_translations import check_translations
from screening.rules.graph import MAX_CHAIN, circles, dependencies, longest_chain, order
from screening.rules.problems import DocumentError, Problem, Suggestions
from screening.rules.ruleset import Definition, Property, Question, Rule, RuleSet
from screening.rules.shape import read_shape
from screening.rules.tokens import RESERVED
from screening.rules.typecheck import Scope
from screening.rules.units import can_convert


def read_ruleset(data: Any) -> RuleSet:
    """The rule set in a document's plain data. Raises DocumentError with every problem at once."""
    ruleset = read_shape(RuleSet, data)
    if problems := check(ruleset):
        raise DocumentError(problems)
    return ruleset


def check(ruleset: RuleSet) -> list[Problem]:
    """All problems of a rule set whose shape is right; an empty list where every interpreter can run it."""
    return list(_Check(ruleset).problems())


class _Check:
    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.needs = dependencies(ruleset)
        self.circles = circles(self.needs)
        circular = {name for circle in self.circles for name in circle}
        self.suggest = Suggestions()
        self.scope = Scope(ruleset.questions, ruleset.definitions, self.suggest)
        self.scope.tell_kinds(order(self.needs, circular), circular)
        self.known = {
            "disposition": {part.id for part in ruleset.dispositions},
            "procedure": {part.id for part in ruleset.procedures},
            "section": {part.id for part in ruleset.sections},
            "question": {part.id for part in ruleset.questions},
            "citation": set(ruleset.citations),
            "source statement": set(ruleset.source_statements),
        }

    def problems(self) -> Iterator[Problem]:
        yield from self.names()
        yield from self.dispositions()
        for question in self.ruleset.questions:
            yield from self.question(question, f"questions/{question.id}")
        for definition in self.ruleset.definitions:
            yield from self.definition(definition, f"definitions/{definition.id}")
        for rule in self.ruleset.rules:
            yield from self.rule(rule, f"rules/{rule.id}")
        for prop in self.ruleset.properties:
            yield from self.property(prop, f"properties/{prop.id}")
        yield from education_problems(self.ruleset.education, self.exist)
        yield from self.chains()
        yield from check_translations(self.ruleset, self.suggest)

    # -- names

    def names(self) -> Iterator[Problem]:
        ruleset = self.ruleset
        yield from _twice("questions", [*ruleset.questions, *ruleset.definitions])
        for kind in ("rules", "dispositions", "procedures", "sections", "properties", "instruments"):
            yield from _twice(kind, getattr(ruleset, kind))
        for kind in ("facts", "options", "points", "what_matters", "questions_to_ask"):
            yield from _twice(f"education/{kind}", getattr(ruleset.education, kind))
        for name in self.needs:
            if name in RESERVED:
                yield Problem(f"questions/{name}", f"`{name}` is a word of the language and cannot be an id.")

    def exist(self, place: str, kind: str, ids: Iterable[str | None]) -> Iterator[Problem]:
        """Report ids that name nothing."""
        for written in ids:
            if written is not None and written not in self.known[kind]:
                hint = self.suggest(written, self.known[kind])
                yield Problem(place, f"There is no {kind} `{written}`.", suggestion=hint)

    def dispositions(self) -> Iterator[Problem]:
        ruleset = self.ruleset
        yield from self.exist("default_disposition", "disposition", [ruleset.default_disposition])
        yield from self.exist("clarify_disposition", "disposition", [ruleset.clarify_disposition])
        for above, below in zip(ruleset.dispositions, ruleset.dispositions[1:], strict=False):
            if below.contact_within_hours < above.contact_within_hours:
                place = f"dispositions/{below.id}/contact_within_hours"
                yield Problem(
                    place,
                    f"{below.contact_within_hours} hours is sooner than the more urgent `{above.id}` above it.",
                    suggestion="dispositions stand most urgent first",
                )

    # -- parts

    def question(self, question: Question, place: str) -> Iterator[Problem]:
        yield from self.exist(f"{place}/section", "section", [question.section])
        if question.show_if:
            yield from self.scope.problems(question.show_if, f"{place}/show_if")
        yield from _choices(question, f"{place}/choices")
        if question.modifiable and (question.safety or question.audience == "system"):
            yield Problem(place, "An alarm question, or one that the program sets, is never modifiable.")
        if question.type == "number":
            yield from _number(question, place)
        elif not question.model_fields_set.isdisjoint(_ONLY_NUMBERS):
            yield Problem(place, "Only a question of type `number` has a unit, limits or decimals.")
        if question.type != "text" and "max_length" in question.model_fields_set:
            yield Problem(place, "Only a question of type `text` has a longest length.")

    def definition(self, definition: Definition, place: str) -> Iterator[Problem]:
        yield from self.scope.problems(definition.is_, f"{place}/is", wanted=None)

    def rule(self, rule: Rule, place: str) -> Iterator[Problem]:
        yield from self.scope.problems(rule.when, f"{place}/when")
        yield from self.exist(f"{place}/disposition", "disposition", [rule.disposition])
        yield from self.exist(f"{place}/supports", "procedure", rule.supports)
        yield from self.exist(f"{place}/rules_out", "procedure", rule.rules_out)
        yield from self.exist(f"{place}/cites", "citation", rule.cites)
        yield from self.exist(f"{place}/reflects", "source statement", rule.reflects)

    def property(self, prop: Property, place: str) -> Iterator[Problem]:
        for name in ("given", "requires"):
            if text := getattr(prop, name):
                yield from self.scope.problems(text, f"{place}/{name}")
        for name in ("given_disposition_in", "disposition_in", "disposition_not_in"):
            yield from self.exist(f"{place}/{name}", "disposition", getattr(prop, name))
        for name in ("at_least_as_urgent_as", "disposition"):
            yield from self.exist(f"{place}/{name}", "disposition", [getattr(prop, name)])
        yield from self.exist(f"{place}/never_supports", "procedure", prop.never_supports)
        yield from self.exist(f"{place}/questions", "question", prop.questions)
        for question_id, scale in prop.scales.items():
            yield from self.scale(question_id, scale, f"{place}/scales/{question_id}")
        yield from _claims_something(prop, place)

    def scale(self, question_id: str, scale: Sequence[str], place: str) -> Iterator[Problem]:
        yield from self.exist(place, "question", [question_id])
        if question_id not in self.known["question"]:
            return
        question = self.ruleset.question(question_id)
        for code in scale:
            if code not in question.codes and not (code == "dont_know" and question.dont_know):
                yield Problem(place, f"`{question_id}` has no answer '{code}'.")

    def chains(self) -> Iterator[Problem]:
        definitions = {definition.id for definition in self.ruleset.definitions}
        for circle in self.circles:
            place = f"definitions/{circle[0]}/is" if circle[0] in definitions else f"questions/{circle[0]}/show_if"
            yield Problem(place, f"This goes round in a circle: {' → '.join(circle)}.")
        if not self.circles and longest_chain(self.needs) > MAX_CHAIN:
            yield Problem("definitions", f"Definitions and show_ifs stand on each other more than {MAX_CHAIN} deep.")


_ONLY_NUMBERS = {"unit", "min", "max", "integer", "decimals", "entry_units"}


def _twice(kind: str, parts: Iterable[Any]) -> Iterator[Problem]:
    seen = set()
    for part in parts:
        if part.id in seen:
            yield Problem(f"{kind}/{part.id}", f"The id `{part.id}` is used twice.")
        seen.add(part.id)


def _choices(question: Question, place: str) -> Iterator[Problem]:
    has_choices = question.type in ("single", "multiple")
    if has_choices and not question.choices:
        yield Problem(place, "A question of this type needs choices.")
    if question.choices and not has_choices:
        yield Problem(place, f"A question of type `{question.type}` has no choices.")
    for code in {code for code in question.codes if question.codes.count(code) > 1}:
        yield Problem(place, f"The choice '{code}' is there twice.")
    if "dont_know" in question.codes:
        yield Problem(
            place, "The choice 'dont_know' is not written as a choice.", suggestion="give its label as dont_know"
        )


def _number(question: Question, place: str) -> Iterator[Problem]:
    if question.min is not None and question.max is not None and question.min > question.max:
        yield Problem(f"{place}/min", "The smallest answer is larger than the largest.")
    for name, limit in (("min", question.min), ("max", question.max)):
        if limit is not None and round(limit, question.places) != limit:
            yield Problem(f"{place}/{name}", f"This has more decimals than the {question.places} that answers keep.")
    if question.integer and question.decimals:
        yield Problem(f"{place}/decimals", "A whole number has no decimals.")
    for unit in question.entry_units:
        if not can_convert(unit, question.unit):
            yield Problem(f"{place}/entry_units", f"`{unit}` cannot be turned into {question.unit or 'no unit'}.")


_CLAIMS = {
    "whenever": (
        "disposition_in",
        "disposition_not_in",
        "at_least_as_urgent_as",
        "contact_within_hours",
        "never_supports",
    ),
    "only_if": ("requires", "requires_all_clarifying_rules_false"),
    "irrelevant": ("questions",),
    "monotone": ("scales",),
}


def _claims_something(prop: Property, place: str) -> Iterator[Problem]:
    wanted = _CLAIMS.get(prop.kind, ())
    if wanted and all(getattr(prop, name) in (None, (), False, {}) for name in wanted):
        yield Problem(place, f"A property of kind `{prop.kind}` needs one of: {', '.join(wanted)}.")
    if prop.kind == "whenever" and not prop.given and not prop.given_disposition_in:
        yield Problem(place, "A property of kind `whenever` needs `given` or `given_disposition_in`.")
    if prop.kind == "only_if" and not prop.disposition:
        yield Problem(place, "A property of kind `only_if` needs a `disposition`.")
