"""Clinics, people and published pathways."""

from __future__ import annotations

from typing import Any

import factory
from django.contrib.auth.models import Group, User
from factory.django import DjangoModelFactory

from screening.models import Offering, Pathway, RuleSetVersion, Site, StaffMember
from screening.policies import SURGEONS, Actor
from screening.rules.ruleset import RuleSet
from screening.rules.shape import read_shape
from screening.rules.vignettes import Vignettes
from tests.factories.rulesets import shipped_document, shipped_sha256, tiny_document


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = Site

    slug = factory.Sequence(lambda number: f"clinic-{number}")
    name = factory.Sequence(lambda number: f"Clinic {number}")
    emergency_number = "112"
    telephone = "020 7946 0000"
    time_zone = "Europe/London"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"user{number}")
    first_name = "Ana"
    last_name = factory.Sequence(lambda number: f"Staff{number}")
    password = factory.django.Password("demo")


class RuleSetVersionFactory(DjangoModelFactory):
    """A version of the tiny rule set; pass `document` for another."""

    class Meta:
        model = RuleSetVersion

    pathway = factory.SubFactory("tests.factories.records.PathwayFactory", live=False)
    number = 1
    document = factory.LazyFunction(tiny_document)
    vignettes = factory.LazyFunction(dict)
    sha256 = factory.LazyAttribute(lambda made: read_shape(RuleSet, made.document).sha256)
    vignettes_sha256 = factory.LazyAttribute(lambda made: read_shape(Vignettes, made.vignettes).sha256)
    published_by = "A test"


class PathwayFactory(DjangoModelFactory):
    """The tiny pathway, live unless `live=False`."""

    class Meta:
        model = Pathway
        django_get_or_create = ("id",)
        skip_postgeneration_save = True

    id = "tiny"
    title = "A tiny pathway"

    @factory.post_generation
    def live(self, create: bool, extracted: Any, **options: Any) -> None:
        if create and extracted is not False and self.live_version is None and not self.versions.exists():
            self.live_version = RuleSetVersionFactory(pathway=self, **options)
            self.save()


class OfferingFactory(DjangoModelFactory):
    """A site that offers the tiny pathway, live."""

    class Meta:
        model = Offering
        django_get_or_create = ("site", "pathway")

    site = factory.SubFactory(SiteFactory)
    pathway = factory.SubFactory(PathwayFactory)


def lumbar_pathway(site: Site) -> Pathway:
    """The shipped rule set, live and offered at a site."""
    document = shipped_document()
    live = {"live__document": document, "live__sha256": shipped_sha256()}
    pathway = PathwayFactory(id=document["id"], title=document["title"], **live)
    OfferingFactory(site=site, pathway=pathway)
    return pathway


def publish_next(pathway: Pathway, document: dict[str, Any]) -> RuleSetVersion:
    """Make a document the live version; the one before retires."""
    pathway.versions.filter(status="live").update(status="retired")
    version = RuleSetVersionFactory(pathway=pathway, number=pathway.versions.count() + 1, document=document)
    pathway.live_version = version
    pathway.save()
    return version


def staff(site: Site, *roles: str, **user: Any) -> User:
    """A member of staff of a site; a surgeon unless told otherwise."""
    made = UserFactory(**user)
    StaffMember.objects.create(user=made, site=site)
    for role in roles or (SURGEONS,):
        made.groups.add(Group.objects.get_or_create(name=role)[0])
    return made


def staff_actor(site: Site, *roles: str, **user: Any) -> Actor:
    return Actor.staff(staff(site, *roles, **user))
