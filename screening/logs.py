"""Keeps the log free of what patients and staff wrote, and of private links."""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

QUERY = re.compile(r"\?[^\s\"'>]*")
# Private links (22 letters) and submission ids; words of our own addresses are shorter.
TOKEN = re.compile(r"(?<![\w-])(?=[\w-]*[\d_A-Z])[\w-]{20,}")


def scrub(line: str) -> str:
    """The line without query strings and without anything that looks like a private link's token."""
    return TOKEN.sub("(token)", QUERY.sub("?(query)", line))


class Scrub(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = scrub(record.getMessage()), ()
        return True


class WithoutMessages(logging.Formatter):
    """Tracebacks by place and type only: the message of an exception may quote an answer or a name."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 (logging's name)
        kind, _, trace = ei
        return "".join(traceback.format_tb(trace)) + kind.__name__
