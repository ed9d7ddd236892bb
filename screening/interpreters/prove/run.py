"""Runs the claims of a rule set: asks the cache, the cases already seen, the solver; and says what came of each."""

import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from functools import cached_property, partial
from typing import Any

from screening.interpreters.prove.analyses import Analyses
from screening.interpreters.prove.choices import Choices
from screening.interpreters.prove.deciding import Deciding
from screening.interpreters.prove.encode import Encoding
from screening.interpreters.prove.formula import FALSE
from screening.interpreters.prove.keys import Keys
from screening.interpreters.prove.properties import Properties, conditions
from screening.interpreters.prove.reference import Answers, Reference, Seen
from screening.interpreters.prove.report import Entry, Report, Result, counterexample
from screening.interpreters.prove.rulepairs import RulePairs
from screening.interpreters.prove.search import Cases, Claim, Search, Solve, Survey, Unconfirmed, Undecided
from screening.interpreters.prove.smallest import Finder
from screening.interpreters.prove.version import prover, z3_version
from screening.rules.ruleset import Property, RuleSet

SIMPLIFIED = "the expressions themselves say so"
PROVED = "no possible case breaks it"
SEEN = "there is such a case"
NEVER = "no possible case does this"
LOOKED_AT = "each was looked at"
TOO_CLOSE = "the numbers come too close to a limit to tell"
TOO_DEEP = "the expressions stand too deep in each other"
UNCONFIRMED = "the proof found this case, and deciding it does not bear it out"

Progress = Callable[[int, int], None]
"""progress(done, of): before each claim"""


