"""The kinds of value that an expression can have."""

from enum import Enum


class Kind(Enum):
    """The kind of value a node has; None stands for one that could not be told, about which nothing more is said."""

    TRUTH = "a condition"
    NUMBER = "a number"
    CODE = "a question with one answer"
    CODES = "a question with several answers"
    TEXT = "a text in quotes"
    UNUSABLE = "a date or free text"


KIND_OF_TYPE = {
    "yes_no": Kind.CODE,
    "single": Kind.CODE,
    "multiple": Kind.CODES,
    "number": Kind.NUMBER,
    "date": Kind.UNUSABLE,
    "text": Kind.UNUSABLE,
}
