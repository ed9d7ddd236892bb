"""What the stored records refuse, and what they remember."""

import copy
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from screening.exceptions import FrozenRecord, TamperedVersion
from screening.models import Assessment, AuditEvent, Referral, Revision, RuleSetVersion, Site
from screening.models.access import link_hash, private_token
from screening.models.pathway import _parse
from screening.models.referral import new_reference
from screening.models.site import RESERVED_SLUGS
from tests.factories import (
    OfferingFactory,
    PathwayFactory,
    RuleSetVersionFactory,
    SiteFactory,
    in_review,
    tiny_document,
    waiting,
)

pytestmark = pytest.mark.django_db


def refused_by_the_database(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


# Versions ----------------------------------------------------------------------------------------------------------


def test_a_version_is_parsed_once_and_kept_by_its_sha256(django_assert_num_queries):
    version = PathwayFactory().live_version
    first = version.ruleset
    again = RuleSetVersion.objects.defer("document", "vignettes").get(pk=version.pk)
    with django_assert_num_queries(0):
        assert again.ruleset is first


def test_a_version_whose_document_was_tampered_with_decides_nothing():
    version = PathwayFactory().live_version
    document = copy.deepcopy(version.document)
    document["dispositions"][0]["contact_within_hours"] = 1
    _tamper(version, document=document)
    _parse.cache_clear()
    with pytest.raises(TamperedVersion):
        RuleSetVersion.objects.get(pk=version.pk).ruleset


def test_tampered_vignettes_are_refused():
    version = RuleSetVersionFactory(vignettes={"vignettes": [{"id": "V1", "title": "One", "answers": {"numb": "yes"}}]})
    assert len(version.read_vignettes().vignettes) == 1
    _tamper(version, vignettes={})
    with pytest.raises(TamperedVersion):
        RuleSetVersion.objects.get(pk=version.pk).read_vignettes()


def _tamper(version, **columns):
    # As somebody with the database's password would: past the model.
    RuleSetVersion._base_manager.filter(pk=version.pk).update(**columns)


def test_a_pathway_has_one_live_version_and_each_number_once():
    pathway = PathwayFactory()
    refused_by_the_database(lambda: RuleSetVersionFactory(pathway=pathway, number=2))
    refused_by_the_database(lambda: RuleSetVersionFactory(pathway=pathway, number=1, status="retired"))
    assert RuleSetVersionFactory(pathway=pathway, number=2, status="retired").pk


# Kept as written ---------------------------------------------------------------------------------------------------


def test_only_the_status_of_a_version_changes():
    version = PathwayFactory().live_version
    version.status = "retired"
    version.save(update_fields=["status"])
    with pytest.raises(FrozenRecord):
        version.save()
    with pytest.raises(FrozenRecord):
        version.save(update_fields=["status", "reason"])
    with pytest.raises(FrozenRecord):
        version.delete()


@pytest.mark.parametrize("model", [RuleSetVersion, Revision, Assessment, AuditEvent])
def test_frozen_records_are_not_changed_or_deleted_in_bulk_either(model):
    waiting()
    assert model.objects.exists()
    with pytest.raises(FrozenRecord):
        model.objects.all().delete()
    with pytest.raises(FrozenRecord):
        model.objects.update(pk=7)
    with pytest.raises(FrozenRecord):
        model.objects.bulk_update(model.objects.all(), ["id"])


@pytest.mark.parametrize("model", [Revision, Assessment, AuditEvent])
def test_a_frozen_record_is_not_saved_again(model):
    waiting()
    with pytest.raises(FrozenRecord):
        model.objects.first().save()
    with pytest.raises(FrozenRecord):
        model.objects.first().delete()


# Sites -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", RESERVED_SLUGS)
def test_a_site_cannot_take_one_of_the_programs_own_addresses(slug):
    with pytest.raises(ValidationError):
        SiteFactory.build(slug=slug).full_clean()
    refused_by_the_database(lambda: SiteFactory(slug=slug))


def test_a_site_is_in_a_time_zone_that_exists():
    with pytest.raises(ValidationError, match="time zone"):
        SiteFactory.build(time_zone="Europe/Nowhere").full_clean()
    SiteFactory.build(time_zone="America/Lima").full_clean()


def test_a_pathway_is_offered_once_a_site():
    offering = OfferingFactory()
    refused_by_the_database(lambda: offering.__class__.objects.create(site=offering.site, pathway=offering.pathway))


# Referrals ---------------------------------------------------------------------------------------------------------


def test_a_reference_can_be_read_out():
    references = {new_reference() for _ in range(500)}
    assert len(references) == 500
    assert all(re.fullmatch(r"MS-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{3}", reference) for reference in references)


def test_a_private_link_opens_one_case_until_it_is_replaced():
    referral, other = waiting(), waiting()
    token = referral.private_token
    assert len(token) == 22
    assert list(Referral.objects.with_token(token)) == [referral]
    way_back = referral.submission.way_back
    assert token not in {other.private_token, private_token(referral.submission_id, 2)}
    assert token not in str(type(way_back).objects.filter(pk=way_back.pk).values().get())
    way_back.link_number += 1
    way_back.save()
    assert not Referral.objects.with_token(token).exists()
    assert way_back.link_hash == link_hash(referral.private_token)


def test_links_hang_on_the_key(settings):
    referral = waiting()
    token = referral.private_token
    settings.LINK_KEY = b"another key, 32 bytes long......"
    assert referral.private_token != token


@pytest.mark.parametrize(
    "broken",
    [
        {"status": "nowhere"},
        {"origin": "dreamt"},
        {"status": "in_review", "surgeon": None},
        {"status": "decided", "surgeon": None},
    ],
)
def test_the_database_refuses_an_impossible_referral(broken):
    referral = waiting()
    refused_by_the_database(lambda: Referral.objects.filter(pk=referral.pk).update(**broken))


def test_a_waiting_referral_is_nobodys():
    referral = in_review()
    refused_by_the_database(lambda: Referral.objects.filter(pk=referral.pk).update(status="waiting"))


def test_a_review_is_decided_or_it_has_no_decision():
    review = in_review().reviews.get()
    again = type(review).objects.filter(pk=review.pk)
    refused_by_the_database(lambda: again.update(decision="accept_miss"))
    refused_by_the_database(lambda: again.update(ended_how="handed_back"))
    refused_by_the_database(lambda: type(review).objects.create(referral=review.referral, surgeon=review.surgeon))


def test_the_version_a_submission_started_with_stays_when_another_goes_live():
    referral = waiting()
    old = referral.submission.version
    old.status = "retired"
    old.save(update_fields=["status"])
    changed = tiny_document(title="Second edition")
    RuleSetVersionFactory(pathway=referral.pathway, number=2, document=changed)
    referral.submission.refresh_from_db()
    assert referral.submission.version.ruleset.title == "A tiny pathway"


def test_no_record_prints_a_name():
    referral = waiting()
    for record in (referral, referral.patient, referral.submission, referral.assessment):
        assert "Maria" not in str(record)


def test_sites_are_listed_by_name():
    SiteFactory(name="B")
    SiteFactory(name="A")
    assert [site.name for site in Site.objects.all()] == ["A", "B"]
