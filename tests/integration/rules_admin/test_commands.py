"""`load_ruleset` and `export_ruleset`: from files to a draft and back, from the command line."""

import json

import pytest
from django.core.management import CommandError, call_command

from screening.models import AuditEvent, Pathway
from screening.rules.check import read_ruleset
from screening.rules.shape import read_shape
from screening.rules.vignettes import Vignettes
from screening.rulesets import read_document, shipped, to_yaml
from tests.factories import SiteFactory, tiny_document
from tests.integration.rules_admin.conftest import TINY_VIGNETTES

pytestmark = pytest.mark.django_db

LUMBAR = str(shipped("lumbar-miss"))


@pytest.fixture
def tiny(tmp_path):
    """A file with the tiny rule set; write(title="Other") writes it anew."""

    def write(vignettes=TINY_VIGNETTES, **changes):
        path = tmp_path / "tiny.yaml"
        path.write_text(to_yaml(tiny_document(**changes)))
        (tmp_path / "tiny.vignettes.yaml").write_text(to_yaml(vignettes))
        return str(path)

    return write


def export(name, capsys, **options):
    capsys.readouterr()
    call_command("export_ruleset", name, **options)
    return read_document(capsys.readouterr().out)


def test_load_publish_export_load(capsys):
    SiteFactory(slug="north")
    call_command("load_ruleset", LUMBAR, publish=True)
    assert "Offered at" in capsys.readouterr().out
    pathway = Pathway.objects.get(pk="lumbar-miss")
    ruleset = read_ruleset(read_document(shipped("lumbar-miss").read_bytes()))
    assert pathway.live_version.sha256 == ruleset.sha256
    assert pathway.live_version.vignettes_sha256
    assert list(pathway.offerings.values_list("site__slug", flat=True)) == ["north"]
    for name in ("lumbar-miss", "lumbar-miss@1", "lumbar-miss@draft"):
        assert read_ruleset(export(name, capsys)) == ruleset
        assert (
            read_shape(Vignettes, export(name, capsys, vignettes=True)).sha256 == pathway.live_version.vignettes_sha256
        )
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"pathway.add", "draft.import", "site.offer", "pathway.publish"} <= actions
    assert set(AuditEvent.objects.values_list("actor_kind", flat=True)) == {"system"}


def test_later_versions_are_published_by_people(tiny, settings):
    call_command("load_ruleset", tiny(), publish=True)
    call_command("load_ruleset", tiny(), publish=True)
    with pytest.raises(CommandError, match="published by a person"):
        call_command("load_ruleset", tiny(title="Other"), publish=True)
    # Nothing half done: the draft is as it was.
    assert Pathway.objects.get().draft.title == "A tiny pathway"
    settings.DEMO_MODE = True
    call_command("load_ruleset", tiny(title="Other"), publish=True)
    assert Pathway.objects.get().live_version.number == 2


def test_without_publishing_only_the_draft_changes(tiny):
    call_command("load_ruleset", tiny())
    assert Pathway.objects.get().live_version is None
    assert Pathway.objects.get().draft.title == "A tiny pathway"


def test_clinics(tiny):
    north, south = SiteFactory(slug="north"), SiteFactory(slug="south")
    call_command("load_ruleset", tiny())
    assert not Pathway.objects.get().offerings.exists()
    call_command("load_ruleset", tiny(), "--site", "north", "--site", "south")
    assert {offering.site for offering in Pathway.objects.get().offerings.all()} == {north, south}
    with pytest.raises(CommandError, match=r"no clinic west\. There are: north, south"):
        call_command("load_ruleset", tiny(), "--site", "west")


def test_an_offer_that_was_closed_stays_closed(tiny):
    SiteFactory()
    call_command("load_ruleset", tiny())
    Pathway.objects.get().offerings.update(is_open=False)
    call_command("load_ruleset", tiny())
    assert not Pathway.objects.get().offerings.get().is_open


def test_what_is_wrong_is_said(tiny, tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("load_ruleset", str(tmp_path / "none.yaml"))
    with pytest.raises(CommandError, match="rules/E1/disposition: There is no disposition `nowhere`"):
        rules = [{**tiny_document()["rules"][0], "disposition": "nowhere"}, *tiny_document()["rules"][1:]]
        call_command("load_ruleset", tiny(rules=rules), publish=True)
    with pytest.raises(CommandError, match="There is no field `rulez`"):
        call_command("load_ruleset", tiny(rulez=[]))
    wrong = {"vignettes": [{"id": "V1", "title": "x", "expect": {"disposition": "soon"}}]}
    with pytest.raises(CommandError, match="V1: disposition: expected soon, got more_info"):
        call_command("load_ruleset", tiny(vignettes=wrong), publish=True)
    assert not Pathway.objects.exists()


def test_json_and_named_test_patients(tmp_path):
    path, tests = tmp_path / "any.json", tmp_path / "patients.yaml"
    path.write_text(json.dumps(tiny_document()))
    tests.write_text(to_yaml(TINY_VIGNETTES))
    call_command("load_ruleset", str(path), vignettes=str(tests))
    assert len(Pathway.objects.get().draft.vignettes().vignettes) == 2


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("none", "no pathway `none`"),
        ("tiny", "no live version yet"),
        ("tiny@1", "no version `1`"),
        ("tiny@x", "no version `x`"),
        ("bare@draft", "no draft"),
    ],
)
def test_what_cannot_be_exported(tiny, name, told):
    call_command("load_ruleset", tiny())
    Pathway.objects.create(id="bare", title="Bare")
    with pytest.raises(CommandError, match=told):
        call_command("export_ruleset", name)


def test_a_draft_with_problems_is_exported_as_it_is(tiny, capsys):
    call_command("load_ruleset", tiny(default_disposition="nowhere"))
    assert export("tiny@draft", capsys)["default_disposition"] == "nowhere"
