"""One tree, two spellings: XML, and JSON as the Spark convention makes it of that XML.

A tree is None, a text, a number, a boolean, a dict of trees or a list of them. An element with repeated children is a list, also
with one child or none; the root of a list is a bare array in JSON. None is null, and an empty element.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

import orjson

CHILD = {
    "services": "service", "service_requests": "request", "attributes": "attribute", "values": "value", "errors": "error",
    "endpoints": "endpoint", "formats": "format", "notes": "note", "photos": "photo",
    "service_request_updates": "request_update",
}  # fmt: skip
"""What the children of an element are called, where they repeat."""
KINDS = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
# What XML 1.0 cannot hold, not even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def spelled(root: str, tree: Any, kind: str) -> bytes:
    """The tree under an element `root`, as "xml" or "json"."""
    return orjson.dumps(tree) if kind == "json" else f"{_DECLARATION}{_element(root, tree)}\n".encode()


def _element(name: str, value: Any) -> str:
    if isinstance(value, dict):
        inner = "".join(_element(child, part) for child, part in value.items())
    elif isinstance(value, list):
        inner = "".join(_element(CHILD[name], part) for part in value)
    else:
        inner = _text(value)
    return f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(_UNWRITABLE.sub("", str(value)), quote=False)
