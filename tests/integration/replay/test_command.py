"""`manage.py replay`."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from screening.models import ColumnarCase, Pathway, Referral
from screening.rulesets import to_yaml
from tests.integration.replay.conftest import document, draft_of

pytestmark = pytest.mark.django_db


def said(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command("replay", *arguments, stdout=out, **options)
    return out.getvalue()


def test_with_the_draft_a_version_and_a_file(pathway: Pathway, referral: Referral, tmp_path: Path):
    made = document({"M1": {"disposition": "wait_and_see"}})
    file = tmp_path / "tiny.yaml"
    file.write_text(to_yaml(made))
    draft_of(pathway, made)
    for other in ("draft", str(file)):
        text = said("tiny", other=other)
        assert "1 of 1 case would come out otherwise: 0 more urgent, 1 less urgent." in text
        assert "less urgent: small_cut → wait_and_see" in text
        assert "M1" in text
    assert "0 of 1 case" in said("tiny", other="1")


def test_as_json_and_of_some_cases(pathway: Pathway, referral: Referral):
    assert json.loads(said("tiny", other="1", json=True))["cases"] == 1
    assert json.loads(said("tiny", other="1", json=True, status=["closed"]))["cases"] == 0
    assert json.loads(said("tiny", other="1", json=True, since="2100-01-01"))["cases"] == 0
    assert json.loads(said("tiny", other="1", json=True, site="north"))["cases"] == 1


def test_a_clinic_that_keeps_columns_has_them_read(pathway: Pathway, referral: Referral, settings: Any, tmp_path: Path):
    settings.VAR_DIR, settings.COLUMNAR_CASES = tmp_path, True
    assert json.loads(said("tiny", other="1", json=True, site="north"))["cases"] == 1
    assert ColumnarCase.objects.get().referral == referral.pk


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("other",), "no pathway"),
        (("tiny", "--with", "7"), "no version 7"),
        (("tiny", "--with", "draft"), "no draft"),
        (("tiny", "--with", "lumbar-miss"), "--with takes"),
        (("tiny", "--with", "screening/rulesets/lumbar-miss.yaml"), "not one of `tiny`"),
        (("tiny", "--with", "1", "--since", "yesterday"), "not a day"),
        (("tiny", "--with", "1", "--site", "nowhere"), "no clinic"),
    ],
)
def test_what_cannot_be_done_is_said(pathway: Pathway, arguments: tuple[str, ...], words: str):
    more = () if "--with" in arguments else ("--with", "1")
    with pytest.raises(CommandError, match=words):
        said(*arguments, *more)
