"""The referral workflow as a document, from the one table that the program itself obeys."""

from collections.abc import Iterator

from screening.models import Referral
from screening.policies import TRANSITIONS, Transition

HEADING = """# The statuses of a referral

Made from `TRANSITIONS` in `screening/policies.py` by `make docs`; do not edit.

What is done to a referral, from which status, by whom. "Own" means only the surgeon who has the case, or a lead.
"""


def statuses() -> str:
    """Markdown: a state diagram and a table."""
    return "\n".join([HEADING, "```mermaid", "stateDiagram-v2", *_arrows(), "```", "", *_table(), ""])


def _arrows() -> Iterator[str]:
    yield "    [*] --> waiting"
    for action, move in TRANSITIONS.items():
        for status in _in_order(move):
            if move.to_status:
                yield f"    {status} --> {move.to_status}: {action}"


def _table() -> Iterator[str]:
    yield "| what | from | to | by | own |"
    yield "|---|---|---|---|---|"
    for action, move in TRANSITIONS.items():
        roles = ", ".join(sorted(str(role) for role in move.roles))
        yield (
            f"| {action} | {', '.join(_in_order(move))} | {move.to_status or '(stays)'} | {roles} "
            f"| {'own' if move.own_only else ''} |"
        )


def _in_order(move: Transition) -> list[str]:
    return [status for status in Referral.Status.values if status in move.from_statuses]
