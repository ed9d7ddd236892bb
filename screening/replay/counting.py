"""What changes: every case decided twice and counted, in SQL. The result is plain data, kept with the job."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from screening.agreement import agreeing_decision
from screening.interpreters.sql.columns import KEY
from screening.replay.cases import DECISIONS, LABELS, Versions
from screening.replay.statement import leading, side_by_side, unasked
from screening.replay.table import Table
from screening.rules.ruleset import RuleSet

LISTED = 100
"""so many cases of each move are named"""
MORE, LESS, ASIDE = "more", "less", "aside"
"""more urgent, less urgent, or not to be compared: the old disposition is not in the new list"""


@dataclass
class Move:
    """Cases that go from one disposition to another; or stay, where it is the same."""

    before: str
    after: str
    label_before: str
    label_after: str
    place_before: int
    place_after: int
    way: str
    cases: int = 0
    referrals: list[int] = field(default_factory=list)
    """the first of them"""


@dataclass
class RuleCount:
    """In how many of the cases that move a rule gives the disposition."""

    id: str
    title: str
    more: int = 0
    """it gives the new, more urgent one"""
    less: int = 0
    """it gave the old, more urgent one, and gives it no more"""


@dataclass
class Agreement:
    """Surgeons' final decisions beside what the rules said: the way only, not the procedures."""

    decided: int = 0
    rated_before: int = 0
    """of them, those where a decision could agree; none can where the rules ask for clarity"""
    agreed_before: int = 0
    rated_after: int = 0
    agreed_after: int = 0


@dataclass
class Result:
    """What a replay found."""

    sha256: str
    cases: int = 0
    judged: int = 0
    changed: int = 0
    more_urgent: int = 0
    less_urgent: int = 0
    aside: int = 0
    shorter: int = 0
    longer: int = 0
    shorter_alone: int = 0
    """the deadline is shorter though the disposition stays"""
    longer_alone: int = 0
    unlike: int = 0
    """cases whose own version does not give today what was stored: a fault of the program or of the data"""
    moves: list[Move] = field(default_factory=list)
    rules: list[RuleCount] = field(default_factory=list)
    agreement: Agreement = field(default_factory=Agreement)
    unasked: dict[str, str] = field(default_factory=dict)
    """the new questions, by id, on which cases may hang"""
    not_judged: list[int] = field(default_factory=list)
    """the first of the referrals that are not judged"""
    versions: dict[str, int] = field(default_factory=dict)
    """number of the version → how many cases it decided"""
    seconds: float = 0.0

    def to_data(self) -> dict[str, Any]:
        return asdict(self)


class _Row(NamedTuple):
    before: int
    after: int
    hours_before: int
    hours_after: int
    not_judged: bool
    same_as_stored: bool
    decision: int
    approach_before: str | None
    approach_after: str | None
    cases: int


class _Way(NamedTuple):
    disposition: str
    approach: str | None


def count(table: Table, versions: Versions, other: RuleSet) -> Result:
    """Decide every case by its own version and by the other, and count."""
    counter = _Counter(table, versions, other)
    for number, cases in counter.by_version():
        counter.one_version(number, cases)
    return counter.finished()


