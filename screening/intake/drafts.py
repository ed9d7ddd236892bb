"""What somebody typed into a form that could not be accepted, or not yet: kept with the session, so that a page can be
loaded again, left and come back to. It may name a person, so it is never stored in the clear.
"""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest, QueryDict

from screening.exceptions import DecryptionError
from screening.models.fields import decrypt, encrypt

PLACE = "session.draft"
LONGEST = 20_000


def keep(request: HttpRequest, name: str, fields: Collection[str]) -> None:
    """Keep these fields of what was sent."""
    data = QueryDict(mutable=True)
    for field in fields:
        data.setlist(field, [text[:LONGEST] for text in request.POST.getlist(field)])
    store(request, name, data)


def store(request: HttpRequest, name: str, data: QueryDict) -> None:
    """Keep this in place of what was kept under the name."""
    request.session[_key(name)] = encrypt(data.urlencode(), place=PLACE)


def kept(request: HttpRequest, name: str) -> QueryDict:
    """An empty one where nothing was kept, or a key has changed since."""
    try:
        return QueryDict(decrypt(request.session.get(_key(name), ""), place=PLACE))
    except DecryptionError:
        return QueryDict()


def is_kept(request: HttpRequest, name: str) -> bool:
    """Also where all that was sent was empty."""
    return _key(name) in request.session


def drop(request: HttpRequest, name: str) -> None:
    request.session.pop(_key(name), None)


def drop_all(request: HttpRequest, beginning: str = "intake_draft_") -> None:
    """Everything of the session whose name begins so: unless told otherwise, what belongs to the answers under way."""
    names = [*request.session.keys()]
    for name in names:
        if name.startswith(beginning):
            del request.session[name]


def put(request: HttpRequest, name: str, text: str) -> None:
    """Keep a text of our own, to be shown once."""
    request.session[_key(name)] = encrypt(text, place=PLACE)


def take(request: HttpRequest, name: str) -> str:
    """What was put there, for the only time; empty where nothing is."""
    try:
        return decrypt(request.session.pop(_key(name), ""), place=PLACE)
    except DecryptionError:
        return ""


def _key(name: str) -> str:
    return f"intake_draft_{name}"
