"""Icons and disposition tags. A disposition is always icon + word + colour, never colour alone."""

from __future__ import annotations

from django import template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from heroicons.templatetags.heroicons import heroicon_mini

register = template.Library()

# The name templates use → the drawing. One place, so that one meaning has one picture.
ICONS = {
    "alarm": "bell-alert",
    "add": "plus",
    "back": "chevron-left",
    "change": "pencil",
    "check": "check",
    "clock": "clock",
    "conservative": "heart",
    "document": "document-text",
    "download": "arrow-down-tray",
    "emergency": "exclamation-triangle",
    "error": "exclamation-circle",
    "false": "minus",
    "info": "information-circle",
    "late": "exclamation-circle",
    "link": "link",
    "message": "chat-bubble-left-right",
    "miss": "magnifying-glass-circle",
    "more-info": "question-mark-circle",
    "next": "chevron-right",
    "none": "minus",
    "open": "clipboard-document-list",
    "other": "arrows-right-left",
    "people": "users",
    "person": "user",
    "phone": "phone",
    "print": "printer",
    "remove": "x-mark",
    "search": "magnifying-glass",
    "true": "check",
    "unknown": "question-mark-circle",
    "urgent": "clock",
    "visit": "building-office-2",
    "letter": "envelope",
    "video": "video-camera",
    "warning": "exclamation-triangle",
}

# Dispositions of shipped rule sets by what their id says; another rule set's fall back on urgency (look_of).
LOOKS = {
    "emergency_now": "emergency",
    "urgent_48h": "urgent",
    "urgent_2w": "urgent",
    "more_info": "more-info",
    "surgeon_open": "open",
    "surgeon_miss": "miss",
    "other_care": "other",
    "conservative_first": "conservative",
}


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """`{% icon "phone" %}`: decoration only (aria-hidden); the word stands beside it."""
    return SafeString(heroicon_mini(ICONS[name], size=size, **{"class": "icon", "aria_hidden": "true"}))


@register.filter
def look_of(disposition_id: str) -> str:
    """The part after `d-` of a disposition's class, which is also the name of its icon."""
    if disposition_id in LOOKS:
        return LOOKS[disposition_id]
    start = disposition_id.partition("_")[0]
    return start if start in ("emergency", "urgent", "conservative") else "other"


@register.inclusion_tag("_components/tag.html")
def disposition_tag(disposition: object) -> dict[str, str]:
    """`{% disposition_tag d %}`: d is a rules Disposition (staff label). Nothing for None."""
    identity = getattr(disposition, "id", "")
    return {"look": look_of(identity), "words": getattr(disposition, "label", "")} if identity else {}


@register.filter
def error_target(field: BoundField) -> str:
    """The id an error summary links to: the first choice of a group, or the field itself."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def as_control(field: BoundField) -> SafeString:
    """The field's widget in Bootstrap's class; no placeholder, since the label says it."""
    look = "form-select" if getattr(field.field.widget, "input_type", "") == "select" else "form-control"
    return field.as_widget(attrs={"class": look, "placeholder": ""})
