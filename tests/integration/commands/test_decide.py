"""`manage.py decide`: the contract that scripts rely on."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from screening.rulesets import load_vignettes, shipped

RULESET = str(shipped("lumbar-miss"))
KEYS = {
    "disposition", "contact_within_hours", "fired", "unresolved", "ask_next", "supports", "rules_out", "approach",
    "invalid", "ignored", "pruned", "ruleset_sha256",
}  # fmt: skip
VIGNETTES = load_vignettes(shipped("lumbar-miss.vignettes"))


def decide(tmp_path: Path, text: str | bytes, *options: str, ruleset: str = RULESET) -> tuple[list[dict], int]:
    """What is printed, a line each, and the exit status."""
    file = tmp_path / "cases"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    out, status = io.StringIO(), 0
    try:
        call_command("decide", ruleset, str(file), *options, stdout=out)
    except SystemExit as end:
        status = int(end.code or 0)
    return [json.loads(line) for line in out.getvalue().splitlines()], status


def test_one_object_is_one_case_also_over_several_lines(tmp_path):
    lines, status = decide(tmp_path, '{\n  "saddle_numbness":\n "yes"\n}')
    assert status == 0
    assert [line["disposition"] for line in lines] == ["emergency_now"]
    assert set(lines[0]) == KEYS


def test_every_vignette_comes_out_as_expected_as_json_lines(tmp_path):
    cases = "\n".join(json.dumps(VIGNETTES.answers(vignette)) for vignette in VIGNETTES.vignettes)
    lines, status = decide(tmp_path, cases)
    assert status == 0
    for vignette, line in zip(VIGNETTES.vignettes, lines, strict=True):
        assert line["disposition"] == vignette.expect.disposition
        assert set(vignette.expect.fired) <= set(line["fired"])
        assert not set(vignette.expect.not_fired) & set(line["fired"])
        assert set(vignette.expect.ask_next) <= set(line["ask_next"])


def test_lists_are_sorted(tmp_path):
    [line], _ = decide(tmp_path, "{}")
    assert all(value == sorted(value) for value in line.values() if isinstance(value, list))
    assert len(line["ask_next"]) > 5


def test_wrong_values_and_unknown_keys_are_reported_and_no_error(tmp_path):
    wrong = {"fever": True, "age_years": 400, "shoe_size": 44, "toilet_detail": ["leaking_wee"], "toilet_change": "no"}
    [line], status = decide(tmp_path, json.dumps(wrong))
    assert status == 0
    assert line["invalid"] == ["age_years", "fever"]
    assert line["ignored"] == ["shoe_size"]
    assert line["pruned"] == ["toilet_detail"]


def test_an_alarm_behind_a_hidden_answer_counts_as_withdrawn(tmp_path):
    calm = next(vignette for vignette in VIGNETTES.vignettes if vignette.expect.disposition == "surgeon_miss")
    answers = {**VIGNETTES.answers(calm), "toilet_change": "no", "toilet_detail": ["leaking_wee"]}
    [line], _ = decide(tmp_path, json.dumps(answers))
    assert (line["disposition"], line["contact_within_hours"]) == ("more_info", 24)
    assert "W01" in line["fired"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nonsense", "not JSON"),
        ("[1, 2]", "not a JSON object"),
        ('{"fever": "no", "fever": "yes"}', "answered twice"),
        ("[" * 100_000, "nested too deep"),
    ],
)
def test_an_unreadable_line_becomes_an_error_and_the_others_are_decided(tmp_path, line, words):
    lines, status = decide(tmp_path, f'{{"fever": "yes"}}\n{line}\n\n{{"saddle_numbness": "yes"}}\n')
    assert status == 1
    assert words in lines[1]["error"]
    assert [lines[0]["disposition"], lines[2]["disposition"]] == ["urgent_48h", "emergency_now"]


def test_bytes_that_are_no_text_are_an_error_of_their_line_only(tmp_path):
    lines, status = decide(tmp_path, b'{"fever": "yes"}\n{"other_notes": "\xff"}\n')
    assert status == 1
    assert "UTF-8" in lines[1]["error"]
    assert lines[0]["disposition"] == "urgent_48h"


def test_explain_adds_why(tmp_path):
    [line], _ = decide(tmp_path, '{"saddle_numbness": "yes"}', "--explain")
    assert set(line) == {*KEYS, "explanation"}
    assert "E01" in json.dumps(line["explanation"])


def test_a_rule_set_that_is_not_there_or_wrong_is_said_in_words(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("decide", "nowhere/rules.yaml", "-")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(Path(RULESET).read_text().replace("when: fever = 'yes'\n", "when: fevre = 'yes'\n"))
    with pytest.raises(CommandError, match=r"rules/U04/when, column 1: .*did you mean `fever`"):
        call_command("decide", str(wrong), "-")


@pytest.mark.django_db
def test_a_pathway_id_means_its_live_version(tmp_path):
    with pytest.raises(CommandError, match="no pathway `lumbar-miss`"):
        decide(tmp_path, "{}", ruleset="lumbar-miss")
    call_command("load_ruleset", RULESET, publish=True, stdout=io.StringIO(), stderr=io.StringIO())
    [by_id], _ = decide(tmp_path, '{"fever": "yes"}', ruleset="lumbar-miss")
    [by_path], _ = decide(tmp_path, '{"fever": "yes"}')
    assert by_id == by_path


def test_a_path_touches_no_database(tmp_path):
    # no django_db mark: pytest-django refuses any query
    decide(tmp_path, "{}")
