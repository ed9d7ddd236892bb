"""The shape of each key, and the made-up keys of a demo or a test run."""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

FIXED = {
    "SECRET_KEY": "not-a-secret-only-for-tests-" + "0" * 40,
    "LINK_KEY": base64.b64encode(b"link-key-only-for-tests-00000000").decode(),
    "FIELD_ENCRYPTION_KEYS": "test:" + base64.b64encode(b"field-key-only-for-tests-0000000").decode(),
}


def new_key() -> str:
    """32 random bytes as base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def demo_keys(folder: Path, *, fixed: bool) -> dict[str, str]:
    """The same keys for every test run; for a demo, made once and kept in `folder`, so that its cases stay readable."""
    if fixed:
        return dict(FIXED)
    path = folder / "demo-keys.json"
    if not path.exists():
        _write_once(
            path, {"SECRET_KEY": new_key(), "LINK_KEY": new_key(), "FIELD_ENCRYPTION_KEYS": f"demo:{new_key()}"}
        )
    return json.loads(path.read_text(encoding="utf-8"))


def _write_once(path: Path, keys: dict[str, str]) -> None:
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(keys), encoding="utf-8")
    # Two processes may start at once: link() keeps the first file and refuses the second.
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def link_key(text: str) -> bytes:
    """The key that private links are made with: base64 of 32 bytes."""
    return _key_bytes("LINK_KEY", text)


def encryption_keys(text: str) -> dict[str, str]:
    """`id:base64,id:base64` → id → base64 of 32 bytes, in order; the first one writes, all of them read."""
    keys = dict(_key_pair(pair) for pair in text.split(","))
    if len(keys) != len(text.split(",")):
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS names a key twice.")
    return keys


def _key_pair(pair: str) -> tuple[str, str]:
    name, colon, key = pair.strip().partition(":")
    if not (name and colon):
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS must be written id:base64, several with commas between.")
    _key_bytes("FIELD_ENCRYPTION_KEYS", key)
    return name, key


def _key_bytes(name: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise ImproperlyConfigured(f"{name}: each key must be 32 bytes written as base64.")
    return key


if __name__ == "__main__":
    for line in (
        f"SECRET_KEY={secrets.token_urlsafe(50)}",
        f"LINK_KEY={new_key()}",
        f"FIELD_ENCRYPTION_KEYS=first:{new_key()}",
    ):
        print(line)  # noqa: T201
