"""The written rule set leaves nothing out, leads where it says, and shows whatever words there are as those words."""

import html
import re

import pytest
from django.core.management import CommandError, call_command
from markdown_it import MarkdownIt

from screening.interpreters.prose import prose
from screening.interpreters.prose.markdown import code, table, text
from screening.rules.education import AboutDecision
from screening.rules.plain import hours_in_words
from tests.unit.interpreters.small import alarm, definition, ruleset

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")
ODD = [
    "a *star* and _line_",
    "# not a heading",
    "1. not a list",
    "- not a list",
    "+ not a list",
    "a | b",
    "<script>alert(1)</script>",
    "[not](a-link)",
    "`code`",
    "a ~~b~~ &amp; c",
    "back\\slash",
    ">=5 levels",
    "![picture](x)",
    "two\n\nlines",
    "<!-- hidden -->",
    "$x$",
    "---",
    "===",
]


@pytest.fixture(scope="module")
def document(lumbar):
    return prose(lumbar)


def shown(markdown):
    """The words a reader sees."""
    return (
        re.sub(r"<[^>]+>", "", MARKDOWN.render(markdown))
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&amp;", "&")
    )


@pytest.fixture(scope="module")
def words(document):
    return " ".join(shown(document).split())


def told(words, sentence):
    return " ".join(sentence.split()) in words


def test_every_question_is_there_in_full(lumbar, words):
    for question in lumbar.questions:
        labels = [choice.label for choice in question.choices]
        for sentence in filter(None, (question.id, question.text, question.help, question.dont_know, *labels)):
            assert told(words, sentence), (question.id, sentence)


def test_every_rule_is_there_in_full(lumbar, words):
    for rule in lumbar.rules:
        for sentence in (
            f"{rule.id} · {rule.title}",
            rule.patient,
            rule.surgeon,
            rule.why,
            *rule.cites,
            *rule.reflects,
        ):
            assert told(words, sentence), (rule.id, sentence)


def test_every_other_part_is_there(lumbar, words):
    education = lumbar.education
    sentences = [lumbar.title, lumbar.scope, *lumbar.notice, lumbar.sha256, *lumbar.source_statements.values()]
    sentences += [f"{item.id} · {item.claim}" for item in lumbar.properties]
    sentences += [item.title for item in (*lumbar.definitions, *lumbar.sections)]
    sentences += [line for item in lumbar.dispositions for line in (item.label, item.patient, item.target)]
    sentences += [citation.text for citation in lumbar.citations.values()]
    sentences += [fact.text for fact in education.facts] + [entry.text for entry in education.timeline]
    sentences += [line for item in education.options for line in (item.label, item.what, item.not_known)]
    sentences += [item.text for item in (*education.points, *education.what_matters, *education.questions_to_ask)]
    sentences += [getattr(education, name) for name in AboutDecision.model_fields if name != "citations"]
    sentences += [line for item in lumbar.instruments for line in (item.name, item.terms)]
    assert [sentence for sentence in sentences if not told(words, sentence)] == []


def test_every_expression_is_there_as_it_is_written(lumbar, document):
    blocks = [" ".join(block.split()) for block in re.findall(r"```text\n(.*?)```", document, re.S)]
    for expression in [rule.when for rule in lumbar.rules] + [item.is_ for item in lumbar.definitions]:
        assert " ".join(expression.split()) in blocks


def test_every_link_leads_somewhere(lumbar, document):
    page = MARKDOWN.render(document)
    places = re.findall(r'<a id="([^"]+)"', page)
    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(places)
    addresses = set(re.findall(r'href="(http[^"]+)"', page))
    assert {html.unescape(address) for address in addresses} == {
        citation.url for citation in lumbar.citations.values() if citation.url
    }


def test_every_time_limit_is_told(lumbar, document):
    for rule in lumbar.rules:
        (entry,) = re.findall(rf'<a id="rule-{rule.id}"></a>(.*?)<a id=', document, re.S)
        if rule.clarify_within_hours is not None:
            assert f"a person clarifies within {hours_in_words(rule.clarify_within_hours)}" in entry
        if rule.contact_within_hours:
            assert f"first contact within {hours_in_words(rule.contact_within_hours)}" in entry


def test_who_uses_a_question_is_told(document):
    (entry,) = re.findall(r'<a id="question-weakness_speed"></a>(.*?)<a id=', document, re.S)
    assert entry.rstrip().endswith("Used by: [E05](#rule-E05).")


def test_the_same_rule_set_gives_the_same_document(lumbar, document):
    again = type(lumbar).model_validate(lumbar.document())
    assert prose(again) == document


def test_lists_nest_as_the_condition_does(document):
    (entry,) = re.findall(r'<a id="rule-E04"></a>(.*?)```', document, re.S)
    assert [len(line) - len(line.lstrip()) for line in entry.splitlines() if line.lstrip().startswith("-")] == [
        0,
        2,
        2,
        0,
        2,
        2,
    ]


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_stay_words(odd):
    assert shown(text(odd)).strip() == " ".join(odd.split())
    assert shown(f"- {text(odd)}").strip() == " ".join(odd.split())
    cells = shown("\n".join(table(["a", "b"], [[text(odd), code("x|y")]]))).split("\n")
    assert [cell for cell in cells if cell] == ["a", "b", " ".join(odd.split()), "x|y"]


@pytest.mark.parametrize("odd", ["a", "`", "``a`", "a|b", "a `b` c", "<b>", "*a*"])
def test_odd_code_stays_code(odd):
    assert shown(code(odd)).strip() == odd


def test_a_hostile_rule_set_stays_a_document():
    odd = "<script>x</script> | *a* [b](http://evil.example)\n# c"
    rules = [alarm("odd", title=odd, patient=odd, surgeon=odd, why=odd)]
    document = prose(
        ruleset(title=odd, scope=odd, notice=[odd], rules=rules, definitions=[definition("odd", odd, "pain > 3")])
    )
    html = MARKDOWN.render(document)
    assert "<script" not in html
    assert 'evil.example"' not in html
    assert html.count("<h1>") == 1


def test_a_small_rule_set_without_much_in_it():
    document = prose(ruleset())
    assert "No rule asks for this disposition." in document
    assert "\n\n\n" not in document


# -- docs/generated


def test_the_generated_documents_are_current():
    call_command("build_docs", "--check", verbosity=0)


def test_a_document_out_of_date_is_told(tmp_path):
    with pytest.raises(CommandError, match=r"lumbar-miss\.md"):
        call_command("build_docs", "--check", folder=tmp_path)
    (tmp_path / "old.md").write_text("left over")
    call_command("build_docs", folder=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lumbar-miss.md", "statuses.md"]
    call_command("build_docs", "--check", folder=tmp_path)
