"""What can go wrong that a person is told about. The message is for people; views show it as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime


class ScreeningError(Exception):
    """Anything the program refuses, said in words that blame nobody."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(ScreeningError):
    """This person may not do this, or not now."""


class NotOffered(ScreeningError):
    """The clinic does not offer this questionnaire, or it is suspended."""


class AlreadySubmitted(ScreeningError):
    """The answers were sent: the patient may not change them here any more."""


class UnknownQuestion(ScreeningError):
    """An answer to a question that this rule set does not ask this person."""


class Conflict(ScreeningError):
    """Somebody changed the referral first. `who` is a name for people, `what` a phrase like "claimed it"."""

    def __init__(self, message: str, *, who: str = "", what: str = "", when: datetime | None = None) -> None:
        super().__init__(message)
        self.who = who
        self.what = what
        self.when = when


class QuestionsChanged(ScreeningError):
    """The answers belong to another version than the one they were given to: look at what is asked now."""

    def __init__(self) -> None:
        super().__init__("The clinic has changed these questions since you began. Please answer them again.")


class FieldErrors(ScreeningError):
    """Something typed cannot be right. `fields`: name of the field → what to do about it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class TooManyTries(ScreeningError):
    """Somebody was wrong too often: until then not even the right one is taken."""

    def __init__(self, until: datetime) -> None:
        super().__init__("There were too many tries. Please try again later.")
        self.until = until


class DecryptionError(Exception):
    """Stored text cannot be read: wrong key, another column's text, or tampered with. Never for people."""


class TamperedVersion(Exception):
    """A stored rule set is not the one that was published. Never for people: nothing may be decided with it."""


class FrozenRecord(Exception):
    """A bug: code tried to change or delete what is kept as it was written."""
