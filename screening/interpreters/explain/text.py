"""An explanation as plain text, for the command line and for notes."""

from collections.abc import Iterable, Iterator

from screening.interpreters.explain.records import Answer, Explanation, Reason, RuleExplanation
from screening.rules.plain import listed
from screening.rules.truth import FALSE, TRUE, UNKNOWN, Truth

_VERDICT = {TRUE: "fired", FALSE: "did not fire", UNKNOWN: "cannot be decided"}
_BECAUSE = {TRUE: "because", FALSE: "it would need", UNKNOWN: "not known"}


def explain_text(explanation: Explanation) -> str:
    """The explanation as indented text."""
    return "\n".join(_explanation(explanation)) + "\n"


def reason_line(reason: Reason) -> str:
    """A reason in one line: what is so, and what was answered where the words do not say it already."""
    if reason.values:
        values = [value for value in reason.values if value not in reason.words]
        return f"{reason.words} ({'; '.join(values)})" if values else reason.words
    unsaid = [answer for answer in reason.answers if not _says(reason.words, answer)]
    if not unsaid or reason.definition:
        return reason.words
    given = [f"“{answer.words}”" for answer in unsaid if answer.given]
    missing = [answer.words for answer in unsaid if not answer.given]
    said = [f"answer{'s' if len(given) > 1 else ''}: {listed(given, 'and')}"] if given else []
    return f"{reason.words} ({'; '.join(said + missing)})"


def _says(words: str, answer: Answer) -> bool:
    """Whether the words of a reason already tell the answer."""
    if not answer.given:
        return words.startswith("it is not known") or words.endswith(answer.words)
    return all(f"“{label}”" in words for label in answer.words.split("; "))


def _explanation(explanation: Explanation) -> Iterator[str]:
    yield from explanation.summary
    for heading, rules in (
        ("Rules that decided", explanation.deciding),
        ("Rules that fired and were overtaken by a more urgent one", explanation.overtaken),
        ("Rules that inform", explanation.informing),
        ("Rules that cannot be decided", explanation.unresolved),
    ):
        if rules:
            yield ""
            yield heading
            for rule in rules:
                yield from _rule(rule)
    for answer in explanation.invalid:
        yield f"Not an answer that can be used: {answer.text}"


def _rule(rule: RuleExplanation) -> Iterator[str]:
    yield f"  {rule.rule} {rule.title}: {_VERDICT[rule.verdict]}"
    for words in dict.fromkeys((rule.surgeon, rule.why)):
        if words:
            yield f"    {words}"
    if rule.reasons:
        yield f"    {_BECAUSE[rule.verdict]}:"
    yield from _reasons(rule.reasons, 3, rule.verdict)
    if rule.settled_by:
        yield "    answers that would settle it:"
    for answer in rule.settled_by:
        yield f"      - {answer.text} ({answer.question}: {answer.words})"
    for source in rule.sources:
        yield f"    [{source.id}] {source.text}" + (f" <{source.url}>" if source.url else "")


def _reasons(reasons: Iterable[Reason], depth: int, verdict: Truth) -> Iterator[str]:
    for reason in reasons:
        # why a rule fired does not need every test that makes a definition false
        inside = () if verdict is TRUE and reason.definition and reason.truth is FALSE else reason.reasons
        yield f"{'  ' * depth}- {reason_line(reason)}{':' if inside else ''}"
        yield from _reasons(inside, depth + 1, verdict)
