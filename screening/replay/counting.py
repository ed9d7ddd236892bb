"""What changes: every case decided twice and counted, in SQL. The result is plain data, kept with the job."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from screening.agreement import agreeing_decision
from screening.interpreters.sql.columns import KEY
from screening.interpreters.sql.effects import Effect, effect, unasked, way
from screening.replay.cases import DECISIONS, LABELS, Versions
from screening.replay.table import Table
from screening.rules.ruleset import RuleSet

LISTED = 100
"""so many cases of each move are named"""


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
    """Cases that are alike in all that is counted."""

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
    first: list[int] | None
    """the least keys of those that move or are not judged"""
    bits: tuple[int, ...]
    """the numbers of `Effect.gives` and `Effect.gave`"""


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
        self.keys: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self.not_judged: list[int] = []
        self.rules: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.titles: dict[str, str] = {}

    def by_version(self) -> list[tuple[int, int]]:
        return self._all(f"SELECT version, COUNT(*) FROM {self.table.cases} GROUP BY version ORDER BY version")

    def one_version(self, number: int, cases: int) -> None:
        """The cases of one version; what is counted adds up."""
        own = self.rulesets[number]
        self.result.versions[str(number)] = cases
        source = f"(SELECT * FROM {self.table.cases} WHERE version = {number})"
        beside = effect(own, self.other, self.table.layout, source, LABELS)
        self.titles |= {rule.id: rule.title for rule in (*own.rules, *self.other.rules)}
        for counted in self._all(_counts(own, self.other, beside)):
            row = _Row(*counted[: len(_Row._fields) - 1], counted[len(_Row._fields) - 1 :])
            self._add(own, row)
            if row.first is not None:
                self._keep(own, row, beside)
        new = {each.id: each.text for each in self.other.questions if each.id in unasked(own, self.other)}
        self.result.unasked |= new

    def finished(self) -> Result:
        result, referrals_of = self.result, self.table.referrals_of
        for pair, keys in self.keys.items():
            self.moves[pair].referrals = referrals_of(sorted(keys)[:LISTED])
        result.not_judged = referrals_of(sorted(self.not_judged)[:LISTED])
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
        move = self._move(own, row)
        move.cases += row.cases
        self._count_way(move, row)
        if row.decision:
            self._rate(own, row)

    def _count_way(self, move: Move, row: _Row) -> None:
        result, n = self.result, row.cases
        stays = move.before == move.after
        if not stays:
            result.changed += n
            result.more_urgent += n * (move.way == "more")
            result.less_urgent += n * (move.way == "less")
            result.aside += n * (move.way == "aside")
        result.shorter += n * (row.hours_after < row.hours_before)
        result.longer += n * (row.hours_after > row.hours_before)
        result.shorter_alone += n * (stays and row.hours_after < row.hours_before)
        result.longer_alone += n * (stays and row.hours_after > row.hours_before)

    def _move(self, own: RuleSet, row: _Row) -> Move:
        old, new = own.dispositions[row.before], self.other.dispositions[row.after]
        if (old.id, new.id) not in self.moves:
            which = way(old.id, new.id, self.other.urgency)
            self.moves[old.id, new.id] = Move(old.id, new.id, old.label, new.label, row.before, row.after, which)
        return self.moves[old.id, new.id]

    def _rate(self, own: RuleSet, row: _Row) -> None:
        agreement, decision, n = self.result.agreement, DECISIONS[row.decision], row.cases
        agreement.decided += n
        before = agreeing_decision(own, _Way(own.dispositions[row.before].id, row.approach_before))
        after = agreeing_decision(self.other, _Way(self.other.dispositions[row.after].id, row.approach_after))
        agreement.rated_before += n * (before is not None)
        agreement.rated_after += n * (after is not None)
        agreement.agreed_before += n * (before == decision)
        agreement.agreed_after += n * (after == decision)

    def _keep(self, own: RuleSet, row: _Row, beside: Effect) -> None:
        """Which cases these are, and which rules moved them."""
        keys = row.first or []
        if row.not_judged:
            self.not_judged += keys
            return
        move = self._move(own, row)
        self.keys[move.before, move.after] += keys
        gives, gave = row.bits[: len(beside.gives)], row.bits[len(beside.gives) :]
        self._count_rules(beside.gives, gives, "more", row.cases)
        self._count_rules(beside.gave, gave, "less", row.cases)

    def _count_rules(self, rules: Mapping[str, Sequence[str]], numbers: Sequence[int], which: str, cases: int) -> None:
        for word, number in zip(rules.values(), numbers, strict=True):
            for bit, rule in enumerate(word):
                if number >> bit & 1:
                    self.rules[rule][which] += cases

    def _all(self, sql: str) -> list[Any]:
        return self.table.connection.execute(sql).fetchall()


def _counts(own: RuleSet, other: RuleSet, beside: Effect) -> str:
    """The SQL of one pass over the cases: how many are alike, and the first of those that move or are not judged."""
    bits = ", ".join([*beside.gives, *beside.gave])
    return f"""
SELECT before, after, hours_before, hours_after, not_judged,
    before = stored_place AND hours_before = stored_hours AS same, decision,
    CASE WHEN decision > 0 THEN approach_before END, CASE WHEN decision > 0 THEN approach_after END, COUNT(*),
    MIN({KEY}, {LISTED}) FILTER (WHERE not_judged OR NOT ({_stays(own, other)})), {bits}
FROM ({beside.sql}) GROUP BY ALL ORDER BY ALL"""


def _stays(own: RuleSet, other: RuleSet) -> str:
    """The SQL of: the disposition is the same."""
    same = [
        f"before = {place} AND after = {other.urgency[one.id]}"
        for place, one in enumerate(own.dispositions)
        if one.id in other.urgency
    ]
    return " OR ".join(same) or "FALSE"
