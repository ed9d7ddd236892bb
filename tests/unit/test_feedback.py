"""Counting decisions: shares with their intervals, tallies, and the months of a chart."""

from datetime import UTC, date, datetime

import pytest

from screening.admin.trend import Trend, in_words
from screening.feedback import ENOUGH, Counted, Tally, count, share
from screening.models import Site

LONDON = Site(slug="north", time_zone="Europe/London")


def case(*reasons, made_at=datetime(2026, 11, 3, 12, tzinfo=UTC), expected="accept_miss", **more):
    return Counted(made_at, version=1, reasons=reasons, unclear=more.pop("unclear", ()), expected=expected, **more)


def decided(*reasons, differs=False, decision="conservative", **more):
    return case(*reasons, review=1, decision=decision if differs else "accept_miss", differs=differs, **more)


# R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_wilsons(part, whole, low, high):
    found = share(part, whole)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    other = share(whole - part, whole)
    assert (round(1 - other.high, 4), round(1 - other.low, 4)) == (low, high)


def test_few_decisions_have_no_share():
    assert [bool(share(0, whole)) for whole in range(7)] == [whole >= ENOUGH for whole in range(7)]
    assert in_words(share(2, 4)) == "too few to say"
    assert in_words(share(0, 5)) == "0% (0% to 43%)"
    assert in_words(share(5, 5)) == "100% (57% to 100%)"


@pytest.mark.parametrize("whole", [5, 6, 49, 1000, 100_000])
def test_an_interval_holds_its_share(whole):
    for part in {0, 1, whole // 2, whole - 1, whole}:
        found = share(part, whole)
        assert 0 <= found.low <= found.rate <= found.high <= 1


class TestATally:
    def tally(self, *found):
        return count(LONDON, found).total

    def test_goes_from_cases_to_decisions_that_agreed(self):
        tally = self.tally(
            case("A"), decided("A"), decided("A", differs=True), decided("A", expected=None, differs=True)
        )
        counted = tally.cases, tally.decided, tally.rated, tally.agreed, tally.differed, tally.unrated
        assert counted == (4, 3, 2, 1, 1, 1)

    def test_says_what_was_decided_instead(self):
        other_procedures = case("A", review=1, decision="accept_miss", differs=True)
        tally = self.tally(decided("A", differs=True), other_procedures, decided("A"))
        assert tally.instead == {("conservative", False): 1, ("accept_miss", True): 1}

    def test_counts_for_each_rule_that_gave_the_outcome(self):
        rules = count(LONDON, [decided("A", "B", differs=True), decided("B", unclear=("B",), expected=None)]).rules
        assert {name: (one.cases, one.rated, one.differed) for name, one in rules.items()} == {
            "A": (1, 1, 1),
            "B": (2, 1, 1),
        }
        assert [(rules[name].alone, rules[name].unclear) for name in "AB"] == [(0, 0), (1, 1)]

    def test_months_are_the_clinics(self):
        # Half past midnight on 1 July in London is still June in UTC.
        months = count(LONDON, [case("A", made_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))]).months
        assert list(months) == [date(2026, 7, 1)]


class TestATrend:
    def trend(self, *months, until=date(2026, 11, 20)):
        return Trend.of({month: self.of(*numbers) for month, *numbers in months}, until=until)

    def of(self, rated, differed=0):
        return Tally(cases=rated, decided=rated, rated=rated, differed=differed)

    def test_has_every_month_until_now(self):
        trend = self.trend((date(2026, 8, 1), 6), (date(2026, 10, 1), 7))
        assert [(month.name, month.tally.rated) for month in trend.months] == [
            ("Aug", 6), ("Sep", 0), ("Oct", 7), ("Nov", 0),
        ]  # fmt: skip
        assert [month.x for month in trend.shown] == ["12.50%", "37.50%", "62.50%", "87.50%"]
        assert trend.steps == []

    def test_draws_the_last_twelve_and_tables_all(self):
        trend = self.trend((date(2025, 1, 1), 9, 3), (date(2026, 10, 1), 10, 5), (date(2026, 11, 1), 8))
        assert (len(trend.months), len(trend.shown)) == (23, 12)
        assert [month.full_name for month in trend.marked] == ["October 2026", "November 2026"]
        assert [month.name for month in trend.steps[0]] == ["Oct", "Nov"]
        assert (trend.shown[0].x, trend.shown[-1].x) == ("4.17%", "95.83%")

    def test_says_years_where_they_do_not_collide(self):
        def years(first, until):
            return [month.year for month in self.trend((first, 5), until=until).shown if month.year]

        assert years(date(2025, 12, 1), date(2026, 11, 20)) == ["2026"]
        assert years(date(2025, 9, 1), date(2026, 2, 20)) == ["2025", "2026"]
        assert years(date(2026, 3, 1), date(2026, 4, 20)) == ["2026"]

    def test_has_words_for_what_it_shows(self):
        words = self.trend((date(2026, 9, 1), 10, 5), (date(2026, 10, 1), 10, 1), (date(2026, 11, 1), 20, 4)).words
        assert "3 of 3 months" in words
        assert "least often in October 2026, 10% (2% to 40%)" in words
        assert "most often in September 2026, 50%" in words
        assert "latest is November 2026, 20%" in words

    def test_puts_marks_inside_the_picture(self):
        month = self.trend((date(2026, 11, 1), 10, 10)).shown[0]
        assert (month.y, month.high_y, month.label_y, month.label) == ("30.0", "30.0", "24.0", "100")

    def test_of_nothing_is_this_month(self):
        trend = Trend.of({}, until=date(2026, 11, 20))
        assert [(month.full_name, month.words) for month in trend.months] == [("November 2026", "too few to say")]
        assert trend.marked == []
