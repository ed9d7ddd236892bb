"""A clinic's database from before: what is in it goes on working."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from screening.models import Submission
from screening.models.access import link_hash, private_token

pytestmark = pytest.mark.django_db(transaction=True)


def migrated(to: str) -> MigrationExecutor:
    executor = MigrationExecutor(connection)
    executor.migrate([("screening", to)])
    return MigrationExecutor(connection)


def test_private_links_from_before_go_on_opening(request: pytest.FixtureRequest):
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("screening")[0][1]
    request.addfinalizer(lambda: migrated(newest))
    old = migrated("0001_initial").loader.project_state([("screening", "0001_initial")]).apps
    site = old.get_model("screening", "Site").objects.create(slug="old", name="Old clinic")
    pathway = old.get_model("screening", "Pathway").objects.create(id="tiny", title="Tiny")
    version = old.get_model("screening", "RuleSetVersion").objects.create(pathway=pathway, number=1, document={})
    key = uuid.uuid4()
    old.get_model("screening", "Submission").objects.create(id=key, site=site, pathway=pathway, version=version)
    migrated(newest)
    submission = Submission.objects.get(pk=key)
    assert submission.way_back.link_hash == link_hash(private_token(key, 1))
    assert submission.language == "en"
