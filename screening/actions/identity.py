"""Who a patient says they are, checked before it is stored. Nothing here writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from screening.exceptions import FieldErrors
from screening.models import Patient, Submission

# The question whose answer the date of birth must agree with, in rule sets that ask it.
AGE_QUESTION = "age_years"
# Near a birthday people give the age they are about to be, or still feel they are.
BIRTHDAY_TOLERANCE = timedelta(days=31)
OLDEST_AGE = 120
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Identity:
    name: str
    date_of_birth: date
    email: str
    phone: str
    contact_way: str


def check_identity(identity: Identity, submission: Submission, today: date) -> None:
    """Raises FieldErrors with what to do for each field that cannot be right."""
    errors = _contact_errors(identity)
    if not identity.name.strip():
        errors["name"] = _("Enter your name.")
    birth_error = _birth_error(identity.date_of_birth, submission, today)
    if birth_error:
        errors["date_of_birth"] = birth_error
    if errors:
        raise FieldErrors(errors)


def check_contact(identity: Identity) -> None:
    """Raises FieldErrors where they cannot be reached like this."""
    errors = _contact_errors(identity)
    if errors:
        raise FieldErrors(errors)


def looks_like_phone(text: str) -> bool:
    """At least five digits. Not stricter: refusing a right number costs more than taking a wrong one."""
    return len(re.findall(r"\d", text)) >= 5 and len(text) <= 40


def looks_like_email(text: str) -> bool:
    return bool(_EMAIL.fullmatch(text)) and len(text) <= 254


def age_on(day: date, date_of_birth: date) -> int:
    """Whole years."""
    return day.year - date_of_birth.year - ((day.month, day.day) < (date_of_birth.month, date_of_birth.day))


def _contact_errors(identity: Identity) -> dict[str, str]:
    way, errors = identity.contact_way, {}
    if way not in Patient.ContactWay.values:
        errors["contact_way"] = _("Choose how we may contact you.")
    if way == Patient.ContactWay.PHONE and not identity.phone.strip():
        errors["phone"] = _("Enter a telephone number, or choose e-mail.")
    if way == Patient.ContactWay.EMAIL and not identity.email.strip():
        errors["email"] = _("Enter an e-mail address, or choose telephone.")
    if not identity.phone.strip() and not identity.email.strip():
        errors.setdefault("phone", _("Enter a telephone number or an e-mail address, so that we can reach you."))
    if identity.phone.strip() and not looks_like_phone(identity.phone):
        errors["phone"] = _("Enter a telephone number with its digits, like 020 7946 0000.")
    if identity.email.strip() and not looks_like_email(identity.email.strip()):
        errors["email"] = _("Enter an e-mail address, like name@example.com.")
    return errors


def _birth_error(date_of_birth: date, submission: Submission, today: date) -> str | None:
    if not 0 <= age_on(today, date_of_birth) <= OLDEST_AGE:
        return _("Enter the year you were born with four digits, like 1980.")
    said = submission.answers.get(AGE_QUESTION)
    if not isinstance(said, int | float):
        return None
    answered_on = _answered_on(submission, today)
    youngest = age_on(answered_on - BIRTHDAY_TOLERANCE, date_of_birth)
    oldest = age_on(answered_on + BIRTHDAY_TOLERANCE, date_of_birth)
    if youngest <= said <= oldest:
        return None
    words = _(
        "This date of birth makes you %(age)s, and you answered that you are %(said)s. "
        "Change the one that is not right."
    )
    return words % {"age": age_on(today, date_of_birth), "said": f"{said:g}"}


def _answered_on(submission: Submission, today: date) -> date:
    """The day the age was answered, which may be long before the day it is sent."""
    steps = submission.revisions.order_by("-number").only("changes", "made_at")
    made_at = next((step.made_at for step in steps.iterator() if AGE_QUESTION in step.changes), None)
    return submission.site.local(made_at).date() if made_at else today
