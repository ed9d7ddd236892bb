"""Strategies for whole rule sets, valid by construction, and for cases."""

import math
from typing import Any

from hypothesis import strategies as st

from tests.generative.expressions import LITERALS, Expressions, Names

PROCEDURES = ("p0", "p1", "p2")
RANGES = ((0, 3), (0, 10), (-5, 5), (None, None), (0, None), (-1.5, 3.5))
CODES = ("a", "b", "c", "none")
HOURS = (0, 1, 24, 72, 336)


class Maker:
    """Draws one rule set, each part from those before it, and shuffles the parts in the end."""

    def __init__(self, draw: Any, *, forgetful: bool, branching: bool):
        self.draw, self.forgetful, self.branching = draw, forgetful, branching
        self.names = Names()
        self.questions: list[dict[str, Any]] = []
        self.definitions: list[dict[str, Any]] = []

    def one_of(self, choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def sometimes(self) -> bool:
        return self.draw(st.integers(0, 3)) == 0

    def often(self) -> bool:
        return not self.sometimes()

    def expressions(self) -> Expressions:
        return Expressions(self.draw, self.names, forgetful=self.forgetful)

    # -- questions

    def question(self, question_id: str) -> None:
        kind = self.one_of(("yes_no", "single", "multiple", "multiple", "number", "number", "date", "text"))
        question = {"id": question_id, "section": "s", "audience": "patient", "type": kind, "text": question_id}
        if self.sometimes():
            question["audience"] = "clinician"
        if self.often():
            question["dont_know"] = "I don't know"
        if self.sometimes():
            question["optional"] = True
        if self.branching and self.names.questions and self.sometimes():
            question["show_if"] = str(self.expressions().condition(1))
        getattr(self, f"_{kind}", lambda question: None)(question)
        self.questions.append(question)

    def _yes_no(self, question: dict[str, Any]) -> None:
        self.names.codes[question["id"]] = ("yes", "no")

    def _single(self, question: dict[str, Any]) -> None:
        codes = CODES[: self.one_of((1, 2, 3, 4))]
        scored = self.draw(st.booleans())
        question["choices"] = [{"value": code, "label": code} for code in codes]
        if scored:
            question["choices"] = [{**choice, "score": self.one_of((0, 1, 2.5, -1))} for choice in question["choices"]]
            self.names.scored.append(question["id"])
        self.names.codes[question["id"]] = codes

    def _multiple(self, question: dict[str, Any]) -> None:
        codes = CODES if self.often() else CODES[:2]
        question["choices"] = [{"value": code, "label": code} for code in codes]
        self.names.ticked[question["id"]] = codes

    def _number(self, question: dict[str, Any]) -> None:
        low, high = self.one_of(RANGES)
        limits = {"min": low, "max": high}
        question.update({name: limit for name, limit in limits.items() if limit is not None})
        if self.sometimes() and low in (0, None) and high != 3.5:
            question["integer"] = True
        elif self.sometimes():
            question["decimals"] = self.one_of((0, 2, 6)) if low != -1.5 else 2
        self.names.numbers.append(question["id"])

    # -- definitions, rules, dispositions

    def definition(self, definition_id: str) -> None:
        if self.draw(st.booleans()):
            text = str(self.expressions().condition())
            self.names.conditions.append(definition_id)
        else:
            text = str(self.expressions().quantity(2))
            self.names.quantities.append(definition_id)
        self.definitions.append({"id": definition_id, "title": definition_id, "is": text})

    def rule(self, rule_id: str, dispositions: list[str]) -> dict[str, Any]:
        rule: dict[str, Any] = {"id": rule_id, "title": rule_id, "when": str(self.expressions().condition())}
        if self.often():
            rule["disposition"] = self.one_of(dispositions)
        for name in ("contact_within_hours", "clarify_within_hours"):
            if self.sometimes():
                rule[name] = self.one_of(HOURS)
        for name in ("supports", "rules_out"):
            if self.sometimes():
                rule[name] = [self.one_of(PROCEDURES)]
        if self.sometimes():
            rule["approach"] = self.one_of(("traditional", "minimally_invasive"))
        if self.sometimes():
            rule["patient"] = self.one_of(("Come.", "Go.", "d0"))
        return rule

    def document(self) -> dict[str, Any]:
        for number in range(self.one_of((2, 4, 6, 8))):
            if number and self.sometimes():
                self.definition(f"n{number}")
            else:
                self.question(f"n{number}")
        if self.sometimes():
            self.questions.append(WITHDRAWN)
            self.names.codes["alarm_withdrawn"] = ("yes", "no")
        hours = sorted(self.one_of(HOURS) for _ in range(self.one_of((1, 2, 3, 4))))
        dispositions = [f"d{place}" for place in range(len(hours))]
        return {
            "format": 1,
            "id": "made-up",
            "title": "Made up",
            "language": "en",
            "default_disposition": self.one_of(dispositions),
            "clarify_disposition": self.one_of(dispositions),
            "invalid_answer_within_hours": self.one_of(HOURS),
            "dispositions": [_disposition(name, limit) for name, limit in zip(dispositions, hours, strict=True)],
            "procedures": [{"id": procedure, "label": procedure} for procedure in PROCEDURES],
            "sections": [{"id": "s", "title": "s"}],
            "rules": [self.rule(f"R{number}", dispositions) for number in range(self.one_of((1, 2, 4, 6)))],
            "questions": self.draw(st.permutations(self.questions)),
            "definitions": self.draw(st.permutations(self.definitions)),
        }


WITHDRAWN = {"id": "alarm_withdrawn", "section": "s", "audience": "system", "type": "yes_no", "text": "Taken back"}


def _disposition(name: str, hours: int) -> dict[str, Any]:
    return {"id": name, "label": name, "contact_within_hours": hours, "patient_label": name, "patient": name}


@st.composite
def documents(draw: Any, *, forgetful: bool = True, branching: bool = True) -> dict[str, Any]:
    """A rule set's document: questions of all types, definitions, show_ifs, rules, dispositions of falling urgency.

    Not `forgetful`: without the nodes that ask whether something is known. Not `branching`: without show_if.
    """
    return Maker(draw, forgetful=forgetful, branching=branching).document()


# -- words: the parts that carry no meaning, with any text a person could write

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1, max_size=40)


