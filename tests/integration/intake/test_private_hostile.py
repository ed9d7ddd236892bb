"""Random and hostile posts to every form behind the private link: no error of ours, and nothing stored is lost."""

import random
from urllib.parse import urlencode

import pytest

from screening.models import Referral
from tests.private_walk import PrivateWalk

from .conftest import READY

PLACES = ["answer", "worse/1", "worse/3", "worse/99", "worse/end", "emergency", "contact", "correction", "withdraw"]
PLACES += ["wait-again", "erasure", "held", "held/file", "opened", "worse", "worse/told", ""]
NAMES = ["saddle_numbness", "fever", "risk_list", "injury_days", "injury_days-unit", "saddle_numbness-2", "-asked"]
NAMES += ["-told", "-version", "revision", "contact_way", "phone", "email", "words", "note", "sure", "remark", "do"]
VALUES = ["", "yes", "no", "dont_know", "none", "0", "-1", "9" * 400, "1e999", "NaN", "\x00", "\ud800", "é" * 5000]
VALUES += ["<script>", "' OR 1=1 --", "{{ 7*7 }}", "called", "mistake", "email", "phone", "either", "٣", "𝟜", "on"]


@pytest.fixture
def sent(site, pathway):
    return PrivateWalk(site, pathway, READY)


@pytest.mark.parametrize("seed", range(8))
def test_nothing_breaks_and_nothing_is_lost(sent, seed):
    chance = random.Random(seed)
    before = dict(sent.referral.submission.answers)
    for _ in range(25):
        data = {
            name: chance.sample(VALUES, chance.randint(1, 2)) for name in chance.sample(NAMES, chance.randint(0, 9))
        }
        place = chance.choice(PLACES)
        address = f"{sent.root}{place}/" if place else sent.root
        # As a browser of somebody who means no good would: half characters too.
        body = urlencode(data, doseq=True, errors="surrogatepass")
        answer = sent.client.post(address, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in {200, 302, 400, 405}, (place, data)
        assert sent.client.get(address).status_code in {200, 302}, (place, data)
    after = Referral.objects.get(pk=sent.referral.pk).submission
    assert before.keys() <= after.answers.keys()
    steps = after.revisions.order_by("number")
    assert steps.first().changes == before, "what was first told is in its steps for good"
