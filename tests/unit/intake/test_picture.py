"""The time line as a picture: bars lie where their weeks are, however odd the weeks and the words."""

import pytest
from django.utils import translation

from screening.intake.picture import WIDTH, hundred, picture
from screening.rules.education import TimelineEntry


def entry(when, from_week=None, to_week=None):
    return TimelineEntry(when=when, text="t", from_week=from_week, to_week=to_week)


STEPS = [entry("before", None, 0), entry("first", 0, 2), entry("later", 4, 12), entry("at last", 12, None)]


def places(drawn):
    return [(bar.x, bar.x + bar.width) for bar in drawn.bars]


def test_bars_lie_in_the_order_of_their_weeks():
    drawn = picture(STEPS)
    (_, before), (begin, end), (later, last), (open_from, _) = places(drawn)
    assert before == pytest.approx(begin, abs=0.2)
    assert begin < end < later < last
    assert open_from == pytest.approx(last, abs=0.2)
    assert end - begin == pytest.approx((last - later) / 4, abs=0.2)


def test_open_sides_have_a_tip():
    assert [bool(bar.arrow) for bar in picture(STEPS).bars] == [True, False, False, True]


def test_it_is_told_in_words():
    assert picture(STEPS).description == (
        "Before: until week 0. First: week 0 to week 2. Later: week 4 to week 12. At last: from week 12 on."
    )


def test_steps_without_weeks_are_not_drawn():
    assert len(picture([*STEPS, entry("some day")]).bars) == 4
    assert picture([entry("some day"), entry("now", 0, 1)]) is None


def test_who_reads_from_the_right_sees_it_from_the_right():
    usual = places(picture(STEPS))
    with translation.override("ar"):
        mirrored = places(picture(STEPS))
    assert [round(WIDTH - right, 1) for _, right in mirrored] == [round(left, 1) for left, _ in usual]


@pytest.mark.parametrize(
    "steps",
    [
        [entry("a", 0, 0), entry("b", 0, 0)],
        [entry("a", None, -520), entry("b", 520, None)],
        [entry("word " * 100, 0, 1), entry("x" * 500, 1, 2)],
        [entry("<script>&", 0, 1), entry("مرحبا", 1, 2)],
    ],
)
def test_nothing_leaves_the_picture(steps):
    drawn = picture(steps)
    for left, right in places(drawn):
        assert -1 <= left < right <= WIDTH + 1
    assert all(0 < line.y < bar.y + 1 for bar in drawn.bars for line in bar.lines)
    assert drawn.bars[-1].y < drawn.axis < drawn.height
    assert len({tick.week for tick in drawn.ticks}) == len(drawn.ticks)


def dots(drawn, look):
    return [(x, row.y) for row in drawn.rows if row.look == look for x in range(row.x1, row.x2 + 1, 10)]


@pytest.mark.parametrize(
    ("low", "high"), [(0, None), (0, 9), (3, 57), (11, None), (20, 40), (39, None), (99, 100), (100, 100)]
)
def test_a_hundred_people_as_dots(low, high):
    drawn, most = hundred(low, high), low if high is None else high
    seen = {look: dots(drawn, look) for look in ("sure", "perhaps", "none")}
    assert [len(places) for places in seen.values()] == [low, most - low, 100 - most]
    everywhere = [place for places in seen.values() for place in places]
    assert len(set(everywhere)) == 100
    assert {x for x, _ in everywhere} == set(range(5, 200, 10))
    assert drawn.words.startswith(str(low))
    assert (f"to {high} of" in drawn.words) == (most != low)


def test_without_a_number_nothing_is_drawn():
    assert hundred(None, None) is None