WEEKS = st.none() | st.integers(-520, 520)


@st.composite
def comparisons(draw: Any, dispositions: list[str]) -> dict[str, Any]:
    """Options with both sides of each and what the comparison says of itself; or nothing of it."""
    names = [f"o{number}" for number in range(draw(st.integers(0, 2)))]
    if not names:
        return {}
    told = {name: draw(WORDS.filter(str.strip)) for name in ("about", "known", "not_known", "made_by", "funding")}
    sides = [(name, kind) for name in names for kind in ("benefit", "harm")]
    cited = {"citations": ["book"]}
    return {
        **told,
        "updated": "2026-11-20",
        "next_review": "2027-11-20",
        "options": [
            {"id": name, "label": draw(WORDS), "what": draw(WORDS), "not_known": draw(WORDS), **cited} for name in names
        ],
        "points": [
            {"id": f"{name}_{kind}", "option": name, "kind": kind, "text": draw(WORDS), **cited} for name, kind in sides
        ],
        "what_matters": [{"id": "m1", "text": draw(WORDS)}],
        "questions_to_ask": [{"id": "a1", "text": draw(WORDS), "dispositions": dispositions[:1]}],
    }


@st.composite
def wordy_documents(draw: Any) -> dict[str, Any]:
    """A rule set's document with every part, and texts of any kind."""
    data = draw(documents())
    for kind, field in (("dispositions", "patient"), ("questions", "text"), ("definitions", "title"), ("rules", "why")):
        for part in data[kind]:
            part[field] = draw(WORDS)
    codes = draw(
        st.lists(st.sampled_from(["yes", "no", "null", "1", "1:30", "0x1f", "~", "on", "é", "a b", "2020-01-01"]))
    )
    choices = [{"value": code, "label": draw(WORDS)} for code in dict.fromkeys([*codes, "other"])]
    odd = {"id": "odd", "section": "s", "audience": "patient", "type": "single", "text": "t", "choices": choices}
    return {
        **data,
        "questions": [*data["questions"], odd],
        "scope": draw(WORDS),
        "notice": draw(st.lists(WORDS, max_size=3)),
        "source_statements": {"A1": draw(WORDS)},
        "citations": {"book": {"text": draw(WORDS), "status": draw(st.sampled_from(["confirmed", "to_confirm"]))}},
        "instruments": [{"id": "peg", "used": draw(st.booleans()), "name": draw(WORDS), "terms": draw(WORDS)}],
        "education": {
            "facts": [{"id": "F1", "text": draw(WORDS), "reflects": ["A1"], "citations": ["book"]}],
            "timeline": [{"when": draw(WORDS), "text": draw(WORDS), "from_week": draw(WEEKS)}],
            **draw(comparisons([each["id"] for each in data["dispositions"]])),
        },
        "properties": draw(properties(data)),
    }


