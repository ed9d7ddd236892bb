"""Reading and sending the admin's pages as a browser without JavaScript does."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse


class _Fields(HTMLParser):
    """What a browser would send of a page's forms, by form id."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, list[tuple[str, str]]] = {}
        self.form: list[tuple[str, str]] | None = None
        self.textarea = self.select = ""
        self.text = ""
        self.chosen: list[str] = []
        self.first: str | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        attr = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = self.forms.setdefault(attr.get("id", f"form-{len(self.forms)}"), [])
        if self.form is None:
            return
        if tag == "textarea":
            self.textarea, self.text = attr.get("name", ""), ""
        elif tag == "select":
            self.select, self.chosen, self.first = attr.get("name", ""), [], None
        elif tag == "option":
            self.first = attr.get("value", "") if self.first is None else self.first
            self.chosen += [attr.get("value", "")] if "selected" in attr else []
        elif tag == "input":
            self._input(attr)

    def _input(self, attr: dict[str, str]) -> None:
        kind = attr.get("type", "text")
        if not attr.get("name") or kind in ("submit", "button", "file") or self.form is None:
            return
        if kind not in ("checkbox", "radio") or "checked" in attr:
            self.form.append((attr["name"], attr.get("value", "on" if kind == "checkbox" else "")))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if self.form is None:
            return
        if tag == "textarea":
            # A browser leaves out the first line end, and sends the others as two characters.
            self.form.append((self.textarea, self.text.removeprefix("\n").replace("\n", "\r\n")))
        elif tag == "select":
            self.form.extend((self.select, value) for value in self.chosen or [self.first or ""])
        elif tag == "form":
            self.form = None


def fields_of(page: str, form_id: str) -> dict[str, list[str]]:
    """What the form of that id would send, untouched."""
    reader = _Fields()
    reader.feed(page)
    sent: dict[str, list[str]] = {}
    for name, value in reader.forms[form_id]:
        sent.setdefault(name, []).append(value)
    return sent


def address(row: Any, page: str = "change") -> str:
    return reverse(f"admin:screening_{row._meta.model_name}_{page}", args=[row.pk])


def filled_in(client: Client, url: str, form_id: str, **changes: Any) -> dict[str, Any]:
    """The form as it stands on the page, with some fields typed anew."""
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return {**fields_of(response.content.decode(), form_id), **changes}


def save(client: Client, row: Any, **changes: Any) -> Any:
    """Open a row, change some fields, press save."""
    url = address(row)
    return client.post(url, filled_in(client, url, f"{row._meta.model_name}_form", **changes))


def errors_at(page: str, field: str) -> str:
    """The words of the errors of one field."""
    found = re.search(rf'<ul class="errorlist" id="id_{field}_error">(.*?)</ul>', page, re.DOTALL)
    return html.unescape(" ".join(re.sub(r"<[^>]+>", "", found.group(1)).split())) if found else ""


def error_of(client: Client, row: Any, field: str, **changes: Any) -> str:
    """The words under a field after trying to save changes."""
    return errors_at(save(client, row, **changes).content.decode(), field)


def text_of(response: Any) -> str:
    """The words of a page."""
    page = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))
