"""Log lines as JSON: time, level, logger, message, request. No addresses of people, no coordinates, no bodies."""

from __future__ import annotations

import contextvars
import datetime
import json
import logging
import re
import traceback

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

_EMAIL = re.compile(r"[^\s@<>\"'(),;:=]+@[^\s@<>\"'(),;:=]+")
# PostgreSQL repeats the offending row: `Key (email)=(…) already exists`, `Failing row contains (…)`.
_ROW = re.compile(r"(?:\)=|contains )\(.*?\)(?=[ .,\n]|$)", re.DOTALL)
_COORDINATE = re.compile(r"-?\d{1,3}\.\d{3,}")
_TOKEN = re.compile(r"(?<=/)[^\s/]{40,}(?=/|\s|$)")
"""What stands between two slashes and is longer than a UUID: the signed word of a mailed link."""
MOST = 4_000


def scrub(text: str) -> str:
    """`text` without e-mail addresses, tokens of mailed links, database rows and coordinates, at most 4,000 characters."""
    text = _EMAIL.sub("[e-mail]", _ROW.sub("[row]", text[: 2 * MOST]))
    return _COORDINATE.sub("[number]", _TOKEN.sub("[token]", text))[:MOST]


class JsonFormatter(logging.Formatter):
    """One JSON object a line; line breaks of a message cannot begin a new one."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrub(record.getMessage()),
        }
        if identity := request_id.get():
            line["request"] = identity
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["error_message"] = scrub(str(record.exc_info[1]))
            frames = traceback.extract_tb(record.exc_info[2])
            line["stack"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-20:]]
        return json.dumps(line, ensure_ascii=False, default=str)
