"""How a version came to be, in words, from what was kept with it: the first chapters of its document. Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from screening.interpreters.prose.markdown import code, heading, link, table, text
from screening.interpreters.prove import prover
from screening.models import RuleSetVersion
from screening.rules.plain import hours_in_words

LOADED = "Loaded by the program without sign-off: no proof, replay or signature was asked for."
_CODE = re.compile(r"(`[^`]+`)")
OLDER = (
    "**By an older prover than the program has now.** That says nothing against a claim. To have them proved anew, "
    "make this version the draft and prove it."
)
UNKNOWN = "Nothing was kept of how it was published."
PASSED = "All of it: checked, test patients, proved, replayed, somebody answers for each rule, signed."
# What is looked at in every rule set, beside its own claims.
ALWAYS = {
    "fires": "rules: each can fire",
    "decides": "rules: each can be the reason for the outcome",
    "reached": "dispositions: each can come out",
    "shown": "questions: each can be shown",
    "choices": "questions: which of their choices matter",
    "blank": "a case without any answer is not less urgent than one to be clarified",
    "together": "pairs of rules that always fire together",
    "contradictions": "pairs of rules that contradict each other",
}


def opening(version: RuleSetVersion) -> str:
    """Title, how it was published, and what it was published on."""
    kept = version.evidence
    lines = [f"# {text(version.ruleset.title)}, version {version.number}", "", *_facts(version)]
    lines += [*_signatures(kept), *_difference(kept), *_proofs(version), *_withdrawn(kept), *_replay(kept)]
    return "\n".join([*lines, *_patients(version)])


def _facts(version: RuleSetVersion) -> Iterator[str]:
    gate = {"all": PASSED, "none": LOADED}.get(version.evidence.get("gate", ""), UNKNOWN)
    facts = (
        ("Status", str(version.get_status_display())),
        ("Published", f"{_day(version.published_at)} by {text(version.published_by)}"),
        ("Why", text(version.reason)),
        ("Gate", gate),
        ("Rule set (sha256)", code(version.sha256)),
        ("Test patients (sha256)", code(version.vignettes_sha256 or "none")),
    )
    yield from table(("About", "This version"), facts)
    chapters = ("signed", "Who signed"), ("changed", "What changed"), ("proofs", "Proofs"), ("replay", "Past cases")
    yield " · ".join(link(words, f"#version-{name}") for name, words in (*chapters, ("patients", "Test patients")))


def _signatures(kept: Mapping[str, Any]) -> Iterator[str]:
    yield from heading(2, "Who signed", "version-signed")
    if not kept.get("sign_offs"):
        yield "Nobody."
    for each in kept.get("sign_offs", ()):
        said = f": “{text(each['comment'])}”" if each["comment"] else ""
        yield f"- {text(each['by'])} signed exactly these hashes on {_day(each['at'])}{said}"


def _difference(kept: Mapping[str, Any]) -> Iterator[str]:
    found = kept.get("difference")
    since = f" since version {found['version']}" if found else ""
    yield from heading(2, f"What changed{since}", "version-changed")
    if not found:
        yield "There was no version before it to compare with."
        return
    yield from (f"- {_with_code(sentence)}" for sentence in found["sentences"])
    yield from (f"- {text(which[:1].upper() + which[1:])}: {how}" for how, which in found["patients"])
    if not (found["sentences"] or found["patients"]):
        yield "Nothing."


def _with_code(sentence: str) -> str:
    """What stands between backticks is an expression."""
    return "".join(code(piece[1:-1]) if _CODE.fullmatch(piece) else _spaced(piece) for piece in _CODE.split(sentence))


def _spaced(words: str) -> str:
    """As Markdown, with the spaces at its ends."""
    before, after = (" " if words[:1].isspace() else ""), (" " if words[-1:].isspace() else "")
    return f"{before}{text(words)}{after}" if words.strip() else before


def _proofs(version: RuleSetVersion) -> Iterator[str]:
    proof = version.evidence.get("proof")
    yield from heading(2, "Proofs", "version-proofs")
    if not proof:
        yield "Nothing was proved before it was published."
        return
    by = f"on {_day(proof['at'])} by z3 {text(proof['z3_version'])}"
    proved = sum(each["status"] == "holds" for each in proof["claims"])
    seconds = f"{proof['seconds']:.1f} s"
    yield f"{proved} of {len(proof['claims'])} claims were proved {by} in {seconds}, each for every possible case."
    yield ""
    if proof.get("prover") != prover():
        yield OLDER
        yield ""
    own = [each for each in proof["claims"] if each["kind"] not in ALWAYS]
    rows = ((text(each["id"]), text(each["claim"]), _settled(each, by)) for each in own)
    yield from table(("Claim", "In words", "Proof"), rows)
    counted = Counter(each["kind"] for each in proof["claims"] if each["kind"] in ALWAYS and each["status"] == "holds")
    yield "Beside these, of every rule set:"
    yield ""
    yield from (f"- {counted[kind]} × {words}" for kind, words in ALWAYS.items() if counted[kind])


def _settled(claim: Mapping[str, Any], by: str) -> str:
    if claim["status"] == "holds":
        seconds = claim["seconds"]
        return f"proved {by} in {f'{seconds:.2f}' if seconds >= 0.005 else 'under 0.01'} s"
    return "**not proved**: withdrawn, see below"


def _withdrawn(kept: Mapping[str, Any]) -> Iterator[str]:
    if not kept.get("withdrawn"):
        return
    yield from heading(2, "Withdrawn claims", "version-withdrawn")
    for each in kept["withdrawn"]:
        yield f"- **{text(each['id'])}** {text(each['claim'])}"
        yield ""
        yield f"  Withdrawn by {text(each['by'])} on {_day(each['at'])}: “{text(each['reason'])}”"


def _replay(kept: Mapping[str, Any]) -> Iterator[str]:
    replay = kept.get("replay")
    yield from heading(2, "Past cases", "version-replay")
    if not replay:
        yield "It was not replayed on past cases before it was published."
    elif not replay["cases"]:
        yield "The clinic had no past cases to replay it on."
    else:
        cases = f"{replay['cases']:,} cases" if replay["cases"] > 1 else "1 case"
        yield f"Replayed on {cases} of the clinic on {_day(replay['at'])}. {' '.join(map(text, replay['words']))}"
        yield ""
        head = ("Before, and after:", *map(text, replay["table"]["head"]), "All")
        yield from table(head, map(_row, replay["table"]["rows"]))
        readers = ", ".join(f"{text(each['by'])} on {_day(each['at'])}" for each in replay["read_by"])
        yield f"Read by {readers}." if readers else "Nobody said that they had read it."


def _row(row: Mapping[str, Any]) -> tuple[str, ...]:
    numbers = (f"{number:,}" if number else "–" for number, _ in row["cells"])
    return (text(row["label"]), *numbers, f"{row['total']:,}")


def _patients(version: RuleSetVersion) -> Iterator[str]:
    yield from heading(2, "Test patients", "version-patients")
    vignettes = version.read_vignettes().vignettes if version.vignettes_sha256 else ()
    if not vignettes:
        yield "There are none."
        return
    yield f"All {len(vignettes)} came out as expected." if version.evidence else f"{len(vignettes)} test patients."
    yield ""
    labels = {each.id: each.label for each in version.ruleset.dispositions}
    rows = (
        (text(each.id), text(each.title), text(each.profile or "no answers"), _expected(each.expect, labels))
        for each in vignettes
    )
    yield from table(("Id", "Patient", "As in profile", "What must come out"), rows)


def _expected(expect: Any, labels: Mapping[str, str]) -> str:
    said = [text(labels.get(expect.disposition, expect.disposition))] if expect.disposition else []
    if expect.contact_within_hours is not None:
        hours = expect.contact_within_hours
        said.append(f"contact {'at once' if hours == 0 else f'within {hours_in_words(hours)}'}")
    return ", ".join(said) or "see the document"


def _day(at: datetime | str) -> str:
    return f"{datetime.fromisoformat(at) if isinstance(at, str) else at:%-d %B %Y}"