class Run:
    """One run over one rule set. `cache` is read and added to; the keys see to it that nothing stale is read."""

    def __init__(
        self,
        ruleset: RuleSet,
        properties: Sequence[Property],
        *,
        timeout_s: float,
        total_s: float,
        cache: MutableMapping[str, Any],
        bases: Mapping[str, Answers],
        progress: Progress,
    ) -> None:
        self.ruleset = ruleset
        self.progress = progress
        self.timeout_s = timeout_s
        self.started = time.monotonic()
        self.until = self.started + total_s
        self.cache = cache
        self.encoding = Encoding(ruleset)
        self.deciding = Deciding(self.encoding)
        self.reference = Reference(ruleset, conditions(properties))
        self.keys = Keys(self.encoding)
        self.finder = Finder(self.encoding, self.reference, bases, lambda *asked: self._solve(*asked))
        self._useful: set[int] = set()
        self.properties = [Properties(self.deciding, self.reference).claim(each) for each in properties]

    def report(self, *, analyses: bool) -> Report:
        """Every claim, settled."""
        work = [partial(self._settled, claim) for claim in self.properties]
        if analyses:
            work += [partial(self._settled, claim) for claim in Analyses(self.deciding, self.reference).claims()]
            work += [partial(self._survey, survey) for survey in self._surveys()]
        results: list[Result] = []
        for settle in work:
            self.progress(len(results), len(work))
            results.append(settle())
        if analyses:
            self.cache[self._witnesses] = [dict(self.seen[place].answers) for place in sorted(self._useful)]
        seconds = time.monotonic() - self.started
        return Report(self.ruleset.sha256, tuple(results), z3_version(), seconds, prover())

    def _result(self, claim: Claim | Survey, entry: Entry, started: float, cached: bool) -> Result:
        return Result(
            id=claim.id,
            kind=claim.kind,
            claim=claim.words,
            status=entry.status,
            reason=entry.reason,
            notes=entry.notes,
            counterexample=counterexample(self.reference, entry) if entry.cases else None,
            seconds=time.monotonic() - started,
            cached=cached,
        )

    @property
    def _deadline(self) -> float:
        return min(time.monotonic() + self.timeout_s, self.until)

    # -- claims

    def _settled(self, claim: Claim) -> Result:
        started = time.monotonic()
        try:
            entry, cached = self._entry(claim)
        except RecursionError:
            entry, cached = Entry("not_proved", TOO_DEEP), False
        return self._result(claim, entry, started, cached)

    def _entry(self, claim: Claim) -> tuple[Entry, bool]:
        """What came of a claim, and whether that was known before."""
        if claim.settled:
            return Entry("holds", claim.settled), False
        if claim.seen and self._is_seen(claim.seen):
            return Entry("holds", SEEN), False
        searches = [search for search in claim.searches() if search.formula != FALSE]
        if not searches:
            return Entry("fails", NEVER) if claim.seen else Entry("holds", SIMPLIFIED), False
        key = self.keys.of(claim.kind, [formula for search in searches for formula in search.formulas])
        if key in self.cache:
            return Entry.from_data(self.cache[key]), True
        entry = self._found(searches[0]) if claim.seen else self._never(searches)
        if entry.status in ("holds", "fails"):
            self.cache[key] = entry.to_data()
        return entry, False

    def _is_seen(self, seen: Callable[[Seen], bool]) -> bool:
        """Whether one of the cases decided so far bears this out; that case is kept for the next run."""
        place = next((place for place, case in enumerate(self.seen) if seen(case)), None)
        if place is not None:
            self._useful.add(place)
        return place is not None

    def _never(self, searches: Sequence[Search]) -> Entry:
        """Whether none of what is searched for can be."""
        deadline, doubt = self._deadline, None
        for search in searches:
            try:
                found = self.finder.smallest(search, deadline)
            except Undecided as error:
                doubt = Entry("not_proved", str(error))
            except Unconfirmed as error:
                doubt = self._unconfirmed(search, error.cases)
            else:
                if found:
                    return Entry("fails", "", found.cases, found.base, found.changed)
        return doubt or Entry("holds", PROVED)

    def _found(self, search: Search) -> Entry:
        """Whether what is searched for can be."""
        try:
            found = self.finder.some(search, self._deadline)
        except Undecided as error:
            return Entry("not_proved", str(error))
        except Unconfirmed as error:
            return self._unconfirmed(search, error.cases)
        if found is None:
            return Entry("fails", NEVER)
        self.seen.append(self.reference.see(found.cases[0]))
        self._useful.add(len(self.seen) - 1)
        return Entry("holds", SEEN)

    def _unconfirmed(self, search: Search, cases: Cases) -> Entry:
        if self.encoding.is_approximate(search.formula):
            return Entry("not_proved", TOO_CLOSE)
        return Entry("bug", UNCONFIRMED, cases)

    # -- choices and pairs of rules

    def _surveys(self) -> Iterator[Survey]:
        choices = Choices(self.deciding, self.reference)
        for question in self.ruleset.questions:
            if question.codes and question.audience != "system":
                yield choices.survey(question)
        yield from RulePairs(self.deciding, self.reference, self.seen).surveys()

    def _survey(self, survey: Survey) -> Result:
        started = time.monotonic()
        key = self.keys.of(survey.id + survey.labels, survey.formulas)
        cached = key in self.cache
        entry = Entry.from_data(self.cache[key]) if cached else self._looked(survey)
        if entry.status == "holds":
            self.cache[key] = entry.to_data()
        return self._result(survey, entry, started, cached)

    def _looked(self, survey: Survey) -> Entry:
        deadline = self._deadline
        try:
            return Entry("holds", LOOKED_AT, notes=tuple(survey.look(partial(self._find, deadline))))
        except Undecided as error:
            return Entry("not_proved", str(error))
        except Unconfirmed as error:
            return Entry("bug", UNCONFIRMED, error.cases)
        except RecursionError:
            return Entry("not_proved", TOO_DEEP)

    def _find(self, deadline: float, search: Search) -> Cases | None:
        key = self.keys.of("find", search.formulas)
        known = self.cache.get(key)
        if known is None or (known and not search.confirmed(known)):
            try:
                found = self.finder.some(search, deadline)
            except Unconfirmed as error:
                if self.encoding.is_approximate(search.formula):
                    raise Undecided(TOO_CLOSE) from error
                raise
            known = self.cache[key] = list(map(dict, found.cases)) if found else []
        return known or None

    # -- what is made only when it is needed

    @cached_property
    def _solve(self) -> Solve:
        from screening.interpreters.prove.solve import Solver

        solve: Solve = Solver(self.encoding).find
        return solve

    @property
    def _witnesses(self) -> str:
        return f"witnesses of {self.ruleset.id}"

    @cached_property
    def seen(self) -> list[Seen]:
        """Cases decided so far: those that bore out claims in an earlier run, decided again; the bases; this run's."""
        known = [*self.cache.get(self._witnesses, ()), *self.finder.bases.values()]
        return [self.reference.see(answers) for answers in known]
