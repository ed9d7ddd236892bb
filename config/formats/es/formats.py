"""Days, times and numbers in Spanish, in the order and with the marks that Django's own have."""

from django.conf.locale.es.formats import *  # noqa: F403

TIME_FORMAT = "H:i"
DATETIME_FORMAT = r"j \d\e F \d\e Y, H:i"