def properties(data: dict[str, Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Claims about a document, true or not."""
    dispositions = st.lists(st.sampled_from([each["id"] for each in data["dispositions"]]), min_size=1, max_size=2)
    question = st.sampled_from([each["id"] for each in data["questions"]])
    kinds = st.one_of(
        st.fixed_dictionaries(
            {"kind": st.just("whenever"), "given": st.sampled_from([rule["when"] for rule in data["rules"]])},
            optional={"never_supports": st.lists(st.sampled_from(PROCEDURES), max_size=2)},
        ).flatmap(lambda part: dispositions.map(lambda names: {**part, "disposition_in": names})),
        dispositions.map(lambda names: {"kind": "only_if", "disposition": names[0], "requires": "true"}),
        st.lists(question, min_size=1).map(lambda names: {"kind": "irrelevant", "questions": names}),
        st.sampled_from([{"kind": "total"}, {"kind": "order_free"}]),
    )
    return st.lists(kinds, max_size=3).map(
        lambda parts: [{"id": f"P{place}", "claim": "c", **part} for place, part in enumerate(parts)]
    )


# -- cases

WRONG_NUMBERS = (True, False, 1, 1.5, -7, 1e300, math.nan, math.inf)
WRONG = (*WRONG_NUMBERS, "", "bogus", "dont_know", "x" * 3000, [], ["bogus"], [1], {}, [[]])


def known_answers(question: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What a question may be answered with: a value, not don't know."""
    match question["type"]:
        case "yes_no":
            return st.sampled_from(["yes", "no"])
        case "single":
            return st.sampled_from([choice["value"] for choice in question["choices"]])
        case "multiple":
            codes = [choice["value"] for choice in question["choices"] if choice["value"] != "none"]
            ticked = st.lists(st.sampled_from(codes), min_size=1, unique=True)
            return ticked | st.just(["none"]) if len(codes) < len(question["choices"]) else ticked
        case "number":
            return numbers(question)
        case "date":
            return st.dates().map(lambda day: day.isoformat())
    return st.sampled_from(["x", "some words", "dont know"])


def numbers(question: dict[str, Any]) -> st.SearchStrategy[Any]:
    low, high = question.get("min", -5), question.get("max", 20)
    if question.get("integer"):
        return st.integers(low, high) | st.integers(low, high).map(float)
    fitting = [low, high, *(value for value in LITERALS if low <= value <= high)]
    return st.sampled_from(fitting) | st.decimals(low, high, places=3).map(float)


def answers_to(question: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Any answer: known, don't know, incomplete, or invalid in every way there is."""
    known = known_answers(question)
    kinds = [known, known, known]
    if "dont_know" in question:
        kinds.append(st.just("dont_know"))
        if question["type"] == "multiple":
            kinds.append(known.map(lambda ticked: [*ticked, "dont_know"]))
    if question["type"] == "multiple":
        members = st.sampled_from([*CODES, "dont_know", "bogus", 3])
        kinds.append(st.lists(members, max_size=4))
    kinds.append(st.sampled_from(WRONG))
    return st.one_of(kinds)


def cases(document: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Answers to some of the questions, also to hidden ones, and keys that name no question."""
    optional = {question["id"]: answers_to(question) for question in document["questions"]}
    return st.fixed_dictionaries({}, optional={**optional, "unheard_of": st.just(1)})


def complete_cases(document: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A known answer to every question."""
    return st.fixed_dictionaries({question["id"]: known_answers(question) for question in document["questions"]})
