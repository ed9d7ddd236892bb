"""`manage.py demo`: a clinic to look at, made by the real actions."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from screening.actions.audit import verify_chain
from screening.models import Referral, Site
from screening.rulesets import load, shipped


@pytest.mark.django_db
def test_the_demo_shows_every_status_disposition_and_origin_and_again_changes_nothing():
    call_command("demo", stdout=io.StringIO())
    referrals = Referral.objects.all()
    dispositions = {disposition.id for disposition in load(shipped("lumbar-miss")).dispositions}
    assert len(referrals) > 50
    assert {referral.status for referral in referrals} == set(Referral.Status.values)
    assert {referral.disposition for referral in referrals} == dispositions
    assert {referral.origin for referral in referrals} == set(Referral.Origin.values)
    assert Site.objects.count() == 2
    assert all(site.referrals.count() > 5 for site in Site.objects.all())
    assert verify_chain() == ()
    said = io.StringIO()
    call_command("demo", stdout=said)
    assert Referral.objects.count() == len(referrals)
    assert "surgeon" in said.getvalue()


@override_settings(DEMO_MODE=False, TESTING=False)
def test_outside_the_demo_nobody_is_made_up():
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")
