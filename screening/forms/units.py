"""Units and counts in words, and what people write for a unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

_NAMES: dict[str, str | Promise] = {
    "cm": gettext_lazy("centimetres"),
    "ft_in": gettext_lazy("feet and inches"),
    "kg": gettext_lazy("kilograms"),
    "lb": gettext_lazy("pounds"),
    "st_lb": gettext_lazy("stones and pounds"),
    "%": gettext_lazy("percent"),
    "minutes": gettext_lazy("minutes"),
    "hours": gettext_lazy("hours"),
    "days": gettext_lazy("days"),
    "weeks": gettext_lazy("weeks"),
    "months": gettext_lazy("months"),
    "years": gettext_lazy("years"),
    "degrees": gettext_lazy("degrees"),
    "out of 10": gettext_lazy("out of 10"),
}
_COUNTED: dict[str, Any] = {
    "minutes": ngettext_lazy("%(count)s minute", "%(count)s minutes", "plural"),
    "hours": ngettext_lazy("%(count)s hour", "%(count)s hours", "plural"),
    "days": ngettext_lazy("%(count)s day", "%(count)s days", "plural"),
    "weeks": ngettext_lazy("%(count)s week", "%(count)s weeks", "plural"),
    "months": ngettext_lazy("%(count)s month", "%(count)s months", "plural"),
    "years": ngettext_lazy("%(count)s year", "%(count)s years", "plural"),
}
_PAIRS: dict[str, str | Promise] = {
    "ft_in": gettext_lazy("%(first)s feet %(second)s inches"),
    "st_lb": gettext_lazy("%(first)s stones %(second)s pounds"),
}
# What people write for a unit beside its own name: in the languages of the interface, without accents. A part of a
# pair ("5 ft 11 in") counts as the pair.
_WRITTEN = {
    "cm": "cm cms centimetre centimetres centimeter centimeters centimetro centimetros",
    "m": "m metre metres meter meters mtr mts metro metros",
    "ft_in": "ft_in ft feet foot in inch inches pie pies pulgada pulgadas",
    "kg": "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes kilogramo kilogramos",
    "lb": "lb lbs pound pounds libra libras",
    "st_lb": "st_lb st stone stones lb lbs pound pounds",
    "%": "% percent",
    "mmol/mol": "mmol/mol mmol",
    "degrees": "° deg degs degree degrees grado grados",
    "minutes": "min mins minute minutes minuto minutos",
    "hours": "h hr hrs hour hours hora horas",
    "days": "d day days dia dias",
    "weeks": "w wk wks week weeks semana semanas sem",
    "months": "m mo mos mth mths month months mes meses",
    "years": "y yr yrs yo year years old ano anos",
}
ALSO = {"cm": {"m": 100.0}}
"""Units that no question names, though people write them: the question's own unit → theirs → how many of its own."""


def unit_words(unit: str | None) -> str:
    """A unit as people read it."""
    return str(_NAMES.get(unit or "", unit or ""))


def number_words(number: float) -> str:
    """1,500 or 2.5; in the language that is read, with its own marks."""
    decimals = len(f"{number:.6f}".rstrip("0").partition(".")[2])
    return str(number_format(f"{number:.{decimals}f}", decimal_pos=decimals, use_l10n=True, force_grouping=True))


def count_words(number: float, unit: str | None) -> str:
    """45 years, 1 week, 7 out of 10."""
    if counted := _COUNTED.get(unit or ""):
        return str(counted % {"count": number_words(number), "plural": 1 if number == 1 else 2})
    return f"{number_words(number)} {unit_words(unit)}".strip()


def pair_words(unit: str, parts: Sequence[str]) -> str:
    """5 feet 11 inches."""
    first, second = (*parts, "")[:2]
    return str(_PAIRS[unit]) % {"first": first or "0", "second": second or "0"}


def names_of(unit: str) -> frozenset[str]:
    """What may stand for a unit, in small letters without accents."""
    return frozenset([unit.lower(), *_WRITTEN.get(unit, "").split()])


def parts_of(unit: str) -> tuple[str, str]:
    """What the two numbers of a pair are."""
    return {"ft_in": (_("feet"), _("inches")), "st_lb": (_("stones"), _("pounds"))}[unit]
