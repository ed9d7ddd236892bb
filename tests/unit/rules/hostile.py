"""Documents that somebody made to do harm, by name. Run as a program, it reads them all and says what came of each.

Prints lines of JSON: the name, what was refused (or that it was read), the most memory taken so far, in megabytes.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from screening.interpreters.evaluate import decide
from screening.rules.check import read_ruleset
from screening.rules.problems import DocumentError
from screening.rulesets import read_document

QUESTION = {"section": "s", "audience": "patient", "type": "yes_no", "text": "t"}
BASE: dict[str, Any] = {
    "format": 1,
    "id": "hostile",
    "title": "t",
    "language": "en",
    "default_disposition": "d",
    "clarify_disposition": "d",
    "invalid_answer_within_hours": 1,
    "dispositions": [{"id": "d", "label": "d", "contact_within_hours": 1, "patient_label": "d", "patient": "d"}],
    "sections": [{"id": "s", "title": "s"}],
    "questions": [{"id": "q", **QUESTION}, {"id": "n", **QUESTION, "type": "number"}],
}
BASE_YAML = """
format: 1
id: hostile
title: t
language: en
default_disposition: d
clarify_disposition: d
invalid_answer_within_hours: 1
dispositions: [{id: d, label: d, contact_within_hours: 1, patient_label: d, patient: d}]
sections: [{id: s, title: s}]
"""


def document(**parts: Any) -> str:
    return json.dumps({**BASE, **parts})


def rule(when: str) -> str:
    return document(rules=[{"id": "R", "title": "t", "when": when}])


def definitions(texts: dict[str, str], when: str = "true") -> str:
    parts = [{"id": name, "title": "t", "is": text} for name, text in texts.items()]
    return document(definitions=parts, rules=[{"id": "R", "title": "t", "when": when}])


def questions(show_ifs: dict[str, str | None]) -> str:
    shown = {name: {"show_if": text} if text else {} for name, text in show_ifs.items()}
    return document(questions=[{"id": name, **QUESTION, **more} for name, more in shown.items()])


def chain(length: int, *, reverse: bool = False) -> str:
    texts = {f"d{n}": "q = 'yes'" if n == 0 else f"d{n - 1} or q = 'no'" for n in range(length)}
    return definitions(dict(reversed(texts.items())) if reverse else texts, f"d{length - 1}")


def diamond(levels: int, join: str, bottom: str, top: str) -> str:
    texts = {f"d{n}": bottom if n == 0 else join.format(f"d{n - 1}") for n in range(levels)}
    return definitions(texts, top.format(f"d{levels - 1}"))


def hidden_diamond(levels: int) -> str:
    show_ifs = {f"q{n}": f"q{n - 1} = 'yes' or (q{n - 1} = 'no' and q{n - 1} is not null)" for n in range(1, levels)}
    return questions({"q0": None, **show_ifs})


def nearly_right_names() -> str:
    asked = [{"id": f"question_number_{n:04}", **QUESTION} for n in range(2000)]
    rules = [
        {"id": f"R{n}", "title": "t", "when": " and ".join(f"questian_namber_{n:03}{m:03} = 'x'" for m in range(230))}
        for n in range(100)
    ]
    return document(questions=asked, rules=rules)


def wide() -> str:
    asked = [{"id": f"q{n}", **QUESTION} for n in range(1900)]
    rules = [
        {"id": f"R{n}", "title": "t", "when": " and ".join(f"q{m} = 'yes'" for m in range(500))} for n in range(80)
    ]
    return document(questions=asked, rules=rules)


def small_circles(count: int) -> str:
    return definitions({f"d{n}": f"d{n ^ 1}" for n in range(count * 2)})


def alias_bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 10)]
    return "\n".join(lines)


def indented(levels: int) -> str:
    return "\n".join(" " * level + "a:" for level in range(levels))


def list_of(count: int) -> list[str]:
    return ["x"] * count


# name → (how it is made, words that the refusal must have)
REFUSED: dict[str, tuple[Callable[[], bytes | str], str]] = {
    "ten megabytes of YAML": (lambda: "a: b\n" * 2_000_000, "larger than 1,000,000 bytes"),
    "ten megabytes of JSON": (lambda: b'{"a": "' + b"x" * 10_000_000 + b'"}', "larger than 1,000,000 bytes"),
    "ten megabytes of nothing": (lambda: b"\0" * 10_000_000, "larger than 1,000,000 bytes"),
    "YAML nested 100,000 deep in brackets": (lambda: "a: " + "[" * 100_000, "nested deeper than 50"),
    "YAML nested 100,000 deep in brackets, closed": (
        lambda: "a: " + "[" * 100_000 + "]" * 100_000,
        "nested deeper than 50",
    ),
    "YAML nested 100,000 deep in braces": (lambda: "a: " + "{a: " * 100_000, "nested deeper than 50"),
    "YAML nested 100,000 deep in dashes": (lambda: "- " * 100_000 + "a", "nested deeper than 50"),
    "YAML nested deep by indentation": (lambda: indented(1_000), "nested deeper than 50"),
    "YAML nested deep in keys": (lambda: "? " * 100_000, "key must be a plain word"),
    "JSON nested 100,000 deep in objects": (lambda: '{"a":' * 100_000, "nested deeper than 50"),
    "JSON nested 100,000 deep in lists": (
        lambda: '{"a":' + "[" * 100_000 + "]" * 100_000 + "}",
        "nested deeper than 50",
    ),
    "JSON nested 60 deep": (lambda: '{"a":' + "[" * 60 + "]" * 60 + "}", "nested deeper than 50"),
    "an expression nested 100,000 deep": (
        lambda: rule("(" * 100_000 + "q = 'yes'" + ")" * 100_000),
        "10000 characters",
    ),
    "an expression nested 4,000 deep": (lambda: rule("(" * 4_000 + "q = 'yes'" + ")" * 4_000), "deeper than 50"),
    "nots nested 1,500 deep": (lambda: rule("not (" * 1_500 + "q = 'yes'" + ")" * 1_500), "deeper than 50"),
    "signs nested 9,000 deep": (lambda: rule("-" * 9_000 + "n > 1"), "deeper than 50"),
    "Coalesce nested 900 deep": (lambda: rule("Coalesce(" * 900 + "n" + ")" * 900 + " > 1"), "deeper than 50"),
    "CountTrue nested 600 deep": (lambda: rule("CountTrue({ " * 600 + "n" + " })" * 600), "deeper than 50"),
    "AtLeast nested 400 deep": (lambda: rule("AtLeast(1, { " * 400 + "true" + " })" * 400), "deeper than 50"),
    "an expression of a megabyte": (lambda: rule("q = 'yes' or " * 70_000 + "q = 'no'"), "10000 characters"),
    "an expression that is one long name": (lambda: rule("q" * 9_999), "no question or definition"),
    "a thousand unknown names": (
        lambda: rule(" and ".join(f"x{n}" for n in range(1_000))),
        "no question or definition",
    ),
    "names that are nearly right, 23,000 times": (nearly_right_names, "no question or definition"),
    "aliases": (alias_bomb, "Anchors and aliases"),
    "an anchor by itself": (lambda: "a: &x 1", "Anchors and aliases"),
    "an alias of nothing": (lambda: "a: *x", "Anchors and aliases"),
    "a merge key": (lambda: BASE_YAML + "<<: {title: u}\n", "<<"),
    "a tag that runs a program": (lambda: "a: !!python/object/apply:os.system ['touch made']", "Tags such as"),
    "a tag that makes an object": (lambda: "!!python/object:screening.rules.ruleset.RuleSet {id: x}", "Tags such as"),
    "a tag on a key": (lambda: "!!python/name:os.system a: 1", "Tags such as"),
    "a tag of its own": (lambda: "a: !secret b", "Tags such as"),
    "a set": (lambda: "a: !!set {b}", "Tags such as"),
    "bytes": (lambda: "a: !!binary R0lGODlh", "Tags such as"),
    "a code that YAML reads as true": (
        lambda: (
            BASE_YAML + "questions: [{id: q, section: s, audience: patient, type: single, text: t,"
            " choices: [{value: yes, label: Y}, {value: 'no', label: N}]}]"
        ),
        "put it in quotes, like 'yes'",
    ),
    "a code that YAML reads as false": (
        lambda: (
            BASE_YAML + "questions: [{id: q, section: s, audience: patient, type: single, text: t,"
            " choices: [{value: no, label: N}]}]"
        ),
        "put it in quotes",
    ),
    "a label that YAML reads as true": (
        lambda: BASE_YAML + "procedures: [{id: p, label: on}]",
        "put it in quotes",
    ),
    "a code that YAML reads as a number": (
        lambda: (
            BASE_YAML + "questions: [{id: q, section: s, audience: patient, type: single, text: t,"
            " choices: [{value: 1:30, label: N}]}]"
        ),
        "put it in quotes",
    ),
    "a duplicate id": (lambda: document(rules=[{"id": "R", "title": "t", "when": "true"}] * 2), "`R` is used twice"),
    "a duplicate key in YAML": (lambda: BASE_YAML + "title: other\n", "`title` is there twice"),
    "a duplicate key in YAML, once in quotes": (lambda: BASE_YAML + "'title': other\n", "`title` is there twice"),
    "a duplicate key in YAML, once escaped": (lambda: BASE_YAML + '"\\x74itle": other\n', "`title` is there twice"),
    "a duplicate key deep in YAML": (
        lambda: BASE_YAML + "procedures: [{id: p, label: a, label: b}]",
        "`label` is there twice",
    ),
    "a duplicate key in JSON": (lambda: '{"format": 1, "id": "a", "id": "b"}', "`id` is there twice"),
    "a duplicate key deep in JSON": (lambda: '{"a": [{"b": 1, "b": 2}]}', "`b` is there twice"),
    "a circle of definitions": (lambda: definitions({"a": "b", "b": "c", "c": "a"}), "circle"),
    "a definition of itself": (lambda: definitions({"a": "not a"}), "circle: a → a"),
    "a circle through show_if": (
        lambda: document(
            questions=[{"id": "q", **QUESTION, "show_if": "a"}],
            definitions=[{"id": "a", "title": "t", "is": "b"}, {"id": "b", "title": "t", "is": "q = 'yes'"}],
        ),
        "circle",
    ),
    "a circle of 1,900 definitions": (
        lambda: definitions({f"d{n}": f"d{(n + 1) % 1900}" for n in range(1900)}),
        "circle",
    ),
    "500 circles": (lambda: small_circles(500), "circle"),
    "a chain of 2,000 definitions": (lambda: chain(2_000), "more than 50 deep"),
    "a chain of 2,000 definitions, the last first": (lambda: chain(2_000, reverse=True), "more than 50 deep"),
    "a chain of 1,000 show_ifs": (
        lambda: questions({"q0": None} | {f"q{n}": f"q{n - 1} = 'yes'" for n in range(1, 1_000)}),
        "more than 50 deep",
    ),
    "a chain of 1,000 show_ifs, the last first": (
        lambda: questions({f"q{n}": f"q{n - 1} = 'yes'" for n in range(999, 0, -1)} | {"q0": None}),
        "more than 50 deep",
    ),
    "a null byte": (lambda: b"format: 1\0", "control characters"),
    "a null byte in JSON": (lambda: b'{"format": "\0"}', "not JSON"),
    "an escaped null byte in JSON": (lambda: document(scope="a\0b"), "control characters"),
    "an escaped null byte in YAML": (lambda: BASE_YAML + 'scope: "a\\0b"', "control characters"),
    "a lone surrogate": (lambda: document(scope="\ud800"), "unicode"),
    "UTF-16": (lambda: BASE_YAML.encode("utf-16"), "not UTF-8"),
    "UTF-16 without its mark": (lambda: BASE_YAML.encode("utf-16-le"), "control characters"),
    "UTF-32": (lambda: BASE_YAML.encode("utf-32"), "not UTF-8"),
    "Latin-1": (lambda: "title: é".encode("latin-1"), "not UTF-8"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not UTF-8"),
    "nothing": (lambda: b"", "mapping"),
    "only a comment": (lambda: "#" * 900_000, "mapping"),
    "a list": (lambda: "- a\n- b", "mapping"),
    "a list in JSON": (lambda: "[1, 2]", "mapping"),
    "a word": (lambda: "hello", "mapping"),
    "two documents": (lambda: BASE_YAML + "---\n" + BASE_YAML, "second document"),
    "a hundred thousand documents": (lambda: "---\n" * 100_000, "second document"),
    "infinity in YAML": (
        lambda: BASE_YAML + "questions: [{id: n, section: s, audience: patient, type: number, text: t, max: .inf}]",
        "finite",
    ),
    "infinity in JSON": (
        lambda: document(questions=[{"id": "n", **QUESTION, "type": "number"}]).replace(
            '"number"', '"number", "max": 1e999'
        ),
        "finite",
    ),
    "Infinity by its name in JSON": (lambda: '{"a": Infinity}', "Infinity"),
    "NaN by its name in JSON": (lambda: '{"a": NaN}', "NaN"),
    "a number of 5,000 digits in JSON": (lambda: '{"format": ' + "1" * 5_000 + "}", "too long"),
    "a number of 5,000 digits in YAML": (lambda: "format: " + "1" * 5_000, "cannot be read"),
    "a number of 400 digits": (
        lambda: document(questions=[{"id": "n", **QUESTION, "type": "number", "max": 10**400}]),
        "number",
    ),
    "a number in an expression of 9,000 digits": (lambda: rule("n > " + "9" * 9_000), "too long"),
    "a list of 3,000 in YAML": (lambda: "notice:\n" + "- x\n" * 3_000, "more than 2,000 entries"),
    "a list of 3,000 in JSON": (lambda: json.dumps({"notice": list_of(3_000)}), "more than 2,000 entries"),
    "a mapping of 3,000 in YAML": (lambda: "".join(f"a{n}: 1\n" for n in range(3_000)), "more than 2,000 entries"),
    "a mapping of 3,000 in JSON": (lambda: json.dumps({f"a{n}": 1 for n in range(3_000)}), "more than 2,000 entries"),
    "a list as a key": (lambda: "? [a, b]\n: c", "key must be a plain word"),
    "a mapping as a key": (lambda: "? {a: b}\n: c", "key must be a plain word"),
    "a number as a key": (lambda: BASE_YAML + "citations: {1: {text: t, status: design}}", "citations"),
    "null as a key": (lambda: BASE_YAML + "~: 1", "Keys should be strings"),
    "text that never ends": (lambda: "a: '" + "x" * 100_000, "not YAML"),
    "JSON that never ends": (lambda: '{"a": "' + "x" * 100_000, "not JSON"),
    "tabs": (lambda: "a:\n\t- b", "not YAML"),
    "directives": (lambda: "%FOO bar\n" * 10_000 + "---\na: b", "not"),
    "a page of HTML": (lambda: "<!doctype html><html><body><p>Not found</p></body></html>", "mapping"),
}

# Strange, but a rule set: read, decided, and no more said.
READ: dict[str, Callable[[], bytes | str]] = {
    "a diamond of conditions, 40 levels": lambda: diamond(40, "{0} or ({0} and not {0})", "q = 'yes'", "{0}"),
    "a diamond of numbers, 40 levels": lambda: diamond(40, "{0} + {0}", "n", "{0} > 1"),
    "a diamond of counts, 40 levels": lambda: diamond(40, "Coalesce({0}, {0}) - {0} / 2", "n", "{0} > 1"),
    "a diamond of nulls, 40 levels": lambda: diamond(40, "({0} is null) or {0}", "q = 'yes'", "{0}"),
    "a diamond of show_ifs, 40 levels": lambda: hidden_diamond(40),
    "as deep as it may be": lambda: chain(45),
    "as nested as it may be, in each of 40 definitions": lambda: definitions(
        {f"d{n}": "not (" * 40 + ("q = 'yes'" if n == 0 else f"d{n - 1}") + ")" * 40 for n in range(40)}, "d39"
    ),
    "a sum of 40 numbers": lambda: rule(" + ".join(["n"] * 40) + " > 1"),
    "a condition of 700 parts": lambda: rule(" or ".join(["q = 'yes'"] * 700)),
    "1,900 questions, 80 rules of 500 tests": wide,
    "a byte order mark": lambda: b"\xef\xbb\xbf" + BASE_YAML.encode(),
    "lines that end as Windows ends them": lambda: BASE_YAML.replace("\n", "\r\n"),
    "every plane of Unicode": lambda: document(scope="é‮ 𝒳 🩺 \U0010ffff   "),
    "JSON in YAML's manner": lambda: "{" + BASE_YAML.strip().replace("\n", ", ") + "}\n",
}


def outcome(name: str) -> dict[str, Any]:
    """What came of one document."""
    make = REFUSED[name][0] if name in REFUSED else READ[name]
    try:
        ruleset = read_ruleset(read_document(make()))
    except DocumentError as error:
        return {"refused": str(error)[:2_000]}
    for answers in ({}, {"q": "yes", "n": 1e15, "q0": "yes"}, {"q": [[]], "n": "x"}):
        decide(ruleset, answers).to_data()
    return {"read": ruleset.sha256}


def most_memory() -> float:
    """The most memory this program has had, in megabytes; 0 where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def main() -> None:
    for name in (*REFUSED, *READ):
        result = outcome(name)
        sys.stdout.write(json.dumps({"name": name, **result, "megabytes": most_memory()}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