class _Counter:
    def __init__(self, table: Table, versions: Versions, other: RuleSet) -> None:
        self.table, self.other = table, other
        self.rulesets = {version.number: version.ruleset for version in versions.by_pk.values()}
        self.result = Result(other.sha256)
        self.moves: dict[tuple[str, str], Move] = {}
        self.rules: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.titles: dict[str, str] = {}

    def by_version(self) -> list[tuple[int, int]]:
        return self._all(f"SELECT version, COUNT(*) FROM {self.table.cases} GROUP BY version ORDER BY version")

    def one_version(self, number: int, cases: int) -> None:
        """The cases of one version; what is counted adds up."""
        own = self.rulesets[number]
        self.result.versions[str(number)] = cases
        source = f"(SELECT * FROM {self.table.cases} WHERE version = {number})"
        beside = side_by_side(own, self.other, self.table.layout, source, LABELS)
        self._run(f"CREATE OR REPLACE TEMPORARY TABLE effect AS {beside}")
        for row in map(_Row._make, self._all(_COUNTS)):
            self._add(own, row)
        self._name_cases(own)
        self._name_rules(own, source)
        new = {each.id: each.text for each in self.other.questions if each.id in unasked(own, self.other)}
        self.result.unasked |= new

    def finished(self) -> Result:
        result = self.result
        result.moves = sorted(self.moves.values(), key=lambda move: -move.cases)
        rows = [RuleCount(rule, self.titles[rule], **ways) for rule, ways in self.rules.items()]
        result.rules = sorted(rows, key=lambda row: -row.more - row.less)
        return result

    def _add(self, own: RuleSet, row: _Row) -> None:
        result = self.result
        result.cases += row.cases
        result.unlike += 0 if row.same_as_stored else row.cases
        if row.not_judged:
            return
        result.judged += row.cases
        move = self._move(own, row.before, row.after)
        move.cases += row.cases
        self._count_way(move, row)
        if row.decision:
            self._rate(own, row)

    def _count_way(self, move: Move, row: _Row) -> None:
        result, n = self.result, row.cases
        stays = move.before == move.after
        if not stays:
            result.changed += n
            result.more_urgent += n * (move.way == MORE)
            result.less_urgent += n * (move.way == LESS)
            result.aside += n * (move.way == ASIDE)
        result.shorter += n * (row.hours_after < row.hours_before)
        result.longer += n * (row.hours_after > row.hours_before)
        result.shorter_alone += n * (stays and row.hours_after < row.hours_before)
        result.longer_alone += n * (stays and row.hours_after > row.hours_before)

    def _move(self, own: RuleSet, before: int, after: int) -> Move:
        old, new = own.dispositions[before], self.other.dispositions[after]
        if (old.id, new.id) not in self.moves:
            self.moves[old.id, new.id] = Move(
                old.id, new.id, old.label, new.label, before, after, self._way(old.id, new.id)
            )
        return self.moves[old.id, new.id]

    def _way(self, before: str, after: str) -> str:
        """By the order of the other version's list."""
        places = self.other.urgency
        if before not in places:
            return ASIDE
        if before == after:
            return ""
        return MORE if places[after] < places[before] else LESS

    def _rate(self, own: RuleSet, row: _Row) -> None:
        agreement, decision, n = self.result.agreement, DECISIONS[row.decision], row.cases
        agreement.decided += n
        before = agreeing_decision(own, _Way(own.dispositions[row.before].id, row.approach_before))
        after = agreeing_decision(self.other, _Way(self.other.dispositions[row.after].id, row.approach_after))
        agreement.rated_before += n * (before is not None)
        agreement.rated_after += n * (after is not None)
        agreement.agreed_before += n * (before == decision)
        agreement.agreed_after += n * (after == decision)

    def _name_cases(self, own: RuleSet) -> None:
        for before, after, keys in self._all(_MOVED.format(self._pairs(own, {MORE, LESS, ASIDE}))):
            move = self._move(own, before, after)
            move.referrals += self.table.referrals_of(keys[: LISTED - len(move.referrals)])
        [(keys,)] = self._all(_NOT_JUDGED)
        self.result.not_judged += self.table.referrals_of((keys or [])[: LISTED - len(self.result.not_judged)])

    def _name_rules(self, own: RuleSet, source: str) -> None:
        """More urgent: the rules that give the new disposition. Less urgent: those that gave the old one."""
        for way, ruleset in ((MORE, self.other), (LESS, own)):
            # A table of its own: with a subquery in it, the plan of the statement takes minutes to make.
            self._run(_MOVING.format(KEY, source, self._pairs(own, {way})))
            if not self._all("FROM moving LIMIT 1"):
                continue
            [counts] = self._all(leading(ruleset, self.table.layout, "moving"))
            for rule, number in zip(ruleset.rules, counts, strict=False):
                if number:
                    self.rules[rule.id][way] += number
                    self.titles[rule.id] = rule.title

    def _pairs(self, own: RuleSet, ways: set[str]) -> str:
        """The SQL of: it moves in one of these ways."""
        pairs = (
            f"before = {old} AND after = {new}"
            for old, before in enumerate(own.dispositions)
            for new, after in enumerate(self.other.dispositions)
            if self._way(before.id, after.id) in ways
        )
        return f"({' OR '.join(pairs) or 'FALSE'})"

    def _run(self, sql: str) -> None:
        self.table.connection.execute(sql)

    def _all(self, sql: str) -> list[Any]:
        return self.table.connection.execute(sql).fetchall()


_COUNTS = """
SELECT before, after, hours_before, hours_after, not_judged,
    before = stored_place AND hours_before = stored_hours, decision,
    CASE WHEN decision > 0 THEN approach_before END, CASE WHEN decision > 0 THEN approach_after END, COUNT(*)
FROM effect GROUP BY ALL ORDER BY ALL"""
_MOVED = (
    f"SELECT before, after, MIN({KEY}, {LISTED}) FROM effect WHERE NOT not_judged AND {{}} GROUP BY ALL ORDER BY ALL"
)
_MOVING = """
CREATE OR REPLACE TEMPORARY TABLE moving AS
SELECT stored.* FROM {1} AS stored JOIN effect USING ({0}) WHERE NOT not_judged AND {2}"""
_NOT_JUDGED = f"SELECT MIN({KEY}, {LISTED}) FROM effect WHERE not_judged"
