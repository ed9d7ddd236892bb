"""`manage.py check_ruleset`: everything that is wrong, and exit 1."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from screening.rulesets import shipped

RULESET = shipped("lumbar-miss")


def check(*arguments: str) -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("check_ruleset", *arguments, stdout=out)
    except SystemExit as end:
        return out.getvalue(), int(end.code or 0)
    return out.getvalue(), 0


def test_the_shipped_rule_set_has_no_problem_and_its_vignettes_pass():
    said, status = check(str(RULESET))
    assert status == 0
    assert "no problem found" in said
    assert "vignettes come out as expected" in said


def test_all_problems_are_said_at_once(tmp_path):
    text = RULESET.read_text()
    text = text.replace("when: leg_weakness = 'worse'\n", "when: leg_weaknes = 'worse'\n", 1)
    text = text.replace("- girft_ces_2023\n", "- girft_ces_2032\n", 1)
    path = tmp_path / "wrong.yaml"
    path.write_text(text)
    said, status = check(str(path))
    assert status == 1
    assert (
        "rules/U01/when, column 1: There is no question or definition `leg_weaknes`. (did you mean `leg_weakness`?)"
        in said
    )
    assert "rules/E01/cites: There is no citation `girft_ces_2032`. (did you mean `girft_ces_2023`?)" in said


@pytest.fixture
def stricter(tmp_path: Path) -> str:
    """The shipped rules with another threshold."""
    path = tmp_path / "rules.yaml"
    path.write_text(RULESET.read_text().replace("when: c_mrc_min <= 3\n", "when: c_mrc_min <= 2\n", 1))
    return str(path)


def test_a_vignette_that_comes_out_otherwise_is_told(stricter):
    said, status = check(stricter, "--vignettes", str(shipped("lumbar-miss.vignettes")))
    assert status == 1
    assert "expected urgent_48h, got" in said


def test_without_vignettes_only_the_rule_set_is_checked(stricter):
    said, status = check(stricter)
    assert status == 0
    assert "vignettes" not in said


def test_vignettes_that_name_what_is_not_there_are_a_problem(tmp_path):
    path = tmp_path / "some.vignettes.yaml"
    path.write_text("vignettes:\n- id: V1\n  title: t\n  answers: {fevre: 'yes'}\n  expect: {fired: [U99]}\n")
    said, status = check(str(RULESET), "--vignettes", str(path))
    assert status == 1
    assert "There is no question `fevre`. (did you mean `fever`?)" in said
    assert "There is no rule `U99`." in said


def test_every_claim_of_the_shipped_rule_set_is_proved():
    said, status = check(str(RULESET), "--prove")
    assert status == 0, said
    assert "P01: holds" in said
    assert "claims hold (z3 " in said


def test_a_claim_that_fails_is_told_with_the_case(stricter):
    said, status = check(stricter, "--prove")
    assert status == 1
    failed = said[said.index("P19: FAILS") :]
    assert "Weakest key leg muscle, MRC grade 3 of 5 (MRC)" in failed
    assert "\n    → " in failed
