"""What somebody typed into a form that could not be saved, to be copied by them."""

from __future__ import annotations

from django.http import QueryDict

_NOT_TYPED = ("csrfmiddlewaretoken", "seen", "expected", "next", "post")


def typed(sent: QueryDict) -> list[tuple[str, str]]:
    """Each box with its words: nothing that no person typed, and no password."""
    return [
        (name.replace("_", " "), words)
        for name, values in sent.lists()
        for words in values
        if words.strip()
        and name not in _NOT_TYPED
        and "password" not in name
        and not name.startswith(("_", "initial-"))
    ]
