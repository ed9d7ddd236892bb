"""Posts that no browser would send: never a failure of the program, never a stored answer lost."""

import random

import pytest

from screening.models import Submission
from tests.intake_walk import page_data

from .conftest import READY

POSTS = 80
NAMES = [
    "-asked",
    "do",
    "phone",
    "answer",
    "name",
    "date_of_birth",
    "birth_month",
    "birth_year",
    "contact_way",
    "consent",
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
ADDRESSES = ["", "start-again/", "about-you/", "emergency/", "check/", "warning/"]
ADDRESSES += [f"questions/{number}/" for number in (0, 1, 2, 4, 7, 10, 99, 10**30)]
ADDRESSES += [f"questions/{number}/shown/" for number in (1, 5, 99)]


def noise(dice, names):
    data: dict[str, list[str]] = {}
    for _ in range(dice.randint(0, 25)):
        name = dice.choice(names) + dice.choice(ENDS)
        data.setdefault(name, []).append(dice.choice(VALUES))
    if dice.random() < 0.7:
        data["-asked"] = dice.sample(names, 8)
    return data


@pytest.mark.parametrize("seed", range(3))
def test_no_post_makes_the_program_fail(walk, seed):
    dice = random.Random(seed)
    begun = walk().begin().save_page()
    names = [*NAMES, *(question.id for question in begun.ruleset.questions), "bogus"]
    for _ in range(POSTS):
        address = begun.root + dice.choice(ADDRESSES)
        answer = begun.client.post(
            address, noise(dice, names), headers={"hx-request": "true"} if dice.random() < 0.2 else {}
        )
        assert answer.status_code < 500, address
        assert begun.client.get(begun.root + dice.choice(ADDRESSES)).status_code < 500
    for submission in Submission.objects.all():
        assert submission.all_answers().keys() <= {question.id for question in begun.ruleset.questions}


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
    begun = walk().begin().all_the_way()
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
