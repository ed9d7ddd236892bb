"""What holds for every possible case: each claim about a rule set is proved, or broken by a case that people can read.

A rule set becomes formulas (`asked`, `encode`, `deciding`) over what can be stored for each question (`stored`): an
answer, don't know, something invalid, nothing, whether the question turns out to be shown or not. A claim becomes a
search for what would break it (`properties`, `pairs`) or bear it out (`analyses`), and z3 (`solve`, loaded only when
something is asked) finds it or shows that there is none. Every case found is put to the reference; "holds" is said only
of a search that was finished.

What a proof takes for granted:

- *Nothing is pending*: claims are about whole responses, as when the answers are sent.
- *Arithmetic is exact*, on answers that are multiples of their decimals. Where rounding to 6 decimals or doubles could
  turn a comparison round (within about 1e-12 of the size of the numbers, or for numbers beyond 1e8), the test may be
  either: more cases than there are, so a claim may then be "not proved", never wrongly "holds". Not covered: doubles
  that overflow, and division by the difference of nearly equal numbers.
- *Products and quotients* of answers are unknown numbers at first (more cases than there are), spelt out only where
  that does not settle it; a quantity with more than 64 ways to come about stays an unknown number.
- *`alarm_withdrawn`* is an answer like others, yes or absent, whatever the history: the step that sets it depends on
  what was answered before, of which anything is possible. So a claim about one case holds for every history.
- *Two cases* (`monotone`, `irrelevant`) are equal in everything but what the claim names, in stored answers that are
  hidden in one of them too, and in whether an alarm counts as withdrawn: they are not about taking answers back.
- *The order of rules and answers* (`order_free`) cannot matter by construction and is not searched for.
"""

from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from screening.interpreters.prove.report import Counterexample, Report, Result
from screening.interpreters.prove.run import Progress, Run
from screening.interpreters.prove.version import prover
from screening.rules.ruleset import Property, RuleSet

__all__ = ["Counterexample", "Report", "Result", "prove", "prover"]


def prove(
    ruleset: RuleSet,
    *,
    properties: Iterable[Property] | None = None,
    analyses: bool = True,
    timeout_s: float = 10.0,
    total_s: float = 120.0,
    cache: MutableMapping[str, Any] | None = None,
    bases: Mapping[str, Mapping[str, Any]] | None = None,
    progress: Progress = lambda done, of: None,
) -> Report:
    """Settle the properties of a checked rule set, or those given, and the claims made of every rule set.

    `timeout_s` for each claim and `total_s` for all: what is not finished by then is not proved. `cache` holds plain
    data under keys of content, so it may be shared by all rule sets and kept for ever; with it, after an edit only
    what the edit can affect is proved again. `bases` are known cases by name, such as the profiles of the vignettes:
    counterexamples stay as near to one of them as can be. What `progress` raises ends it.
    """
    run = Run(
        ruleset,
        ruleset.properties if properties is None else tuple(properties),
        timeout_s=timeout_s,
        total_s=total_s,
        cache={} if cache is None else cache,
        bases=bases or {},
        progress=progress,
    )
    return run.report(analyses=analyses)
