"""Every address refuses who should not see it. A new one that answers a stranger fails here until it is listed."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from screening.models import Draft, DraftRule, Referral
from screening.policies import RULE_EDITORS, SURGEONS
from tests.factories import SiteFactory, UserFactory, lumbar_pathway, referred_emergency, staff_actor, waiting

pytestmark = pytest.mark.django_db

# What anybody on the internet may open. Everything else must not answer them with a page.
PUBLIC = {
    "health/",
    "",
    "<slug:site>/",
    "<slug:site>/<slug:pathway>/",
    "<slug:site>/come-back/",  # with a code
    "language/",  # chooses what this browser reads
    "<slug:site>/<slug:pathway>/language/",
    "account/login/",
    "account/logout/",
    "account/inactive/",
    "account/signup/",  # says that nobody signs up here
    "account/confirm-email/",
    "account/password/reset/",
    "account/password/reset/done/",
    "account/password/reset/key/done/",
    r"account/^confirm-email/(?P<key>[-:\w]+)/$",  # with a key from an e-mail
    r"account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
}
REFUSED = {301, 302, 400, 403, 404, 405}


def leaves(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for part in resolver.url_patterns:
        path = prefix + str(part.pattern)
        if isinstance(part, URLPattern):
            yield path
        else:
            yield from leaves(part, path)


ADDRESSES = sorted(set(leaves(get_resolver())))


class World:
    """A clinic with one referral and a draft, and the address of each page about them."""

    def __init__(self) -> None:
        self.site = SiteFactory(slug="ours")
        self.pathway = lumbar_pathway(self.site)
        self.referral: Referral = waiting(self.site)
        draft = Draft.objects.filter(pathway=self.pathway).first()
        rule = DraftRule.objects.filter(draft=draft).first() if draft else None
        self.values = {
            "site": "ours",
            "pathway": self.pathway.pk,
            "pathway_id": self.pathway.pk,
            "pk": self.pathway.pk,
            "tool": "publish",
            "reference": self.referral.reference,
            "token": "x" * 22,
            "call_back": str(referred_emergency(self.site).submission.call_backs.get().pk),
            "number": "1",
            "object_id": str(rule.pk if rule else 1),
            "row_id": str(rule.pk if rule else 1),
            "rule_id": "E01",
            "way": "up",
            "job_id": "1",
            "url": "nothing-here",
            "app_label": "screening",
            "content_type_id": "1",
            "key": "abc",
            "uidb36": "1",
        }

    def address(self, pattern: str) -> str:
        path = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: self.values[found[1]], pattern)
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: self.values.get(found[1], "1"), path)
        return "/" + path.replace("^", "").replace("$", "").replace("\\", "")


@pytest.fixture
def world(db) -> World:
    return World()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answers(client: Client, world: World, patterns: list[str]) -> dict[str, set[int]]:
    """Which addresses answer with a page, to GET and to POST."""
    found: dict[str, set[int]] = {}
    for pattern in patterns:
        address = world.address(pattern)
        for response in (client.get(address), client.post(address, {})):
            if response.status_code not in REFUSED:
                found.setdefault(pattern, set()).add(response.status_code)
    return found


def test_a_stranger_gets_no_page_that_is_not_listed(world):
    private = [pattern for pattern in ADDRESSES if pattern not in PUBLIC]
    found = answers(Client(), world, private)
    # where Django's own admin sends people to sign in, and out
    assert set(found) <= {"admin/login/", "admin/logout/"}


def test_what_is_listed_as_public_is_there():
    assert set(ADDRESSES) >= PUBLIC


@pytest.mark.parametrize("prefix", ["review/", "admin/"])
def test_an_account_without_a_clinic_gets_nothing(world, prefix):
    client = signed_in(UserFactory())
    found = answers(client, world, [pattern for pattern in ADDRESSES if pattern.startswith(prefix)])
    assert set(found) <= {"admin/login/", "admin/logout/"}


def test_another_clinics_surgeon_finds_none_of_our_cases(world):
    stranger = staff_actor(SiteFactory(), SURGEONS)
    cases = [pattern for pattern in ADDRESSES if "<slug:reference>" in pattern or "<int:call_back>" in pattern]
    assert len(cases) > 10
    client = signed_in(stranger.account)
    for pattern in cases:
        assert client.get(world.address(pattern)).status_code in {404, 405}, pattern
        assert client.post(world.address(pattern), {}).status_code in {404, 405}, pattern


def test_a_surgeon_gets_no_page_of_the_admin(world):
    client = signed_in(staff_actor(world.site, SURGEONS).account)
    found = answers(client, world, [pattern for pattern in ADDRESSES if pattern.startswith("admin/")])
    assert set(found) <= {"admin/login/", "admin/logout/"}


def test_a_rule_editor_sees_no_case(world):
    client = signed_in(staff_actor(world.site, RULE_EDITORS).account)
    found = answers(client, world, [pattern for pattern in ADDRESSES if pattern.startswith("review/")])
    assert found == {}


def test_a_superuser_without_a_clinic_sees_nothing_clinical(world):
    client = signed_in(UserFactory(is_staff=True, is_superuser=True))
    assert answers(client, world, [pattern for pattern in ADDRESSES if pattern.startswith("review/")]) == {}
    assert world.referral.reference not in client.get("/admin/screening/assessment/").content.decode()


def test_a_made_up_private_link_opens_nothing(world):
    for pattern in ADDRESSES:
        if "<slug:token>" in pattern:
            assert Client().get(world.address(pattern)).status_code in {404, 405}, pattern
