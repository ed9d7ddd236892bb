"""What would change it: the fewest answers of a case that, answered otherwise, lead to another disposition.

Only questions marked `modifiable`, only answers that are valid and possible in life, each result decided by the
reference. For surgeons and editors: no patient is ever told how to get another result.
"""

from screening.interpreters.whatif.records import Asked, Change, Towards, Way, WhatIf, towards
from screening.interpreters.whatif.search import what_if

__all__ = ["Asked", "Change", "Towards", "Way", "WhatIf", "towards", "what_if"]
