"""Why a case came out as it did, in words: for each rule that fired, cannot be decided, or did not fire.

Everything is said from the rule set, the answers and a stored Outcome, never by evaluating again, so an assessment can
be explained years later exactly as it was made.
"""

from screening.interpreters.explain.explain import explain, why_not
from screening.interpreters.explain.records import Answer, Explanation, Reason, RuleExplanation, Source
from screening.interpreters.explain.text import explain_text, reason_line

__all__ = [
    "Answer",
    "Explanation",
    "Reason",
    "RuleExplanation",
    "Source",
    "explain",
    "explain_text",
    "reason_line",
    "why_not",
]
