"""How many examples a property is tried on: the same ones each time, or new ones with HYPOTHESIS_PROFILE=thorough."""

import os

from hypothesis import HealthCheck, settings

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
TIMES_AS_MANY = 100


def examples(count: int) -> settings:
    """So many examples, or a hundred times as many in the thorough profile."""
    return settings(
        max_examples=count * TIMES_AS_MANY if THOROUGH else count,
        derandomize=not THOROUGH,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
