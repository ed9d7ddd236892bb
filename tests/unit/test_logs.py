"""The log never holds a private link, a query string, or what an exception quotes."""

import logging
import sys

import pytest

from screening.logs import Scrub, WithoutMessages, scrub

TOKEN = "qR7-x_Zk31mPd0aBvN9wEy"  # as long as a private link's


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (f'"GET /northfield/r/{TOKEN}/ HTTP/1.1" 200', '"GET /northfield/r/(token)/ HTTP/1.1" 200'),
        ("/review/?q=Jo+Example&page=2", "/review/?(query)"),
        ("Not Found: /s/84dac278-2a28-497f-a8c7-36fb61c3e8d4/", "Not Found: /s/(token)/"),
        ("django.template.base: /account/password/reset/", "django.template.base: /account/password/reset/"),
    ],
)
def test_scrub(line, kept):
    assert scrub(line) == kept


def test_arguments_of_a_record_are_scrubbed_too():
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s: %s", ("Not Found", f"/r/{TOKEN}/"), None)
    Scrub().filter(record)
    assert record.getMessage() == "Not Found: /r/(token)/"


def test_exceptions_are_logged_by_place_and_type():
    try:
        int("Jo Example, born 1981")
    except ValueError:
        text = WithoutMessages().formatException(sys.exc_info())
    assert text.endswith("ValueError")
    assert "Jo" not in text.replace('int("Jo Example, born 1981")', "")
