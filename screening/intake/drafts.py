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
    request.session[_key(name)] = encrypt(data.urlencode(), place=PLACE)


def kept(request: HttpRequest, name: str) -> QueryDict:
    """An empty one where nothing was kept, or a key has changed since."""
    try:
        return QueryDict(decrypt(request.session.get(_key(name), ""), place=PLACE))
    except DecryptionError:
        return QueryDict()


def drop(request: HttpRequest, name: str) -> None:
    request.session.pop(_key(name), None)


def _key(name: str) -> str:
    return f"intake_draft_{name}"
