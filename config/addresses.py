"""The public address that links in e-mails begin with."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def web_address(text: str, *, insecure: bool) -> str:
    """The address as it is, or empty. Raises ImproperlyConfigured unless it is https:// and a host, nothing more."""
    try:
        parts = urlsplit(text)
        bare = f"{parts.scheme}://{parts.netloc}" == text and bool(parts.hostname) and "@" not in parts.netloc
        usable = bare and parts.scheme in ({"http", "https"} if insecure else {"https"})
    except ValueError:
        usable = False
    if text and not usable:
        raise ImproperlyConfigured("PUBLIC_URL must be like https://clinic.example, with nothing behind the name.")
    return text
