"""Submissions made before there were ways back get theirs: the private link they have goes on opening them."""

from typing import Any

from django.db import migrations

from screening.models.access import link_hash, private_token


def make_ways_back(apps: Any, schema_editor: Any) -> None:
    # What a model of a migration saves, it saves without the model's own save(): the hash is made here.
    submissions, ways_back = apps.get_model("screening", "Submission"), apps.get_model("screening", "WayBack")
    for key in submissions.objects.filter(way_back=None).values_list("pk", flat=True).iterator():
        ways_back.objects.create(submission_id=key, link_hash=link_hash(private_token(key, 1)))


class Migration(migrations.Migration):
    dependencies = [("screening", "0002_patients_side")]
    operations = [migrations.RunPython(make_ways_back, migrations.RunPython.noop)]
