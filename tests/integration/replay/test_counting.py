"""What a replay counts, on cases brought about by the real actions; and against deciding each case by itself."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from screening.actions import review
from screening.interpreters.evaluate import WITHDRAWN, decide
from screening.models import Pathway, Referral, RuleSetVersion, Site
from screening.policies import Actor
from screening.replay.words import Words
from screening.rules.check import read_ruleset
from tests.factories import ADULT, CALM, NUMB, SiteFactory, decided, save_page, started, submitted, waiting
from tests.integration.replay.conftest import document, draft_of, replayed

pytestmark = pytest.mark.django_db

ASKED = {"id": "lump", "type": "yes_no", "section": "safety", "audience": "patient", "text": "A lump?", "safety": True}


def moves(result: Any) -> dict[tuple[str, str], int]:
    return {(move.before, move.after): move.cases for move in result.moves}


def with_lump(**rule: Any) -> dict[str, Any]:
    """A version that asks one question more, and has a rule that reads it."""
    made = document()
    made["questions"] = [*made["questions"], ASKED]
    made["rules"] = [*made["rules"], {"id": "L1", "title": "Lump", "when": "lump = 'yes'", **rule}]
    return made


def test_its_own_version_changes_nothing(pathway: Pathway, site: Site):
    for answers in (ADULT, CALM, {**ADULT, "fever": "yes"}, {**ADULT, "wish": "other"}):
        waiting(site, answers)
    save_page(started(site), NUMB)
    decided(waiting(site, ADULT))
    result = replayed(pathway, document())
    assert (result.cases, result.judged, result.changed, result.unlike) == (6, 6, 0, 0)
    assert all(before == after for before, after in moves(result))
    assert Words(result.to_data()).summary == "0 of 6 cases would come out otherwise."


def test_more_and_less_urgent_are_told_apart(pathway: Pathway, site: Site):
    waiting(site, {**ADULT, "fever": "yes"})
    waiting(site, ADULT)
    waiting(site, {**ADULT, "wish": "none_of_it"})
    result = replayed(pathway, document({"U1": {"disposition": "go_now"}, "M1": {"disposition": "wait_and_see"}}))
    assert moves(result) == {
        ("soon", "go_now"): 1, ("small_cut", "wait_and_see"): 1, ("wait_and_see", "wait_and_see"): 1,
    }  # fmt: skip
    assert (result.changed, result.more_urgent, result.less_urgent) == (2, 1, 1)
    assert (result.shorter, result.longer, result.shorter_alone) == (1, 1, 0)
    assert {rule.id: (rule.more, rule.less) for rule in result.rules} == {"U1": (1, 0), "M1": (0, 1)}


def test_a_deadline_may_change_alone(pathway: Pathway, site: Site):
    waiting(site, {**ADULT, "fever": "yes"})
    result = replayed(pathway, document({"U1": {"contact_within_hours": 12}}))
    assert (result.changed, result.shorter, result.shorter_alone, result.longer) == (0, 1, 1, 0)


def test_the_cases_of_a_move_are_named(pathway: Pathway, site: Site):
    kept, moved = waiting(site, ADULT), waiting(site, {**ADULT, "wish": "other"})
    result = replayed(pathway, document({"O1": None}))
    [move] = [move for move in result.moves if move.before != move.after]
    assert move.referrals == [moved.pk]
    assert kept.pk not in move.referrals


def test_a_disposition_that_is_no_more_is_counted_apart(pathway: Pathway, site: Site):
    waiting(site, {**ADULT, "wish": "other"})
    made = document({"O1": {"disposition": "wait_and_see"}})
    made["dispositions"] = [each for each in made["dispositions"] if each["id"] != "elsewhere"]
    result = replayed(pathway, made)
    assert (result.changed, result.aside, result.more_urgent, result.less_urgent) == (1, 1, 0, 0)


def test_agreement_before_and_after(pathway: Pathway, site: Site):
    decided(waiting(site, ADULT))
    decided(waiting(site, ADULT), decision="conservative", procedures=[], reason="Not now.", advice="Walk.")
    waiting(site, ADULT)
    counted = replayed(pathway, document({"M1": {"disposition": "wait_and_see", "approach": None, "supports": []}}))
    agreement = counted.agreement
    assert (agreement.decided, agreement.rated_before, agreement.agreed_before) == (2, 2, 1)
    assert (agreement.rated_after, agreement.agreed_after) == (2, 1)


def test_a_case_taken_up_again_has_no_decision(pathway: Pathway, site: Site):
    referral = decided(waiting(site, ADULT))
    review.reopen(
        actor=Actor.staff(referral.surgeon), referral=referral, expected_revision=referral.revision, reason="A call."
    )
    assert replayed(pathway, document()).agreement.decided == 0


# Questions that were never asked -----------------------------------------------------------------------------------


def test_what_hangs_on_a_question_never_asked_is_not_judged(pathway: Pathway, site: Site):
    calm, feverish = waiting(site, ADULT), waiting(site, {**ADULT, "fever": "yes"})
    result = replayed(pathway, with_lump(disposition="soon"))
    # Nobody knows whether the calm one has a lump; the feverish one comes out the same either way.
    assert (result.cases, result.changed) == (2, 0)
    assert calm.pk in result.not_judged
    assert list(result.unasked) == ["lump"]
    assert result.judged == 2 - len(result.not_judged)
    assert feverish.disposition == "soon"


def test_an_emergency_does_not_hang_on_it(pathway: Pathway, site: Site):
    save_page(started(site), NUMB)
    result = replayed(pathway, with_lump(disposition="soon", clarify_within_hours=48))
    assert (result.judged, result.changed, result.not_judged) == (1, 0, [])


def test_a_new_question_nobody_reads_leaves_every_case_judged(pathway: Pathway, site: Site):
    waiting(site, ADULT)
    result = replayed(pathway, with_lump())
    assert (result.judged, result.not_judged) == (1, [])


# Alarms taken back -------------------------------------------------------------------------------------------------


def taken_back(site: Site) -> Referral:
    submission = started(site)
    save_page(submission, {**ADULT, "fever": "yes"})
    save_page(submission, {"fever": "no"})
    submission.refresh_from_db()
    return submitted(submission)


def test_an_alarm_taken_back_stays_taken_back(pathway: Pathway, site: Site):
    referral = taken_back(site)
    assert referral.disposition == "more_info"
    result = replayed(pathway, document({"C1": {"title": "Another title"}}))
    assert (result.changed, result.unlike) == (0, 0)


def test_an_alarm_the_other_version_does_not_raise_was_taken_back_by_nobody(pathway: Pathway, site: Site):
    waiting(site, {**ADULT, "fever": "yes"})
    result = replayed(pathway, document({"U1": {"when": "fever = 'yes' and age_years > 60"}}))
    # It would come out as small_cut; were the alarm of then "seen and not true now", as more_info.
    assert moves(result) == {("soon", "small_cut"): 1}


# Which cases -------------------------------------------------------------------------------------------------------


def test_only_the_wanted_cases(pathway: Pathway, site: Site, referral: Referral):
    elsewhere = waiting(SiteFactory(), ADULT)
    old = waiting(site, ADULT)
    Referral.objects.filter(pk=old.pk).update(made_at=timezone.now() - timedelta(days=400))
    decided(waiting(site, ADULT))
    assert replayed(pathway, document()).cases == 4
    assert replayed(pathway, document(), site=elsewhere.site).cases == 1
    assert replayed(pathway, document(), site=site, statuses=("decided",)).cases == 1
    assert replayed(pathway, document(), since=timezone.now() - timedelta(days=30)).cases == 3


def test_no_cases(pathway: Pathway):
    result = replayed(pathway, document())
    assert result.cases == 0
    assert Words(result.to_data()).summary == "There are no past cases to replay."
    assert Words(result.to_data()).table == {"head": [], "rows": []}


def test_cases_of_several_versions(pathway: Pathway, site: Site):
    waiting(site, ADULT)
    publish(pathway, with_lump(disposition="soon", clarify_within_hours=48))
    waiting(site, {**ADULT, "lump": "no"})
    waiting(site, {**ADULT, "lump": "yes"})
    result = replayed(pathway, with_lump(disposition="go_now"))
    assert result.versions == {"1": 1, "2": 2}
    assert (result.cases, result.judged) == (3, 2)
    assert moves(result) == {("small_cut", "small_cut"): 1, ("soon", "go_now"): 1}


def publish(pathway: Pathway, made: dict[str, Any]) -> RuleSetVersion:
    draft = draft_of(pathway, made)
    return RuleSetVersion.objects.get(pk=_publish(pathway, draft).pk)


def _publish(pathway: Pathway, draft: Any) -> RuleSetVersion:
    from screening.rules.shape import read_shape
    from screening.rules.vignettes import Vignettes

    ruleset = draft.ruleset()
    RuleSetVersion.objects.filter(pathway=pathway).update(status="retired")
    version = RuleSetVersion.objects.create(
        pathway=pathway, number=pathway.versions.count() + 1, document=ruleset.document(), sha256=ruleset.sha256,
        vignettes={}, vignettes_sha256=read_shape(Vignettes, {}).sha256, published_by="A test",
    )  # fmt: skip
    pathway.live_version = version
    pathway.save()
    return version


# Against the reference ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_it_counts_what_deciding_each_case_gives(pathway: Pathway, site: Site, seed: int):
    rnd = Random(seed)
    for _ in range(12):
        waiting(site, {**CALM, "wish": rnd.choice(["surgery", "other", "none_of_it"]), **some(rnd)})
    made = document(
        {
            "U1": {"when": "fever = 'yes' and not (age_years < 50)"},
            "C1": {"when": "wish = 'none_of_it' and weeks is not null"},
            "O1": {"when": "wish = 'other' or tried contains 'gym'", "contact_within_hours": 100},
        }
    )
    other, expected = read_ruleset(made), {}
    for referral in Referral.objects.select_related("assessment"):
        answers = {key: value for key, value in referral.assessment.answers.items() if key != WITHDRAWN}
        after = decide(other, answers).disposition
        key = referral.disposition, after
        expected[key] = expected.get(key, 0) + 1
    assert moves(replayed(pathway, made)) == expected


def some(rnd: Random) -> dict[str, Any]:
    answers = {
        "fever": rnd.choice(["yes", "no", "dont_know"]),
        "age_years": rnd.choice([45, "dont_know"]),
        "weeks": rnd.choice([3, 30.5, None]),
        "tried": rnd.choice([["gym"], ["pills", "gym"], ["none"], None]),
    }
    return {key: value for key, value in answers.items() if value is not None}
