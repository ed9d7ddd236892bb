"""The first pages: what the rule set is for, how to read it, what is where, and the dispositions it can give."""

from collections.abc import Iterator, Sized

from screening.interpreters.prose.index import Index
from screening.interpreters.prose.markdown import anchor, chapter, code, heading, link, table, text
from screening.rules.plain import hours_in_words
from screening.rules.ruleset import RuleSet

READING = """\
**Answers.** Every question of a case is in one of three states. It is *known*. Or it is *not known*: the person chose
“I don't know”, gave no answer to a question that needs one, or gave one that cannot be used. Or it is *absent*: it was
not asked, an optional question was left empty, or a clinician has not filled it in. An answer to a question that is not
shown in the end never counts.

**True, false, not known.** Every condition, and so every rule, is true, false or not known. What is not known is never
taken for no, unless a condition says “not known counts as no” (or as yes). A test of an absent answer is false: what
does not apply supports nothing.

**Dispositions** are the named results of a case, listed most urgent first.

**Rules.** A rule *fires* when its condition is true. The most urgent disposition that a fired rule asks for is the
disposition of the case. Rules that fired for a less urgent one are *overtaken*: the surgeon sees them, and the patient
does not read their words. Rules without a disposition only inform.

**Alarm rules** say within which time a person must clarify when the rule is *not known*.

**Time limits** run to the first contact by a clinician. The shortest one holds: that of the disposition, of a fired
rule, of an alarm rule that is not known, or of an answer that cannot be used.

**Procedures.** What the fired rules of the final disposition support, less what they, or fired rules without a
disposition, rule out.

**Words and code.** Each condition is written twice: in words, made by the program, and as the rule set writes it, which
is what runs. Names such as `age_years` are ids of questions and definitions, and lead to them where they are links.
"""


def opening(index: Index) -> Iterator[str]:
    """Title, scope and how to read it."""
    ruleset = index.ruleset
    yield f"# {text(ruleset.title)}"
    yield ""
    yield text(ruleset.scope)
    yield ""
    yield (
        f"This is the rule set {code(ruleset.id)} as the program runs it, written out by the program. It is not edited "
        "here: change the rule set, and build this document again."
    )
    yield ""
    yield from table(("", ""), _facts(ruleset))
    yield from heading(2, "What every patient is told", "notices")
    yield from (f"- {text(line)}" for line in ruleset.notice)
    yield from heading(2, "How to read this document", "reading")
    yield READING


def _facts(ruleset: RuleSet) -> Iterator[tuple[str, str]]:
    asked = [question for question in ruleset.questions if question.audience != "system"]
    patients = sum(question.audience == "patient" for question in asked)
    safety = sum(question.safety for question in asked)
    open_citations = sum(citation.status == "to_confirm" for citation in ruleset.citations.values())
    yield "Identity (sha256)", code(ruleset.sha256)
    yield "Answers for it", text(ruleset.owner) or "nobody is named"
    yield "To be looked at again by", ruleset.review_by or "no day is set"
    yield "Language", code(ruleset.language)
    yield "Dispositions", _count(ruleset.dispositions, "dispositions")
    kinds = (
        f"{patients} for patients, {len(asked) - patients} for clinicians, {len(ruleset.questions) - len(asked)} set by"
    )
    yield "Questions", f"{_count(ruleset.questions, 'questions')}: {kinds} the program; {safety} are safety questions"
    yield "Definitions", _count(ruleset.definitions, "definitions")
    alarms = sum(rule.is_alarm for rule in ruleset.rules)
    informing = sum(not rule.disposition for rule in ruleset.rules)
    yield "Rules", f"{_count(ruleset.rules, 'rules')}: {alarms} alarm rules, {informing} that only inform"
    yield "Safety claims", _count(ruleset.properties, "properties")
    yield "Citations", f"{_count(ruleset.citations, 'citations')}: {open_citations} still to be confirmed"


def _count(parts: Sized, place: str) -> str:
    return link(str(len(parts)), f"#{place}")


def contents(index: Index) -> Iterator[str]:
    """The table of contents."""
    ruleset = index.ruleset
    yield from heading(2, "Contents", "contents")
    yield f"- {link('What every patient is told', '#notices')}"
    yield f"- {link('How to read this document', '#reading')}"
    yield f"- {link('Dispositions, most urgent first', '#dispositions')}"
    yield f"- {link('Questions', '#questions')}"
    for section in ruleset.sections:
        yield f"  - {link(text(section.title), f'#section-{section.id}')}"
    yield f"- {link('Definitions', '#definitions')}"
    yield f"- {link('Rules', '#rules')}"
    for disposition in ruleset.dispositions:
        yield f"  - {link(text(disposition.label), f'#rules-{disposition.id}')}"
    yield f"  - {link('Rules that only inform', '#rules-informing')}"
    yield f"- {link('Safety claims', '#properties')}"
    yield f"- {link('What patients can read', '#education')}"
    if ruleset.translations:
        yield f"- {link('Translations', '#translations')}"
    yield f"- {link('What the sources say, and where it is reflected', '#statements')}"
    yield f"- {link('Instruments', '#instruments')}"
    yield f"- {link('Citations', '#citations')}"


def dispositions(index: Index) -> Iterator[str]:
    """The dispositions, most urgent first."""
    ruleset = index.ruleset
    yield from chapter("Dispositions, most urgent first", "dispositions")
    yield from table(
        ("", "Disposition", "First contact", "What should happen", "Rules"),
        (
            (
                str(place),
                f"{anchor(f'disposition-{item.id}')}**{text(item.label)}** ({code(item.id)})",
                _first_contact(item.contact_within_hours) + (". The intake stops." if item.stop_intake else ""),
                text(item.target),
                link(str(sum(rule.disposition == item.id for rule in ruleset.rules)), f"#rules-{item.id}"),
            )
            for place, item in enumerate(ruleset.dispositions, 1)
        ),
    )
    default, clarify = map(index.disposition, (ruleset.default_disposition, ruleset.clarify_disposition))
    yield f"Where no rule decides: {default}. Where an alarm rule is not known, or an answer cannot be used: {clarify}."
    yield f"An answer that cannot be used is clarified within {hours_in_words(ruleset.invalid_answer_within_hours)}."
    yield ""
    yield "What the patient reads:"
    yield ""
    for item in ruleset.dispositions:
        yield f"- **{text(item.label)}:** “{text(item.patient_label)}.” {text(item.patient)}"


def _first_contact(hours: int) -> str:
    return "at once" if hours == 0 else f"within {hours_in_words(hours)}"
