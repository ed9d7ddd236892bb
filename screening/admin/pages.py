"""The small forms of a pathway's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.files.uploadedfile import UploadedFile

from screening.admin.fields import AS_TYPED
from screening.rulesets.reading import MAX_BYTES


class ImportForm(forms.Form):
    """A document as a file or as text; test patients as a file."""

    file = forms.FileField(required=False, label="File with the rule set (YAML or JSON)")
    text = forms.CharField(
        required=False, strip=False, label="or its text", widget=forms.Textarea({"rows": 10, **AS_TYPED})
    )
    vignettes_file = forms.FileField(
        required=False, label="File with test patients", help_text="None: those of the draft stay."
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned.get("file") or cleaned.get("text", "").strip()):
            self.add_error("file", "Choose a file, or paste the text.")
        return cleaned

    def document(self) -> bytes | str:
        file = self.cleaned_data.get("file")
        return _read(file) if file else self.cleaned_data["text"]

    def vignettes(self) -> bytes:
        file = self.cleaned_data.get("vignettes_file")
        return _read(file) if file else b""


def _read(file: UploadedFile) -> bytes:
    # One byte more than is allowed, so that what is too long is refused as such and never read whole.
    file.seek(0)
    return bytes(file.read(MAX_BYTES + 1))


class PublishForm(forms.Form):
    """Why, and exactly what: the hashes of what the page showed."""

    reason = forms.CharField(
        label="Why is this version published?",
        help_text="Kept with the version for good: what changed in practice, who asked for it, on what evidence.",
        widget=AdminTextareaWidget({"rows": 4}),
        max_length=5_000,
        error_messages={"required": "Say why this version is published."},
    )
    expected = forms.CharField(required=False, widget=forms.HiddenInput)


class SignForm(forms.Form):
    """A signature: of exactly what, and what the signer wants to say."""

    prefix = "sign"
    comment = forms.CharField(
        required=False,
        label="Anything to say with it?",
        help_text="May stay empty. Kept with the version.",
        widget=AdminTextareaWidget({"rows": 2}),
        max_length=5_000,
    )
    expected = forms.CharField(widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """Which claim need not hold, of what, and why."""

    claim_id = forms.CharField(max_length=200)
    expected = forms.CharField(required=False)
    reason = forms.CharField(max_length=5_000, error_messages={"required": "Say why this claim need not hold."})


class SuspendForm(forms.Form):
    reason = forms.CharField(
        label="Why?",
        help_text="Kept in the history. About the rules, not about a patient.",
        widget=AdminTextareaWidget({"rows": 3}),
        max_length=2_000,
        error_messages={"required": "Say why."},
    )
