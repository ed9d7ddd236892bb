"""A rule set as one SQL statement over many stored cases.

A `Layout` says how a pathway's cases stand in columns and an `Encoder` writes them so. `statement` decides each case,
`effect` says what a change of version does, `store` keeps cases in files. Heavy libraries are loaded when needed.
"""

from screening.interpreters.sql.columns import Column, Layout
from screening.interpreters.sql.effects import Effect, effect
from screening.interpreters.sql.encode import Encoder
from screening.interpreters.sql.running import Row, decide_all, result_rows
from screening.interpreters.sql.statements import Statement, statement

__all__ = [
    "Column",
    "Effect",
    "Encoder",
    "Layout",
    "Row",
    "Statement",
    "decide_all",
    "effect",
    "result_rows",
    "statement",
]
