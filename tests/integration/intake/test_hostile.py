"""Posts that no browser would send: never a failure of the program, never a stored answer lost.

HOSTILE_POSTS=10000 pytest tests/integration/intake/test_hostile.py sends so many instead of some; the seeds share them.
"""

import os
import random

import pytest
from django.urls import reverse

from screening.intake.urls import urlpatterns
from screening.models import Submission
from tests.intake_walk import page_data

from .conftest import READY

SEEDS = 3
POSTS = int(os.environ.get("HOSTILE_POSTS", "240")) // SEEDS
NAMES = [
    "-asked",
    "-version",
    "-step",
    "-loaded",
    "-whose",
    "-later",
    "do",
    "phone",
    "answer",
    "name",
    "date_of_birth",
    "birth_month",
    "birth_year",
    "contact_way",
    "consent",
    "email",
    "typed_code",
    "filled_by",
    "language",
    "next",
    "words",
]
ENDS = ["", "", "", "-2", "-3", "-unit", "-dont_know", "[]", "-asked"]
VALUES = [
    "",
    "yes",
    "no",
    "none",
    "dont_know",
    "0",
    "-1",
    "1e309",
    "NaN",
    "٤٥",
    "9" * 5000,
    "\x00",
    "\ud7ff\u202e",
    "💃" * 50,
    "' OR 1=1 --",
    "<script>",
    "{{ 7*7 }}",
    "../../etc/passwd",
    "null",
    "[]",
    "ft_in",
    "st_lb",
    "months",
    "mistake",
    "a\r\nb",
]
NUMBERS = (0, 1, 2, 4, 7, 10, 99, 10**30)


def addresses(token):
    """Every address of the intake, some with several numbers, and with a link that opens and one that does not."""
    for pattern in urlpatterns:
        known = list(pattern.pattern.converters)
        for number in NUMBERS if "number" in known else [None]:
            for link in [token, "x" * 22] if "token" in known else [None]:
                values = {"site": "northfield", "pathway": "lumbar-miss", "number": number, "token": link}
                values |= {name: "x" for name in known if name not in values}
                yield reverse(f"intake:{pattern.name}", kwargs={name: values[name] for name in known})


def noise(dice, names):
    data: dict[str, list[str]] = {}
    for _ in range(dice.randint(0, 25)):
        name = dice.choice(names) + dice.choice(ENDS)
        data.setdefault(name, []).append(dice.choice(VALUES))
    if dice.random() < 0.7:
        data["-asked"] = dice.sample(names, 8)
    return data


@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_post_makes_the_program_fail(walk, seed):
    dice = random.Random(seed)
    sent = walk().sent()
    begun = walk().begin().save_page()
    names = [*NAMES, *(question.id for question in begun.ruleset.questions), "bogus"]
    marks = {"-whose": begun.hidden["-whose"], "-version": "1", "-step": "0"}
    every = list(addresses(sent.referral.private_token))
    pages = [address for address in every if not address.endswith(".pdf")]
    for _ in range(POSTS):
        person, address = dice.choice([sent, begun, begun]), dice.choice(every)
        data = {**noise(dice, names), **(marks if dice.random() < 0.3 else {})}
        answer = person.client.post(address, data, headers={"hx-request": "true"} if dice.random() < 0.2 else {})
        assert answer.status_code < 500, address
        assert person.client.get(dice.choice(pages)).status_code < 500
    for submission in Submission.objects.all():
        assert submission.all_answers().keys() <= {question.id for question in begun.ruleset.questions}
        assert_nothing_was_lost(submission)


def assert_nothing_was_lost(submission):
    """What is stored is what the revisions say: whatever changed it left one, with what was there before."""
    answers, entered = submission.answers_at(submission.revisions.count())
    assert submission.all_answers() == {key: value for key, value in answers.items() if value is not None}
    assert submission.entered == {key: value for key, value in entered.items() if value is not None}


def test_a_hostile_post_to_one_page_touches_no_other(walk):
    begun = walk().begin().save_page()
    stored = dict(Submission.objects.get().answers)
    everything = page_data(list(begun.ruleset.questions), dict.fromkeys(READY, "yes"))
    begun.post(f"{begun.root}questions/3/", {**everything, "age_years": "45"})
    assert Submission.objects.get().answers == {**stored, "age_years": 45}


def test_clinicians_questions_cannot_be_answered_by_patients(walk):
    begun = walk().begin()
    begun.post(f"{begun.root}questions/1/", {"-asked": ["c_mri_findings", "alarm_withdrawn"], "c_umn_signs": "yes"})
    assert Submission.objects.get().answers == {}


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_other_methods_are_refused(walk, method):
    begun = walk().sent()
    for path in (begun.root, f"{begun.root}questions/1/", f"{begun.root}check/", begun.path, f"{begun.path}answer/"):
        assert getattr(begun.client, method)(path).status_code in (405, 302)


def test_too_many_fields_are_refused_politely(walk):
    begun = walk().begin()
    answer = begun.client.post(begun.path, {f"x{number}": "1" for number in range(6000)})
    assert answer.status_code == 400


def test_bytes_that_are_no_text(walk):
    begun = walk().begin()
    body = b"-asked=saddle_numbness&saddle_numbness=%ff%fe%00&main_goal=%c3%28"
    answer = begun.client.post(begun.path, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 302
    assert begun.get(answer["Location"]).status_code == 200
