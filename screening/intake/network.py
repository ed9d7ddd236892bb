"""Which address of the network asks: as a key to count tries by, never to be stored in the clear."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

IPV6_HOME = 64
"""One household or phone has a whole network of this size, and may use another address of it each time."""


def network_of(request: HttpRequest) -> str:
    """The same text for the same address. Behind a proxy the one that the proxy itself saw, or else none at all."""
    said = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        said = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2]
    try:
        address = ipaddress.ip_address(said.strip())
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_HOME), strict=False))
